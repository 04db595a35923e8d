"""Orders: they come in once, are read whole, and found in lists."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand.api.bearer import bearer_of, may
from countermand.api.identities import identity
from countermand.api.once import answer, once
from countermand.api.schemas import order_answers as answers
from countermand.api.schemas.orders import OrderBody, content_of
from countermand.intake.actions import receive
from countermand.intake.reorder import reorder
from countermand.overview.orders import order_list, order_page

router = Router(tags=["orders"])


@router.post("/orders", auth=may("intake"), response={201: answers.OrderAnswer, 200: answers.OrderAnswer})
def receive_order(request: HttpRequest, body: OrderBody) -> HttpResponse:
    """This will take an order in: 201, or 200 with the order that is there when it came before."""
    bearer, content = bearer_of(request), content_of(body)

    def work() -> tuple[int, Any]:
        received = receive(merchant_id=bearer.merchant_id, body=content, by=bearer.by, at=datetime.now(UTC))
        page = order_page(merchant_id=bearer.merchant_id, order_id=received.order_id, role=bearer.role)
        return 201 if received.created else 200, page

    return once(request, work)


@router.get("/orders", auth=may("read"), response=answers.OrderList)
def orders(
    request: HttpRequest,
    q: str = "",
    channel: str = "",
    number: str = "",
    limit: int = 50,
    cursor: str | None = None,
) -> HttpResponse:
    """This will list orders, newest first, by words and filters in `q`, by channel and by number."""
    filters = {name: value for name, value in (("channel", channel), ("number", number)) if value}
    bearer = bearer_of(request)
    found = order_list(
        merchant_id=bearer.merchant_id, q=q, filters=filters, limit=limit, cursor=cursor, role=bearer.role
    )
    return answer(found)


@router.get("/orders/{order_id}", auth=may("read"), response=answers.OrderAnswer)
def order(request: HttpRequest, order_id: str) -> HttpResponse:
    """This will show one order with everything about it."""
    bearer, found = bearer_of(request), identity(order_id, of="order")
    return answer(order_page(merchant_id=bearer.merchant_id, order_id=found, role=bearer.role))


@router.post(
    "/orders/{order_id}/reorder",
    auth=may("intake"),
    response={201: answers.OrderAnswer, 200: answers.OrderAnswer},
)
def order_again(request: HttpRequest, order_id: str) -> HttpResponse:
    """This will place cancelled units again as they were, linked to the order that was called off by mistake."""
    bearer, before = bearer_of(request), identity(order_id, of="order")

    def work() -> tuple[int, Any]:
        made = reorder(merchant_id=bearer.merchant_id, order_id=before, by=bearer.by, at=datetime.now(UTC))
        page = order_page(merchant_id=bearer.merchant_id, order_id=made.order_id, role=bearer.role)
        return 201 if made.created else 200, page

    return once(request, work)
