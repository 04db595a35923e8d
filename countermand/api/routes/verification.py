"""What the platform says about the payment of an order (AZ-11 to AZ-14)."""

from datetime import UTC, datetime
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand.api.bearer import bearer_of, may
from countermand.api.identities import identity
from countermand.api.once import once
from countermand.api.schemas import order_answers as answers
from countermand.api.schemas.kinds import Body, Text
from countermand.overview.orders import order_page
from countermand.verification.actions import fail, verify

router = Router(tags=["orders"])


class VerdictBody(Body):
    """What the platform said: without a body, that the payment is verified."""

    verdict: Literal["verified", "failed"] | None = None
    note: Text | None = None


@router.post("/orders/{order_id}/verify", auth=may("intake"), response=answers.OrderAnswer)
def post_verdict(request: HttpRequest, order_id: str, body: VerdictBody | None = None) -> HttpResponse:
    """This will open an order whose payment the platform has verified, or call off for it one that failed."""
    bearer, order = bearer_of(request), identity(order_id, of="order")
    said = body or VerdictBody()

    def work() -> tuple[int, Any]:
        end = fail if said.verdict == "failed" else verify
        end(
            merchant_id=bearer.merchant_id,
            order_id=order,
            note=said.note or "",
            role=bearer.role,
            by=bearer.by,
            at=datetime.now(UTC),
        )
        return 200, order_page(merchant_id=bearer.merchant_id, order_id=order, role=bearer.role)

    return once(request, work)
