"""Searches of the orders list that people keep under a name."""
