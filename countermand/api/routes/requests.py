"""What buyers ask for: recorded, made official, approved, declined, withdrawn (AZ-5 to AZ-7, AZ-9, RK-8)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand.access.tokens import Bearer
from countermand.api.bearer import bearer_of, may
from countermand.api.identities import identity, identity_asked
from countermand.api.once import answer, once
from countermand.api.schemas import requests as answers
from countermand.api.schemas.cancellations import CancellationBody, ask_of
from countermand.api.schemas.requests import DeclineBody, OfficialBody, RequestBody
from countermand.approvals.actions import Held
from countermand.approvals.rules import read
from countermand.approvals.shape import held_shape
from countermand.buyer_requests import actions
from countermand.cancellations.actions import Confirmed
from countermand.cancellations.shape import confirmed_shape
from countermand.overview.requests import request_list, request_of
from countermand.performance.queries import rate_of
from countermand.returns.actions import Both

router = Router(tags=["requests"])


@router.post("/orders/{order_id}/requests", auth=may("contact"), response={201: answers.RequestRow})
def record(request: HttpRequest, order_id: str, body: RequestBody) -> HttpResponse:
    """This will write down what a buyer asks for. Asked within the terms' grace, it is called off at once."""
    bearer, order = bearer_of(request), identity(order_id, of="order")

    def work() -> tuple[int, Any]:
        recorded = actions.record_request(
            merchant_id=bearer.merchant_id,
            order_id=order,
            route=body.route,
            kind=body.kind or "cancellation",
            lines=None if body.lines is None else [(one.line, one.quantity) for one in body.lines],
            reason=body.reason or "",
            comment=body.comment or "",
            evidence=body.evidence or "",
            case_reference=body.case_reference or "",
            case_at=body.case_at,
            requested_at=body.requested_at,
            by=bearer.by,
            at=datetime.now(UTC),
            rate_of=rate_of,
        )
        return 201, _shown(bearer, recorded.id)

    return once(request, work)


@router.get("/requests", auth=may("read"), response=answers.RequestList)
def requests(
    request: HttpRequest, state: str = "", order: str = "", limit: int = 50, cursor: str | None = None
) -> HttpResponse:
    """This will list requests by state: the open ones oldest first, all others newest first."""
    return answer(
        request_list(
            merchant_id=bearer_of(request).merchant_id,
            state=state,
            order=identity_asked(order),
            limit=limit,
            cursor=cursor,
        )
    )


@router.get("/requests/{request_id}", auth=may("read"), response=answers.RequestRow)
def one(request: HttpRequest, request_id: str) -> HttpResponse:
    """This will show a request."""
    return answer(_shown(bearer_of(request), identity(request_id, of="request")))


@router.post(
    "/requests/{request_id}/approve",
    auth=may("cancel"),
    response={201: answers.ApprovedAnswer | answers.TakenBackAnswer, 202: answers.ApprovalAskedAnswer},
)
def approve(request: HttpRequest, request_id: str, body: CancellationBody | None = None) -> HttpResponse:
    """This will call off what was asked for and answer the request with it. The body's gaps are as the buyer asked.

    A withdrawal from what has left opens its return: the request names it.
    """
    bearer, found = bearer_of(request), identity(request_id, of="request")
    ask = ask_of(body or CancellationBody(), role=bearer.role)

    def work() -> tuple[int, Any]:
        done = actions.approve_request(
            merchant_id=bearer.merchant_id,
            request_id=found,
            ask=ask,
            rules=read(bearer.approval_rules),
            by=bearer.by,
            at=datetime.now(UTC),
            rate_of=rate_of,
        )
        if isinstance(done, Both):
            if done.cancelled is None:
                return 201, {"request": _shown(bearer, found)}
            done = done.cancelled
        if isinstance(done, Held):
            return 202, {**held_shape(done.approval), "request": _shown(bearer, found)}
        assert isinstance(done, Confirmed)  # without a source nothing was done before
        return 201, {**confirmed_shape(done), "request": _shown(bearer, found)}

    return once(request, work)


@router.post("/requests/{request_id}/decline", auth=may("cancel"), response=answers.RequestRow)
def decline(request: HttpRequest, request_id: str, body: DeclineBody) -> HttpResponse:
    """This will say no to what was asked, with the reason kept."""
    bearer, found = bearer_of(request), identity(request_id, of="request")

    def work() -> tuple[int, Any]:
        actions.decline_request(
            merchant_id=bearer.merchant_id,
            request_id=found,
            reason=body.reason or "",
            message=body.message or "",
            by=bearer.by,
            at=datetime.now(UTC),
        )
        return 200, _shown(bearer, found)

    return once(request, work)


@router.post("/requests/{request_id}/withdraw", auth=may("contact"), response=answers.RequestRow)
def withdraw(request: HttpRequest, request_id: str) -> HttpResponse:
    """This will write down that the buyer does not ask any more."""
    bearer, found = bearer_of(request), identity(request_id, of="request")

    def work() -> tuple[int, Any]:
        actions.withdraw_request(
            merchant_id=bearer.merchant_id, request_id=found, by=bearer.by, at=datetime.now(UTC)
        )
        return 200, _shown(bearer, found)

    return once(request, work)


@router.post("/requests/{request_id}/official", auth=may("contact"), response=answers.RequestRow)
def make_official(request: HttpRequest, request_id: str, body: OfficialBody) -> HttpResponse:
    """This will write down that the buyer has asked officially since, or the customer service's case."""
    bearer, found = bearer_of(request), identity(request_id, of="request")

    def work() -> tuple[int, Any]:
        actions.make_official(
            merchant_id=bearer.merchant_id,
            request_id=found,
            route=body.route or "",
            case_reference=body.case_reference or "",
            case_at=body.case_at,
            requested_at=body.requested_at,
            evidence=body.evidence or "",
            by=bearer.by,
            at=datetime.now(UTC),
        )
        return 200, _shown(bearer, found)

    return once(request, work)


def _shown(bearer: Bearer, request_id: UUID) -> dict[str, Any]:
    return request_of(merchant_id=bearer.merchant_id, request_id=request_id)
