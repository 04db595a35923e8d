"""Bodies and answers about vouchers."""

from typing import Annotated

from countermand.api.schemas.answers import Answer
from countermand.api.schemas.kinds import Amount, Body, Currency, Day, Number, Reference, Short, upto


class VoucherBody(Body):
    """A code to be made: `value` is an amount in major units, or a whole per cent. With an order, for its buyer."""

    kind: Annotated[str, upto(16, least=1)]
    value: Annotated[str, upto(24, least=1)]
    currency: Currency | None = None
    expires_on: Day
    order_id: Reference | None = None
    customer_email: Annotated[str, upto(254)] | None = None
    note: Short | None = None


class VoucherRedemptionBody(Body):
    """The purchase that a code is spent on: its number, and its total before the code."""

    order_number: Number
    total: Amount


class VoucherAnswer(Answer):
    """A code for one later purchase. `state`: open, not_yet, expired, redeemed, withdrawn."""

    id: str
    code: str
    kind: str
    amount: str | None
    percent: int | None
    currency: str
    live: bool
    state: str
    customer_email: str
    order_id: str | None
    cancellation: str | None
    expires_on: str
    created_at: str
    by: str
    redeemed: str | None
    order_number: str | None
    settled_at: str | None


class VoucherList(Answer):
    """Vouchers, newest first."""

    items: list[VoucherAnswer]
    next: str | None


class VoucherRedeemedAnswer(Answer):
    """What a code takes off."""

    code: str
    taken_off: str
    currency: str
    order_number: str
    live: bool
