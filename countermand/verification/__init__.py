"""Verification: while the platform examines a payment the buyer is unknown and nothing may be done."""
