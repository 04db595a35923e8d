"""Approvals and cases handed over: bodies, and what is answered (SH-12)."""

from typing import Annotated, Any

from pydantic import Field

from countermand.api.schemas.answers import Answer
from countermand.api.schemas.kinds import Body, Text, upto
from countermand.approvals.rules import MOST_RULES, Rule


class DecisionBody(Body):
    """Why it is declined, as who asked will read it: `note`, or `reason` as where a request is declined."""

    note: Text | None = None
    reason: Text | None = None


class RuleBody(Body):
    """One rule: `above` with amount, `reasons` with reason, `near` with rate."""

    kind: Annotated[str, upto(16)]
    approver: Annotated[str, upto(16)] | None = None
    above: Annotated[str, upto(16)] | None = None
    reasons: Annotated[list[Annotated[str, upto(32)]], Field(max_length=50)] | None = None
    near: Annotated[str, upto(8)] | None = None


class RulesBody(Body):
    """All rules that hold from now on."""

    rules: Annotated[list[RuleBody], Field(max_length=MOST_RULES)]


class HandOverBody(Body):
    """To one person (their address) or to whoever has a role (or more)."""

    note: Text
    to: Annotated[str, upto(100)] | None = None
    role: Annotated[str, upto(16)] | None = None


def rules_of(body: RulesBody) -> list[Rule]:
    """This will read rules; which of them say nothing is the verb's to refuse."""
    return [
        Rule(
            kind=one.kind,
            approver=one.approver or "manager",
            above=one.above or "",
            reasons=tuple(one.reasons or ()),
            near=one.near or ("limit" if one.kind == "rate" else ""),
        )
        for one in body.rules
    ]


class RuleAnswer(Answer):
    """One rule: members whose role is below `approver` need somebody of that role."""

    kind: str
    approver: str
    above: str | None = None
    reasons: list[str] | None = None
    near: str | None = None


class RulesAnswer(Answer):
    """What needs a second person."""

    rules: list[RuleAnswer]


class AboutApproval(Answer):
    """Who asked for what, who looks, and what became of it."""

    id: str
    order_id: str
    number: str | None = None
    channel: str | None = None
    kind: str
    state: str
    why: list[RuleAnswer]
    approver: str
    amount: str
    currency: str
    asked_by: str
    asked_role: str
    asked_at: str
    expires_at: str
    decided_by: str | None
    decided_at: str | None
    note: str
    refusal: str | None
    replaced_by: str | None
    cancellation: str | None
    reimbursement: str | None
    message: str
    comment: str


class ApprovalAnswer(AboutApproval):
    """An approval with its frozen plan."""

    plan: dict[str, Any]


class ApprovalList(Answer):
    """Approvals, newest first."""

    items: list[ApprovalAnswer]
    next: str | None


class HeldAnswer(Answer):
    """The frozen plan of what was held back: nothing has moved. Its other fields are those of the preview."""

    state: str
    approval: AboutApproval
    plan: str


class HandOverAnswer(Answer):
    """A case given to somebody else."""

    id: str
    order_id: str
    note: str
    to: str | None
    role: str | None
    by: str
    at: str
    state: str


class ItemToDo(Answer):
    """An article that waits for a person."""

    sku: str
    title: str


class CustomerToDo(Answer):
    """Who waits; empty while hidden."""

    name: str
    email: str
    phone: str


class ToDoAnswer(Answer):
    """Something that waits for a person since `since`."""

    kind: str
    subject: str
    order_id: str | None
    number: str | None
    channel: str | None
    customer: CustomerToDo
    item: ItemToDo | None
    since: str
    waiting_seconds: int
    due_on: str | None
    amount: str | None
    currency: str | None
    units: int | None
    detail: str | None
    who: str | None
    error: str | None


class ToDoList(Answer):
    """What waits for a person, the longest waiting first; `counts` by kind, 1000 standing for as many or more."""

    items: list[ToDoAnswer]
    counts: dict[str, int]
    next: str | None
