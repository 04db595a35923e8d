"""Countermand: the cancellation and refund desk for people who sell online."""

__version__ = "0.1.0"
