"""What goes back and what it is for: targets in minor units, filled in a fixed order. Pure.

Source: docs/api.md, Cancelling and Refunds; docs/money.md, Rules of money.
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


def line_tax(line: LineFacts, amount: int) -> int:
    """This will say how much tax goes back with the next `amount` of a line.

    Cumulative over what was given before, less its tax: the sum never exceeds the tax charged, also
    where a refund before this one failed and took its own step out.
    """
    tax = line.tax
    if not tax or not line.total:
        return 0
    share = tax * (line.given + amount) // line.total - line.given_tax
    return share if share > 0 else 0


def shipping_tax(order: OrderFacts, *, amount: int) -> int:
    """This will say how much tax goes back with the next `amount` of the shipping."""
    if not order.shipping_tax or not order.shipping:
        return 0
    share = cumulative(order.shipping_tax, order.shipping_given + amount, order.shipping)
    return max(0, share - order.shipping_given_tax)


def take(targets: list[Target], amount: int) -> list[Target]:
    """This will take `amount` from the front of a list of targets; a target cut in two keeps its tax whole."""
    whole = 0
    for target in targets:
        if target.amount > amount:
            break
        amount -= target.amount
        whole += 1
    taken = targets[:whole]
    del targets[:whole]
    if amount and targets:
        cut = targets[0]
        tax = cumulative(cut.tax, amount, cut.amount)
        taken.append(Target(cut.target, amount, tax, cut.line))
        cut.amount -= amount
        cut.tax -= tax
    return taken
