"""Threads: what buyer and merchant write to each other about an order, and what the terms allow to be written."""
