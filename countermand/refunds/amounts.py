"""What goes back and what it is for: targets in minor units, filled in a fixed order. Pure.

Source: api.md, Cancelling and Refunds; product.md, Rules of money.
"""

from dataclasses import dataclass
from uuid import UUID

from countermand.money import cumulative
from countermand.orders.facts import LineFacts, OrderFacts


@dataclass(slots=True)
class Target:
    """Something that money goes back for. `tax` is the tax inside `amount`."""

    target: str
    amount: int
    tax: int = 0
    line: LineFacts | None = None

    @property
    def line_id(self) -> UUID | None:
        return self.line.id if self.line else None


def line_tax(line: LineFacts, *, amount: int) -> int:
    """This will say how much tax goes back with the next `amount` of a line.

    Cumulative over what was given before, so that the sum never exceeds the tax charged.
    """
    if not line.tax or not line.total:
        return 0
    before = cumulative(line.tax, line.given, line.total)
    return cumulative(line.tax, line.given + amount, line.total) - before


def shipping_tax(order: OrderFacts, *, amount: int) -> int:
    """This will say how much tax goes back with the next `amount` of the shipping."""
    if not order.shipping_tax or not order.shipping:
        return 0
    before = cumulative(order.shipping_tax, order.shipping_given, order.shipping)
    return cumulative(order.shipping_tax, order.shipping_given + amount, order.shipping) - before


def take(targets: list[Target], amount: int) -> list[Target]:
    """This will take `amount` from the front of a list of targets; a target cut in two keeps its tax whole."""
    taken: list[Target] = []
    while amount and targets:
        first = targets[0]
        if first.amount <= amount:
            taken.append(targets.pop(0))
            amount -= first.amount
        else:
            tax = cumulative(first.tax, amount, first.amount)
            taken.append(Target(first.target, amount, tax, first.line))
            first.amount -= amount
            first.tax -= tax
            amount = 0
    return taken
