"""Payments of an order as plain facts, and the ledger that holds an order with all its money."""

from dataclasses import dataclass
from uuid import UUID

from countermand.channels.presets import Terms
from countermand.orders.facts import ChannelFacts, LineFacts, OrderFacts


@dataclass(slots=True)
class ShareFacts:
    """What of a payment belongs to this order. `partial`: its provider can give back a part.

    `reserved` is in flight or given back by us, `elsewhere` given back without us. Minor units.
    """

    id: UUID
    payment_id: UUID
    reference: str
    provider: str
    provider_reference: str | None
    method: str
    state: str
    amount: int
    captured: int
    reserved: int
    elsewhere: int
    payment_free: int  # of the whole payment: captured − reserved − elsewhere
    partial: bool

    @property
    def free(self) -> int:
        """This will say what can still be given back on it."""
        left = self.captured - self.reserved - self.elsewhere
        if left > self.payment_free:
            left = self.payment_free
        return left if left > 0 else 0


@dataclass(slots=True)
class Ledger:
    """An order with its lines, its payments and its channel's terms: all that a decision about money needs."""

    order: OrderFacts
    lines: list[LineFacts]
    shares: list[ShareFacts]
    channel: ChannelFacts
    terms: Terms
