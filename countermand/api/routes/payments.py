"""Payments of an order: one more came, an authorised one is drawn, money went back elsewhere."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand.access.tokens import Bearer
from countermand.api.bearer import bearer_of, may
from countermand.api.identities import identity
from countermand.api.once import once
from countermand.api.schemas import order_answers as answers
from countermand.api.schemas.orders import PaymentBody
from countermand.api.schemas.payments import CaptureBody, ExternalRefundBody
from countermand.overview.orders import order_page
from countermand.payments import actions
from countermand.payments.actions import Paid

router = Router(tags=["payments"])
SHOWN = {201: answers.PaymentAnswer, 200: answers.PaymentAnswer}


@router.post("/orders/{order_id}/payments", auth=may("intake"), response=SHOWN)
def add_payment(request: HttpRequest, order_id: str, body: PaymentBody) -> HttpResponse:
    """This will write down one more payment: 201, or 200 when it came before."""
    bearer, order = bearer_of(request), identity(order_id, of="order")

    def work() -> tuple[int, Any]:
        paid = actions.add_payment(
            merchant_id=bearer.merchant_id,
            order_id=order,
            payment=body.given(),
            by=bearer.by,
            at=datetime.now(UTC),
        )
        return 201 if paid.created else 200, _shown(bearer, order, paid)

    return once(request, work)


@router.post(
    "/orders/{order_id}/payments/{path:reference}/capture",
    auth=may("intake"),
    response={200: answers.PaymentAnswer, 202: answers.PaymentAnswer},
)
def capture(
    request: HttpRequest, order_id: str, reference: str, body: CaptureBody | None = None
) -> HttpResponse:
    """This will draw an authorised payment: 200 once it is drawn, 202 while its provider is asked."""
    bearer, order = bearer_of(request), identity(order_id, of="order")

    def work() -> tuple[int, Any]:
        paid = actions.capture(
            merchant_id=bearer.merchant_id,
            order_id=order,
            reference=reference,
            amount=body.amount if body else None,
            by=bearer.by,
            at=datetime.now(UTC),
        )
        shown = _shown(bearer, order, paid)
        return 202 if shown["state"] == "capturing" else 200, shown

    return once(request, work)


@router.post(
    "/orders/{order_id}/payments/{path:reference}/external-refund", auth=may("refund"), response=SHOWN
)
def external_refund(
    request: HttpRequest, order_id: str, reference: str, body: ExternalRefundBody
) -> HttpResponse:
    """This will write down money that was given back without us: 201, or 200 when it was known."""
    bearer, order = bearer_of(request), identity(order_id, of="order")

    def work() -> tuple[int, Any]:
        paid = actions.external_refund(
            merchant_id=bearer.merchant_id,
            order_id=order,
            reference=reference,
            amount=body.amount,
            provider_refund=body.provider_refund or "",
            given_at=body.at,
            by=bearer.by,
            at=datetime.now(UTC),
        )
        return 201 if paid.created else 200, _shown(bearer, order, paid)

    return once(request, work)


def _shown(bearer: Bearer, order_id: UUID, paid: Paid) -> dict[str, Any]:
    page = order_page(merchant_id=bearer.merchant_id, order_id=order_id, role=bearer.role)
    payment: dict[str, Any] = next(one for one in page["payments"] if one["reference"] == paid.reference)
    return payment
