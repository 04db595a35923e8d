"""What an order's money amounts to: what the buyer keeps, what is owed, what state that is. Pure.

Source: docs/api.md, Orders (`to_give_back`, `due`), docs/money.md, Rules of money.
"""

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from countermand.orders.facts import LineFacts, OrderFacts
from countermand.orders.rules import status as status
from countermand.payments.facts import Ledger, ShareFacts


class HasMoney(Protocol):
    """Anything with an order's three sums of money that went."""

    @property
    def captured(self) -> int: ...
    @property
    def refunded(self) -> int: ...
    @property
    def in_flight(self) -> int: ...


class Money(NamedTuple):
    """The three sums alone, for an order that has no other facts yet."""

    captured: int
    refunded: int
    in_flight: int


def not_given(line: LineFacts) -> int:
    """This will say what the units gone from a line are worth beyond what was given back for it."""
    return max(0, line.gone_worth - line.given)


def kept(order: OrderFacts, lines: Iterable[LineFacts]) -> int:
    """This will say what the buyer keeps is worth: units, shipping and fees kept, a fee of the merchant's.

    A goodwill refund lowers it as a whole, never below 0.
    """
    worth = order.retained + order.shipping - max(order.shipping_released, order.shipping_given)
    worth += order.fees - max(order.fees_released, order.fees_given)
    for line in lines:
        worth += line.total - max(line.gone_worth, line.given)
    return max(0, worth - order.goodwill)


def owed(order: OrderFacts, kept_minor: int) -> int:
    """This will say what is to give back, given what the buyer keeps."""
    return max(0, order.captured - kept_minor - order.refunded - order.in_flight - order.waived)


def to_give_back(ledger: Ledger) -> int:
    """This will say what is still owed to the buyer and not on its way."""
    return owed(ledger.order, kept(ledger.order, ledger.lines))


def due(order: HasMoney, kept_minor: int) -> int:
    """This will say what the buyer still has to pay for what is kept."""
    return max(0, kept_minor - order.captured)


def payment_status(order: HasMoney, shares: Iterable[ShareFacts], kept_minor: int) -> str:
    """This will name the state of an order's money."""
    if order.in_flight:
        return "refund_pending"
    if not order.captured:
        states = {share.state for share in shares}
        if states & {"authorized", "capturing"}:
            return "authorized"
        return "voided" if "voided" in states and not states & {"pending"} else "unpaid"
    if order.refunded:
        return "refunded" if order.refunded >= order.captured else "partially_refunded"
    return "partially_paid" if due(order, kept_minor) else "paid"
