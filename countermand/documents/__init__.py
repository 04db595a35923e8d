"""Credit notes and refund receipts: gapless numbers, tax per rate, PDF (docs/decisions/0007)."""
