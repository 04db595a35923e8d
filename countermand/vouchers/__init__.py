"""Vouchers: a code for a later purchase, issued, redeemed, expired."""
