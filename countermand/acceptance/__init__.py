"""Acceptance: a sale waits for its merchant, who accepts it or refuses it, article by article, before a clock ends."""
