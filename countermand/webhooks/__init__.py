"""Subscriptions of other programs to what happens here, and every delivery to them."""
