"""Credit notes and refund receipts: gapless numbers, tax per rate, PDF."""
