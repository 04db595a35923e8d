"""Requests of buyers: bodies, and what is answered (docs/api.md, Refunds, requests)."""

from typing import Annotated, Any

from pydantic import Field

from countermand.api.schemas.answers import Answer
from countermand.api.schemas.approvals import HeldAnswer
from countermand.api.schemas.cancellation_answers import ConfirmedAnswer
from countermand.api.schemas.cancellations import CancelledLineBody
from countermand.api.schemas.kinds import MOST_LINES, Body, Instant, Text, upto


class RequestBody(Body):
    """What a buyer asks for, as it was heard; without `lines` the whole order."""

    route: Annotated[str, upto(32)]
    kind: Annotated[str, upto(32)] | None = None
    lines: Annotated[list[CancelledLineBody], Field(max_length=MOST_LINES)] | None = None
    reason: Annotated[str, upto(64)] | None = None
    comment: Text | None = None
    evidence: Text | None = None
    case_reference: Annotated[str, upto(100)] | None = None
    case_at: Instant | None = None
    requested_at: Instant | None = None


class OfficialBody(Body):
    """How the buyer has asked officially since, or the case that the customer service has opened."""

    route: Annotated[str, upto(32)] | None = None
    case_reference: Annotated[str, upto(100)] | None = None
    case_at: Instant | None = None
    requested_at: Instant | None = None
    evidence: Text | None = None


class DeclineBody(Body):
    """Why not, for the record, and what the buyer is told."""

    reason: Text | None = None
    message: Text | None = None


class _Request(Answer):
    """A request. `official`: the channel's terms recognise how it was asked."""

    id: str
    order_id: str
    route: str
    kind: str
    official: bool
    state: str
    lines: list[dict[str, Any]] | None
    reason: str
    comment: str
    evidence: str
    case_reference: str | None
    case_at: str | None
    requested_at: str
    recorded_at: str
    recorded_by: str
    due_at: str | None
    due_then: str | None
    reminded_at: str | None
    answered_at: str | None
    answered_by: str | None
    answer: str | None
    message: str
    cancellation: str | None
    return_: str | None = Field(alias="return")
    approval: str | None


class RequestRow(_Request):
    """A request with what it is about."""

    number: str
    channel: str
    channel_name: str
    order_status: str
    customer: dict[str, str]
    units: int
    titles: str


class RequestList(Answer):
    """Requests: open ones oldest first, all others newest first."""

    items: list[RequestRow]
    next: str | None


class ApprovedAnswer(ConfirmedAnswer):
    """The cancellation that answers a request, and the request; what had left is asked back by its `return`."""

    request: RequestRow


class TakenBackAnswer(Answer):
    """A withdrawal from what had left, all of it: its `return` answers it, and nothing is called off."""

    request: RequestRow


class ApprovalAskedAnswer(HeldAnswer):
    """The plan that waits for a second person, and the request that it would answer."""

    request: RequestRow
