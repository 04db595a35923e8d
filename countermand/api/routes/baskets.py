"""Baskets: what a marketplace sold for several merchants at once. Its own house's token asks; to others there is none."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand.api.bearer import bearer_of, may
from countermand.api.once import once
from countermand.api.schemas import answers
from countermand.api.schemas.baskets import BasketBody
from countermand.marketplace.baskets import marketplace_of, receive_basket

router = Router(tags=["orders"])


@router.post("/baskets", auth=may("intake"), response={201: answers.BasketAnswer, 200: answers.BasketAnswer})
def take_basket(request: HttpRequest, body: BasketBody) -> HttpResponse:
    """This will take in orders of several merchants under one payment: all of them, or none."""
    bearer = bearer_of(request)
    here = marketplace_of(house_id=bearer.merchant_id)
    given = body.given()

    def work() -> tuple[int, Any]:
        taken = receive_basket(
            marketplace_id=here.id,
            reference=given["reference"],
            payment=given["payment"],
            orders=given["orders"],
            by=bearer.by,
            at=datetime.now(UTC),
        )
        orders = [
            {"merchant": order["merchant"], "number": order["number"], "order_id": str(order_id)}
            for order, (_, order_id) in zip(given["orders"], taken.orders, strict=True)
        ]
        shape = {"payment_id": str(taken.payment_id), "reference": given["reference"], "orders": orders}
        return 201 if taken.created else 200, shape

    return once(request, work)
