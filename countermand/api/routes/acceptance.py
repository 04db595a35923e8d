"""A sale that waits for its merchant: accepted or refused, article by article (RK-1 to RK-3)."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand.acceptance import actions
from countermand.api.bearer import bearer_of, may
from countermand.api.identities import identity
from countermand.api.once import once
from countermand.api.schemas import order_answers as answers
from countermand.api.schemas.acceptance import DecisionBody
from countermand.overview.orders import order_page

router = Router(tags=["orders"])


@router.post("/orders/{order_id}/accept", auth=may("intake"), response={202: answers.OrderAnswer})
def accept(request: HttpRequest, order_id: str, body: DecisionBody | None = None) -> HttpResponse:
    """This will accept units of a sale: 202 with the order, which is `accepting` while its money is drawn."""
    return _decided(request, order_id, body, verb=actions.accept, status=202)


@router.post("/orders/{order_id}/refuse", auth=may("cancel"), response={200: answers.OrderAnswer})
def refuse(request: HttpRequest, order_id: str, body: DecisionBody | None = None) -> HttpResponse:
    """This will refuse units of a sale before it is accepted: no cancellation, and counted in no rate."""
    return _decided(request, order_id, body, verb=actions.refuse, status=200)


def _decided(
    request: HttpRequest, order_id: str, body: DecisionBody | None, *, verb: Any, status: int
) -> HttpResponse:
    bearer, order = bearer_of(request), identity(order_id, of="order")
    lines = None if body is None or body.lines is None else [(one.line, one.quantity) for one in body.lines]

    def work() -> tuple[int, Any]:
        verb(
            merchant_id=bearer.merchant_id,
            order_id=order,
            lines=lines,
            via="api",
            by=bearer.by,
            at=datetime.now(UTC),
        )
        return status, order_page(merchant_id=bearer.merchant_id, order_id=order, role=bearer.role)

    return once(request, work)
