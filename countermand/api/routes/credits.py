"""Store credit and gift cards: what buyers have, spending it, new cards, and what is owed."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand import ids, money
from countermand.api.bearer import bearer_of, may
from countermand.api.identities import identity
from countermand.api.once import answer, once
from countermand.api.schemas import credits as answers
from countermand.api.schemas.credits import CardBody
from countermand.api.schemas.refund_answers import RedeemedAnswer
from countermand.api.schemas.refunds import RedemptionBody
from countermand.channels.queries import channels
from countermand.merchants.models import Merchant
from countermand.overview import credits as reading
from countermand.refunds.actions import credit_code, issue_card, redeem

router = Router(tags=["refunds"])


@router.get("/store-credits", auth=may("read"), response=answers.CreditList)
def store_credits(
    request: HttpRequest,
    customer_email: str = "",
    code: str = "",
    limit: int = 50,
    cursor: str | None = None,
) -> HttpResponse:
    """This will list credits, newest first, of one buyer or of all; `code` finds the card that somebody shows."""
    found = reading.credit_list(
        merchant_id=bearer_of(request).merchant_id,
        customer_email=customer_email,
        code=code,
        limit=limit,
        cursor=cursor,
    )
    return answer(found)


@router.get("/store-credits/liability", auth=may("read"), response=answers.Liability)
def owed(request: HttpRequest) -> HttpResponse:
    """This will say what is owed in goods, per currency, kind and month of issue; the oldest is spent first."""
    merchant_id = bearer_of(request).merchant_id
    zone = Merchant.objects.values_list("timezone", flat=True).get(id=merchant_id)
    return answer({"items": reading.liability(merchant_id=merchant_id, timezone=zone)})


@router.get("/store-credits/{credit_id}", auth=may("read"), response=answers.CreditWithEntries)
def store_credit(request: HttpRequest, credit_id: str) -> HttpResponse:
    """This will show a credit with its movements, newest first."""
    credit = identity(credit_id, of="credit")
    return answer(reading.credit_page(merchant_id=bearer_of(request).merchant_id, credit_id=credit))


@router.post("/store-credits", auth=may("goodwill"), response={201: answers.NewCard})
def new_card(request: HttpRequest, body: CardBody) -> HttpResponse:
    """This will make a gift card. Its code is in this answer and nowhere else; a repeated key answers it again."""
    bearer = bearer_of(request)

    def work() -> tuple[int, Any]:
        live = any(channel.mode == "live" for channel in channels(merchant_id=bearer.merchant_id))
        made = issue_card(
            merchant_id=bearer.merchant_id,
            card_id=ids.new(),
            amount=body.amount,
            currency=body.currency,
            live=live,
            customer_email=body.customer_email or "",
            note=body.note or "",
            by=bearer.by,
            at=datetime.now(UTC),
        )
        return 201, {
            "id": str(made.id),
            "amount": money.plain(made.amount_minor, made.currency),
            "currency": made.currency,
            "live": live,
        }

    return once(request, work, unkept=lambda kept: {"code": credit_code(UUID(kept["id"]))})


@router.post("/store-credits/{credit_id}/redeem", auth=may("intake"), response=RedeemedAnswer)
def redeem_credit(request: HttpRequest, credit_id: str, body: RedemptionBody) -> HttpResponse:
    """This will spend an amount of a credit on an order, which may be another till's."""
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
