"""Verbs on an order that move units and words, but no money."""

from countermand.orders.actions.fulfil import Fulfilled, fulfil
from countermand.orders.actions.notes import add_note
from countermand.orders.actions.restock import restock

__all__ = ["Fulfilled", "add_note", "fulfil", "restock"]
