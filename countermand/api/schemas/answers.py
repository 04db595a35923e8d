"""What is answered, for the OpenAPI document. Answers are written by `overview`, not by these types:
a test holds the two against each other, field by field. Amounts are strings in major units.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """Fields may be added to an answer, never taken away."""

    model_config = ConfigDict(extra="allow")


class Fault(Answer):
    """What is wrong with one field."""

    field: str
    code: str
    detail: str


class ProblemAnswer(Answer):
    """A problem after RFC 9457. `code` is stable; `errors` name the fields."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[Fault]


class ChannelAnswer(Answer):
    """A place of sale."""

    id: str
    code: str
    name: str
    terms: str
    timezone: str
    mode: str
    overrides: dict[str, Any]
    revision: int
    suspended_from: str | None
    suspended_until: str | None


class ChannelList(Answer):
    """Places of sale."""

    items: list[ChannelAnswer]
    next: str | None


class TermAnswer(Answer):
    """A term that holds, and where it comes from; `preset` where a merchant changed it."""

    value: Any
    source: str
    preset: Any = None


class ParcelAnswer(Answer):
    """A parcel that left."""

    id: str
    order_id: str
    reference: str
    shipped_at: str
    confirmed: bool
    carrier: str
    tracking: str
    lines: list[dict[str, Any]]
    received_at: str | None


class BackOnSale(Answer):
    """Units of a line that went back on sale."""

    line: str
    sku: str
    quantity: int


class RestocksAnswer(Answer):
    """What went back on sale."""

    order_id: str
    restocked: list[BackOnSale]


class ContactAnswer(Answer):
    """A contact with the buyer."""

    id: str
    order_id: str
    by: str
    outcome: str
    note: str
    call_again_at: str | None
    who: str
    at: str


class NoteAnswer(Answer):
    """A note for staff."""

    id: str
    order_id: str
    text: str
    by: str
    at: str


class WordingAnswer(Answer):
    """A merchant's own words for a reason, in the merchant's language."""

    id: str
    label: str
    words: str


class ReasonAnswer(Answer):
    """A kind of reason, and what hangs on it."""

    code: str
    family: str
    restock: bool
    seller_caused: bool
    zero_stock: bool
    customer_wish: bool
    wordings: list[WordingAnswer]


class ReasonList(Answer):
    """The kinds of reason."""

    items: list[ReasonAnswer]
    next: str | None


class SubjectAnswer(Answer):
    """What an event is about."""

    type: str
    id: str | None


class EventAnswer(Answer):
    """Something that happened; its `id` is its place in the feed."""

    id: str
    at: str
    kind: str
    by: str
    order_id: str | None
    subject: SubjectAnswer
    facts: dict[str, Any]


class EventList(Answer):
    """The history in commit order."""

    items: list[EventAnswer]
    next: str | None


class AuditAnswer(Answer):
    """Whether every balance holds, and what does not."""

    holds: bool
    findings: list[dict[str, Any]]
    totals: dict[str, Any]


class SandboxRefundAnswer(Answer):
    """A refund as the sandbox provider made it."""

    id: str
    key: str
    amount: str


class SandboxPaymentAnswer(Answer):
    """What the sandbox provider believes of a payment."""

    currency: str
    amount: str
    captured: str
    voided: bool
    refunds: list[SandboxRefundAnswer]
    refunded: str
    calls: int


class MailAnswer(Answer):
    """A mail as it was sent."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    at: str | None
    kind: str
    order_id: str


class MailList(Answer):
    """Mails of channels in test mode, newest first."""

    items: list[MailAnswer]
    next: str | None


class BasketOrderAnswer(Answer):
    """One order of a basket."""

    merchant: str
    number: str
    order_id: str


class BasketAnswer(Answer):
    """A basket of several merchants' orders under one payment."""

    payment_id: str
    reference: str
    orders: list[BasketOrderAnswer]
