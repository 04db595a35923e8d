"""Bodies and answers about messages between buyer and merchant."""

from typing import Annotated

from pydantic import Field

from countermand.api.schemas.answers import Answer
from countermand.api.schemas.kinds import Body, Instant, Number, Text, upto


class MessageBody(Body):
    """What is written to the buyer: `kind` is one that the channel's terms let pass (`message_kinds`).

    `reason`: why the order would be called off, where the message is about that.
    """

    kind: Annotated[str, upto(16, least=1)]
    text: Text
    reason: Annotated[str, upto(32)] | None = None


class InboundBody(Body):
    """What a channel hands over: the order's number there, what the buyer wrote, and when."""

    order: Number
    text: Annotated[str, upto(10_000)]
    at: Instant | None = None
    attachments: Annotated[list[Annotated[str, upto(100)]], Field(max_length=10)] | None = None


class MessageAnswer(Answer):
    """One message. `direction`: in from the buyer, out to them; `state` is the sending of what goes out."""

    id: str
    at: str
    direction: str
    kind: str
    via: str
    text: str
    subject: str
    shortened: bool
    attachments: list[str]
    known_sender: bool | None
    unedited: bool
    by: str
    message: str | None
    state: str
    error: str
    sent_at: str | None


class MessageList(Answer):
    """What was written about an order, newest first; `waiting` of them from the buyer without an answer."""

    items: list[MessageAnswer]
    next: str | None
    waiting: int
    waiting_since: str | None
    hidden: bool


class ArrivedAnswer(Answer):
    """What became of what was handed in: the message that it is, or why it was left."""

    id: str | None
    order_id: str | None
    created: bool
    ignored: str
