"""What needs a second person (SH-12): asked, approved, declined; cases handed over; what waits for a person."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand.access.tokens import Bearer
from countermand.api.bearer import bearer_of, may
from countermand.api.identities import identity
from countermand.api.once import answer, once
from countermand.api.schemas import approvals as answers
from countermand.api.schemas.approvals import DecisionBody, HandOverBody, RulesBody, rules_of
from countermand.approvals import actions
from countermand.approvals.rules import read, rows_of
from countermand.approvals.shape import held_shape
from countermand.overview import todo
from countermand.overview.approvals import approval_list, approval_of
from countermand.performance.queries import rate_of
from countermand.refusals import Refusal

router = Router(tags=["approvals"])


@router.get("/approvals", auth=may("read"), response=answers.ApprovalList)
def approvals(
    request: HttpRequest, state: str = "", limit: int = 50, cursor: str | None = None
) -> HttpResponse:
    """This will list what was asked for, newest first, by state."""
    found = approval_list(merchant_id=bearer_of(request).merchant_id, state=state, limit=limit, cursor=cursor)
    return answer(found)


@router.get("/approvals/{approval_id}", auth=may("read"), response=answers.ApprovalAnswer)
def approval(request: HttpRequest, approval_id: str) -> HttpResponse:
    """This will show an approval with its frozen plan."""
    return answer(_shown(bearer_of(request), identity(approval_id, of="approval")))


@router.post("/approvals/{approval_id}/approve", auth=may("approve"), response=answers.ApprovalAnswer)
def approve(request: HttpRequest, approval_id: str) -> HttpResponse:
    """This will do what was asked, as its frozen plan says. Facts moved: 409 `plan_changed` with the new plan."""
    bearer, found = bearer_of(request), identity(approval_id, of="approval")

    def work() -> tuple[int, Any]:
        actions.approve(
            merchant_id=bearer.merchant_id,
            approval_id=found,
            by=bearer.by,
            role=bearer.role,
            at=datetime.now(UTC),
            rate_of=rate_of,
        )
        return 200, _shown(bearer, found)

    try:
        return once(request, work)
    except Refusal as refusal:
        raise _made_anew(refusal, bearer, found) from refusal


@router.post("/approvals/{approval_id}/decline", auth=may("approve"), response=answers.ApprovalAnswer)
def decline(request: HttpRequest, approval_id: str, body: DecisionBody | None = None) -> HttpResponse:
    """This will turn down what was asked; nothing had moved."""
    bearer, found = bearer_of(request), identity(approval_id, of="approval")

    def work() -> tuple[int, Any]:
        actions.decline(
            merchant_id=bearer.merchant_id,
            approval_id=found,
            note=(body.note or body.reason or "") if body else "",
            by=bearer.by,
            role=bearer.role,
            at=datetime.now(UTC),
        )
        return 200, _shown(bearer, found)

    return once(request, work)


@router.post("/approvals/{approval_id}/withdraw", auth=may("cancel"), response=answers.ApprovalAnswer)
def withdraw(request: HttpRequest, approval_id: str) -> HttpResponse:
    """This will take one's own question back."""
    bearer, found = bearer_of(request), identity(approval_id, of="approval")

    def work() -> tuple[int, Any]:
        actions.withdraw(
            merchant_id=bearer.merchant_id, approval_id=found, by=bearer.by, at=datetime.now(UTC)
        )
        return 200, _shown(bearer, found)

    return once(request, work)


@router.get("/approval-rules", auth=may("read"), response=answers.RulesAnswer)
def rules(request: HttpRequest) -> HttpResponse:
    """This will list what needs a second person."""
    return answer({"rules": rows_of(read(bearer_of(request).approval_rules))})


@router.put("/approval-rules", auth=may("waive"), response=answers.RulesAnswer)
def set_rules(request: HttpRequest, body: RulesBody) -> HttpResponse:
    """This will put these rules in place of those that held."""
    bearer, wanted = bearer_of(request), rules_of(body)

    def work() -> tuple[int, Any]:
        found = actions.set_rules(
            merchant_id=bearer.merchant_id, rules=wanted, by=bearer.by, at=datetime.now(UTC)
        )
        return 200, {"rules": rows_of(found)}

    return once(request, work)


@router.post("/orders/{order_id}/hand-overs", auth=may("contact"), response={201: answers.HandOverAnswer})
def hand_over(request: HttpRequest, order_id: str, body: HandOverBody) -> HttpResponse:
    """This will give a case to somebody else, with a note."""
    bearer, order = bearer_of(request), identity(order_id, of="order")

    def work() -> tuple[int, Any]:
        case = actions.hand_over(
            merchant_id=bearer.merchant_id,
            order_id=order,
            note=body.note,
            to_by=body.to or "",
            to_role=body.role or "",
            by=bearer.by,
            at=datetime.now(UTC),
        )
        return 201, {
            "id": str(case.id),
            "order_id": str(order),
            "note": case.note,
            "to": case.to_by or None,
            "role": case.to_role or None,
            "by": case.from_by,
            "at": case.at.isoformat(),
            "state": case.state,
        }

    return once(request, work)


@router.get("/todo", auth=may("read"), response=answers.ToDoList)
def to_do(request: HttpRequest, kind: str = "", limit: int = 50, cursor: str | None = None) -> HttpResponse:
    """This will list what waits for a person, the longest waiting first; `kind`: one or several (commas)."""
    bearer, now = bearer_of(request), datetime.now(UTC)
    reader = todo.Reader(by=bearer.by, role=bearer.role)
    found = todo.to_do_page(
        merchant_id=bearer.merchant_id,
        at=now,
        reader=reader,
        kinds=[one for one in kind.split(",") if one],
        limit=limit,
        cursor=cursor,
    )
    return answer({**found, "counts": todo.counts(merchant_id=bearer.merchant_id, at=now, reader=reader)})


def _shown(bearer: Bearer, approval_id: UUID) -> dict[str, Any]:
    return approval_of(merchant_id=bearer.merchant_id, approval_id=approval_id)


def _made_anew(refusal: Refusal, bearer: Bearer, approval_id: UUID) -> Refusal:
    """Facts moved: the plan is made anew, and has to be approved as what it is now."""
    if refusal.code in actions.NOT_THE_FACTS:
        return refusal
    new = actions.renew(
        merchant_id=bearer.merchant_id,
        approval_id=approval_id,
        rules=read(bearer.approval_rules),
        by=bearer.by,
        at=datetime.now(UTC),
        rate_of=rate_of,
    )
    if new.state == "stale":
        return Refusal(new.refusal, "it can no longer be done at all: the question is closed")
    return Refusal("plan_changed", refusal.detail, facts={"plan": held_shape(new)})
