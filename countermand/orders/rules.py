"""What an order is called, judged from its units. Pure."""

from collections.abc import Iterable

from countermand.orders.facts import LineFacts

WAITING = ("pending", "awaiting_acceptance", "accepting")


def status(before: str, lines: Iterable[LineFacts]) -> str:
    """This will name the state of an order from its units; what waits for a decision keeps waiting."""
    quantity = cancelled = shipped = returned = 0
    for line in lines:
        quantity += line.quantity
        cancelled += line.cancelled
        shipped += line.shipped
        returned += line.returned
    if cancelled == quantity:
        return "refused" if before == "refused" else "cancelled"
    if cancelled + returned == quantity:
        return "closed"
    if shipped:
        return "partially_shipped" if quantity > cancelled + shipped else "shipped"
    return before if before in WAITING else "open"
