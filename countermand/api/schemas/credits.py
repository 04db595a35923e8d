"""Bodies and answers about store credit and gift cards."""

from typing import Annotated

from countermand.api.schemas.answers import Answer
from countermand.api.schemas.kinds import Amount, Body, Currency, Text, upto


class CardBody(Body):
    """A gift card to make."""

    amount: Amount
    currency: Currency
    customer_email: Annotated[str, upto(254)] | None = None
    note: Text | None = None


class CreditAnswer(Answer):
    """Store credit or a gift card; `live` false: play money. Of its code only the last four letters are kept."""

    id: str
    customer_email: str
    kind: str
    last4: str
    currency: str
    live: bool
    amount: str
    balance: str
    created_at: str


class CreditList(Answer):
    """Credits, newest first."""

    items: list[CreditAnswer]
    next: str | None


class EntryAnswer(Answer):
    """A movement: given as a refund, spent on an order, or a card made."""

    amount: str
    refund: str | None
    order_number: str
    order_id: str | None
    note: str
    at: str
    by: str


class CreditWithEntries(CreditAnswer):
    """A credit with its movements."""

    entries: list[EntryAnswer]


class NewCard(Answer):
    """A gift card that was just made: the only answer that says its code."""

    id: str
    code: str
    amount: str
    currency: str
    live: bool


class LiabilityRow(Answer):
    """What was issued in a month, and what of it nobody has spent yet."""

    live: bool
    currency: str
    kind: str
    month: str
    credits: int
    issued: str
    spent: str
    open: str


class Liability(Answer):
    """What the shop owes in goods."""

    items: list[LiabilityRow]
