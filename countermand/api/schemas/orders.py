"""The body of an order as it comes in (docs/api.md, Orders)."""

from typing import Annotated, Any, Literal

from pydantic import Field

from countermand import money
from countermand.api.schemas.kinds import (
    MOST_LINES,
    Amount,
    Body,
    Currency,
    Day,
    Instant,
    Number,
    Quantity,
    Rate,
    Reference,
    Short,
    Sku,
    Text,
    said_as,
    upto,
)
from countermand.payments.reading import METHODS, PROVIDERS, STATES_IN

MOST_PARTS = 200
AMOUNTS = frozenset(
    ("amount", "captured_amount", "discount", "refunded", "tax_amount", "total", "unit_price")
)


class AddressBody(Body):
    """Where something goes."""

    name: Short | None = None
    line1: Short | None = None
    line2: Short | None = None
    postal_code: Annotated[str, upto(32)] | None = None
    city: Short | None = None
    region: Short | None = None
    country: Annotated[str, upto(64)] | None = None
    phone: Annotated[str, upto(64)] | None = None


class CustomerBody(Body):
    """Who bought."""

    name: Short | None = None
    email: Annotated[str, upto(254)] | None = None
    phone: Annotated[str, upto(64)] | None = None
    language: Annotated[str, upto(8)] | None = None


class OrderLineBody(Body):
    """Units of an article; `discount` is for the whole line."""

    reference: Reference | None = None
    sku: Sku
    title: Text | None = None
    quantity: Quantity
    unit_price: Amount
    tax_rate: Rate | None = None
    tax_amount: Amount | None = None
    discount: Amount | None = None


class DiscountBody(Body):
    """A discount on the order, spread by value over what it falls on."""

    title: Short | None = None
    amount: Amount
    target: Literal["lines", "shipping", "all"] | None = None


class ShippingBody(Body):
    """What carriage costs."""

    amount: Amount
    tax_rate: Rate | None = None
    tax_amount: Amount | None = None


class FeeBody(Body):
    """Something charged beside articles and carriage; `refundable` false: never given back."""

    title: Short | None = None
    amount: Amount
    tax_rate: Rate | None = None
    tax_amount: Amount | None = None
    refundable: bool | None = None


class PaymentBody(Body):
    """How an order was paid. `refunded` was given back elsewhere before it came in."""

    reference: Reference | None = None
    provider: Annotated[str, upto(32, least=1), said_as(PROVIDERS)]
    method: Annotated[str, upto(16), said_as(METHODS)] | None = None
    amount: Amount
    currency: Currency | None = None
    state: Annotated[str, upto(16, least=1), said_as(STATES_IN)]
    captured_amount: Amount | None = None
    refunded: Amount | None = None
    provider_reference: Annotated[str, upto(255)] | None = None
    last_digits: Annotated[str, upto(4)] | None = None


class ShippedLineBody(Body):
    """Units of one line in a parcel."""

    line: Reference
    quantity: Quantity


class FulfilmentBody(Body):
    """A parcel that has left."""

    reference: Reference | None = None
    shipped_at: Instant
    confirmed: bool | None = None
    carrier: Annotated[str, upto(100)] | None = None
    tracking: Short | None = None
    lines: Annotated[list[ShippedLineBody], Field(min_length=1, max_length=MOST_LINES)]


class RiskBody(Body):
    """What the shop thinks of an order's honesty."""

    level: Literal["low", "medium", "high"] | None = None
    signals: Annotated[list[Short], Field(max_length=50)] | None = None


class OrderBody(Body):
    """An order, once per channel and number."""

    channel: Annotated[str, upto(64, least=1)]
    number: Number
    placed_at: Instant
    ship_by: Day | None = None
    currency: Currency
    prices_include_tax: bool | None = None
    invoice_number: Annotated[str, upto(64)] | None = None
    customer: CustomerBody | None = None
    shipping_address: AddressBody | None = None
    billing_address: AddressBody | None = None
    lines: Annotated[list[OrderLineBody], Field(min_length=1, max_length=MOST_LINES)]
    discounts: Annotated[list[DiscountBody], Field(max_length=MOST_PARTS)] | None = None
    shipping: ShippingBody | None = None
    fees: Annotated[list[FeeBody], Field(max_length=MOST_PARTS)] | None = None
    total: Amount | None = None
    payments: Annotated[list[PaymentBody], Field(max_length=MOST_PARTS)] | None = None
    fulfilments: Annotated[list[FulfilmentBody], Field(max_length=MOST_LINES)] | None = None
    verification: Literal["pending", "verified"] | None = None
    accepted: bool | None = None
    risk: RiskBody | None = None


def content_of(body: OrderBody) -> dict[str, Any]:
    """This will hand an order on with its amounts written as its currency does: `4.9` again as `4.90` is the same order."""
    content = body.given()
    if body.currency in money.CURRENCIES:  # any other is refused where its meaning is judged
        _as_written(content, money.exponent(body.currency))
    return content


def _as_written(value: Any, places: int) -> None:
    for name, one in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(one, (dict, list)):
            _as_written(one, places)
        elif name == "tax_rate" and "." in one:
            value[name] = one.rstrip("0").rstrip(".")
        elif name in AMOUNTS and places:
            whole, _, decimals = one.partition(".")
            value[name] = f"{whole}.{decimals.ljust(places, '0')}"
