"""Bodies of giving back outside a cancellation, and of spending credit."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from countermand.api.schemas.cancellations import ConsentBody, consent_of
from countermand.api.schemas.kinds import (
    MOST_LINES,
    Amount,
    Body,
    Instant,
    Number,
    Quantity,
    Reference,
    Text,
)
from countermand.refunds.actions import GiveBack, LineWish
from countermand.refusals import Refusal


class RefundLineBody(Body):
    """Of one line, so many units or an amount."""

    line: Reference
    quantity: Quantity | None = None
    amount: Amount | None = None


def _which(value: Any) -> str:
    return "~word" if value in ("all", "none") else "~amount"


Shipping = Annotated[
    Annotated[Literal["all", "none"], Tag("~word")] | Annotated[Amount, Tag("~amount")], Discriminator(_which)
]


class RefundsBody(Body):
    """What to give back; empty: all that is to give back. `amount` without lines is goodwill."""

    lines: Annotated[list[RefundLineBody], Field(max_length=MOST_LINES)] | None = None
    shipping: Shipping | None = None
    amount: Amount | None = None
    method: Literal["original", "store_credit", "gift_card", "manual"] | None = None
    reason: Text | None = None
    notify: bool | None = None
    consent: ConsentBody | None = None


class SettlementBody(Body):
    """When a refund by hand was paid, and what proves it."""

    at: Instant | None = None
    evidence: Text


class RedemptionBody(Body):
    """An amount of a credit, spent on an order."""

    amount: Amount
    order_number: Number


def wish_of(body: RefundsBody) -> GiveBack:
    """This will read a body as the wish that pages make too. Refuses `invalid_lines` for a list of none, which is
    not the same as no list (all that is owed), and `invalid_amount` for an amount of nothing."""
    if body.lines is not None and not body.lines:
        raise Refusal("invalid_lines", "one line at least; without `lines` all that is owed", field="lines")
    amounts = {"amount": body.amount} | {
        f"lines.{i}.amount": x.amount for i, x in enumerate(body.lines or ())
    }
    for at, amount in amounts.items():
        if amount is not None and not amount.strip("0."):
            raise Refusal("invalid_amount", "more than nothing", field=at)
    lines = None if body.lines is None else tuple(LineWish(x.line, x.quantity, x.amount) for x in body.lines)
    return GiveBack(
        lines=lines,
        shipping=body.shipping,
        amount=body.amount,
        method=body.method or "original",
        reason=body.reason or "",
        notify=body.notify is not False,
        consent=consent_of(body.consent),
    )
