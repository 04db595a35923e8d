"""An order and its lines as plain facts: what rules read, without a table in sight."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID


@dataclass(slots=True)
class LineFacts:
    """One line. Amounts in minor units. `tracked`: its item is kept with stock."""

    id: UUID
    reference: str
    position: int
    item_id: UUID
    sku: str
    title: str
    quantity: int
    tax_rate: int
    total: int
    tax: int
    cancelled: int
    shipped: int
    returned: int
    restocked: int
    given: int
    gone_worth: int  # what the units gone were worth, summed as they went
    gone_tax: int
    given_tax: int
    tracked: bool
    item_restock: bool | None

    @property
    def open(self) -> int:
        return self.quantity - self.cancelled - self.shipped

    @property
    def gone(self) -> int:
        """This will count the units that the buyer does not keep: cancelled or returned."""
        return self.cancelled + self.returned


@dataclass(frozen=True, slots=True)
class Requested:
    """A buyer's request that nobody has answered yet. `units`: line reference -> units, None for the whole order.

    `official`: asked by a route that the channel's terms recognise. `case_reference`, `case_at`: the customer
    service's case, where one was given. The rules over it are `orders.requested`.
    """

    id: UUID
    kind: str
    route: str
    official: bool
    units: Mapping[str, int] | None
    reason: str
    case_reference: str
    case_at: datetime | None
    asked_at: datetime


@dataclass(slots=True)
class OrderFacts:
    """One order under its channel. `released`: no longer kept by the buyer; `given`: given back or in flight."""

    id: UUID
    merchant_id: int
    number: str
    version: int
    status: str
    payment_status: str
    currency: str
    placed_at: datetime
    placed_on: date
    language: str
    email: str
    accepted: bool
    verification: str
    total: int
    shipping: int
    shipping_tax: int
    shipping_released: int
    shipping_given: int
    shipping_given_tax: int
    fees: int
    fees_refundable: int
    fees_released: int
    fees_given: int
    retained: int
    goodwill: int
    waived: int
    captured: int
    refunded: int
    in_flight: int
    counted: int  # cancellations that count in the rate and stand
    cancel_reason: str
    cancelled_at: datetime | None
    requests: tuple[Requested, ...] = ()


@dataclass(slots=True, frozen=True)
class ChannelFacts:
    """The channel that an order came from; its terms are read with `channels.presets.effective`."""

    id: UUID
    code: str
    preset: str
    overrides: str  # as JSON text, so that it can key a cache
    timezone: str
    mode: str
    revision: int
