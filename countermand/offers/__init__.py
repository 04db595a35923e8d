"""Alternatives offered to a buyer, and what an accepted one sets off."""
