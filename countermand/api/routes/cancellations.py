"""Calling off: preview, confirm, look at it, take it back."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand.access.tokens import Bearer
from countermand.api.bearer import bearer_of, may
from countermand.api.identities import identity
from countermand.api.once import answer, once
from countermand.api.schemas import cancellation_answers as answers
from countermand.api.schemas.approvals import HeldAnswer
from countermand.api.schemas.cancellations import CancellationBody, ask_of
from countermand.approvals.actions import Held, confirm_or_hold
from countermand.approvals.rules import read
from countermand.approvals.shape import held_shape
from countermand.cancellations import actions
from countermand.cancellations import undo as undoing
from countermand.cancellations.actions import Confirmed
from countermand.cancellations.ask import Ask
from countermand.cancellations.shape import confirmed_shape, plan_shape
from countermand.overview.cancellations import cancellation_shape
from countermand.performance.queries import rate_of
from countermand.refusals import Refusal

router = Router(tags=["cancellations"])


@router.post(
    "/orders/{order_id}/cancellations",
    auth=may("cancel"),
    response={201: answers.ConfirmedAnswer, 202: HeldAnswer},
)
def cancel(request: HttpRequest, order_id: str, body: CancellationBody) -> HttpResponse:
    """This will call off units of an order with everything that follows, or what is open of it."""
    bearer = bearer_of(request)
    ask, order, at = ask_of(body, role=bearer.role), identity(order_id, of="order"), datetime.now(UTC)

    def work() -> tuple[int, Any]:
        done = confirm_or_hold(
            merchant_id=bearer.merchant_id,
            order_id=order,
            ask=ask,
            rules=read(bearer.approval_rules),
            by=bearer.by,
            at=at,
            rate_of=rate_of,
        )
        if isinstance(done, Held):
            return 202, held_shape(done.approval)
        assert isinstance(done, Confirmed)  # without a source nothing was done before
        return 201, confirmed_shape(done)

    try:
        return once(request, work)
    except Refusal as refusal:
        raise _with_new_plan(refusal, bearer, order, ask) from refusal


@router.post("/orders/{order_id}/cancellations/preview", auth=may("cancel"), response=answers.PlanAnswer)
def preview(request: HttpRequest, order_id: str, body: CancellationBody) -> HttpResponse:
    """This will show what calling off would do; nothing is written."""
    bearer = bearer_of(request)
    ask, order = ask_of(body, role=bearer.role), identity(order_id, of="order")
    try:
        return answer(_plan(bearer, order, ask))
    except Refusal as refusal:
        raise _with_new_plan(refusal, bearer, order, ask) from refusal


@router.get("/cancellations/{cancellation_id}", auth=may("read"), response=answers.CancellationAnswer)
def cancellation(request: HttpRequest, cancellation_id: str) -> HttpResponse:
    """This will show a cancellation with the states of now."""
    return answer(_shown(bearer_of(request), identity(cancellation_id, of="cancellation")))


@router.post("/cancellations/{cancellation_id}/undo", auth=may("cancel"), response=answers.CancellationAnswer)
def undo(request: HttpRequest, cancellation_id: str) -> HttpResponse:
    """This will take a cancellation back while its undo window is open."""
    bearer, found = bearer_of(request), identity(cancellation_id, of="cancellation")

    def work() -> tuple[int, Any]:
        undoing.undo(
            merchant_id=bearer.merchant_id, cancellation_id=found, by=bearer.by, at=datetime.now(UTC)
        )
        return 200, _shown(bearer, found)

    return once(request, work)


def _plan(bearer: Bearer, order_id: UUID, ask: Ask) -> dict[str, Any]:
    plan, rate = actions.preview(
        merchant_id=bearer.merchant_id, order_id=order_id, ask=ask, at=datetime.now(UTC), rate_of=rate_of
    )
    return plan_shape(plan, rate=rate)


def _with_new_plan(refusal: Refusal, bearer: Bearer, order_id: UUID, ask: Ask) -> Refusal:
    """What changed is answered with the plan as it is now, ready to be confirmed."""
    if refusal.code == "plan_changed":
        asked_anew = {name: getattr(ask, name) for name in ask.__slots__} | {
            "plan": None,
            "expected_refund": None,
        }
        refusal.facts = {"plan": _plan(bearer, order_id, Ask(**asked_anew))}
    return refusal


def _shown(bearer: Bearer, cancellation_id: UUID) -> dict[str, Any]:
    return cancellation_shape(merchant_id=bearer.merchant_id, cancellation_id=cancellation_id)
