"""Payouts: what a merchant is due from the platform, what is taken back, and the commission, with its evidence."""
