"""The body of a cancellation and of its preview (docs/api.md, Cancelling)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Discriminator, Field, Tag

from countermand.api.schemas.kinds import (
    MOST_LINES,
    Amount,
    Body,
    Instant,
    Named,
    Quantity,
    Reference,
    Text,
    Units,
    said_as,
    upto,
)
from countermand.cancellations.ask import Ask
from countermand.cancellations.may_cancel import INITIATORS
from countermand.reasons import REASONS
from countermand.refusals import Refusal


class CancelledLineBody(Body):
    """Units of one line."""

    line: Reference
    quantity: Quantity


class RestockedLineBody(Body):
    """How many of the cancelled units of one line go back on sale."""

    line: Reference
    quantity: Units


class ConsentBody(Body):
    """That the buyer agreed to be given back something else than money: what was said, when, by what way."""

    text: Text | None = None
    at: Instant | None = None
    via: Literal["page", "phone", "email"] | None = None


class RefundWishBody(Body):
    """What goes back of what was paid."""

    when: Literal["now", "later", "none"] | None = None
    method: Literal["original", "store_credit", "gift_card", "manual"] | None = None
    amount: Amount | None = None
    shipping: Literal["terms", "all", "none"] | None = None
    shipping_amount: Amount | None = None
    fee: Amount | None = None
    waiver: Text | None = None
    consent: ConsentBody | None = None


def _which(value: Any) -> str:
    return "~lines" if isinstance(value, list) else "~all"


Restock = Annotated[
    Annotated[bool, Tag("~all")]
    | Annotated[list[RestockedLineBody], Field(max_length=MOST_LINES), Tag("~lines")],
    Discriminator(_which),
]
UndoSeconds = Annotated[int, Field(ge=0, le=3600), Named("invalid_undo_seconds", "0 to 3600 seconds")]


class CancellationBody(Body):
    """A wish to call off units of an order; without `lines` everything that is still open."""

    lines: Annotated[list[CancelledLineBody], Field(max_length=MOST_LINES)] | None = None
    reason: Annotated[str, upto(64), said_as(REASONS)] | None = None
    initiated_by: Annotated[str, upto(16), said_as(INITIATORS)] | None = None
    request: Annotated[str, upto(64)] | None = None
    despite_request: bool | None = None
    refund: RefundWishBody | None = None
    restock: Restock | None = None
    notify: bool | None = None
    message: Text | None = None
    note: Text | None = None
    plan: Annotated[str, upto(100)] | None = None
    expected_refund: Amount | None = None
    undo_seconds: UndoSeconds | None = None


def ask_of(body: CancellationBody, *, role: str) -> Ask:
    """This will read a body as the wish that pages and files make too. Refuses `unknown_request`."""
    request_id = _request_id(body.request)
    refund = body.refund or _NO_REFUND_WISH
    restock = body.restock
    return Ask(
        reason=body.reason or "",
        lines=None if body.lines is None else tuple((one.line, one.quantity) for one in body.lines),
        initiated_by=body.initiated_by or ("buyer" if request_id else "merchant"),
        request_id=request_id,
        despite_request=bool(body.despite_request),
        when=refund.when or "now",
        method=refund.method or "original",
        amount=refund.amount,
        shipping=refund.shipping or "terms",
        shipping_amount=refund.shipping_amount,
        fee=refund.fee or "0",
        waiver=refund.waiver or "",
        consent=consent_of(refund.consent),
        restock=tuple((one.line, one.quantity) for one in restock) if isinstance(restock, list) else restock,
        notify=body.notify,
        message=body.message or "",
        note=body.note or "",
        plan=body.plan,
        expected_refund=body.expected_refund,
        undo_seconds=body.undo_seconds or 0,
        role=role,
    )


def _request_id(text: str | None) -> UUID | None:
    """The request that a cancellation answers; one that cannot be ours is none of this order's."""
    try:
        return UUID(text) if text is not None else None
    except ValueError:
        raise Refusal("unknown_request", "no such request", field="request") from None


def consent_of(body: ConsentBody | None) -> dict[str, Any] | None:
    """This will write a consent as it is kept."""
    if body is None:
        return None
    return {
        "text": (body.text or "").strip(),
        "at": body.at.isoformat() if body.at else "",
        "via": body.via or "",
    }


_NO_REFUND_WISH = RefundWishBody()
