"""Store credit and gift cards: what a buyer has, and spending it."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand import money
from countermand.api.bearer import bearer_of, may
from countermand.api.identities import identity
from countermand.api.once import answer, once
from countermand.api.schemas import order_answers as answers
from countermand.api.schemas.refunds import RedemptionBody
from countermand.overview import cursors
from countermand.refunds.actions import redeem
from countermand.refunds.models import StoreCredit

router = Router(tags=["refunds"])


@router.get("/store-credits", auth=may("read"), response=answers.CreditList)
def store_credits(
    request: HttpRequest, customer_email: str = "", limit: int = 50, cursor: str | None = None
) -> HttpResponse:
    """This will list credits, newest first, of one buyer or of all."""
    merchant_id = bearer_of(request).merchant_id
    cursors.checked(limit)
    asked = ["credits", merchant_id, customer_email]
    found = StoreCredit.of(merchant_id).order_by("-id")
    if customer_email:
        found = found.filter(customer_email__iexact=customer_email)
    if cursor:
        found = found.filter(id__lt=cursors.read(cursor, asked=asked)[0])
    page = list(found[: limit + 1])
    shown, more = page[:limit], len(page) > limit
    following = cursors.make(place=[str(shown[-1].id)], asked=asked) if more else None
    return answer({"items": [shape(credit) for credit in shown], "next": following})


@router.post("/store-credits/{credit_id}/redeem", auth=may("intake"), response=answers.RedeemedAnswer)
def redeem_credit(request: HttpRequest, credit_id: str, body: RedemptionBody) -> HttpResponse:
    """This will spend an amount of a credit on an order."""
    bearer, credit = bearer_of(request), identity(credit_id, of="credit")

    def work() -> tuple[int, Any]:
        taken = redeem(
            merchant_id=bearer.merchant_id,
            credit_id=credit,
            amount=body.amount,
            order_number=body.order_number,
            by=bearer.by,
            at=datetime.now(UTC),
        )
        return 200, {
            "id": str(taken.credit_id),
            "redeemed": money.plain(taken.amount_minor, taken.currency),
            "balance": money.plain(taken.balance_minor, taken.currency),
            "currency": taken.currency,
            "order_number": body.order_number,
        }

    return once(request, work)


def shape(credit: StoreCredit) -> dict[str, Any]:
    """This will write a credit."""
    currency = credit.currency
    return {
        "id": str(credit.id),
        "customer_email": credit.customer_email,
        "kind": credit.kind,
        "last4": credit.last4,
        "currency": currency,
        "live": credit.live,
        "amount": money.plain(credit.issued_minor, currency),
        "balance": money.plain(credit.balance_minor, currency),
        "created_at": credit.created_at.isoformat(),
    }
