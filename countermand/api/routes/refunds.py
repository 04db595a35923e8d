"""Giving back: planned, looked at, tried again, settled by hand."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand import money
from countermand.access.tokens import Bearer
from countermand.api.bearer import bearer_of, may
from countermand.api.identities import identity, identity_asked
from countermand.api.once import answer, once
from countermand.api.schemas import refund_answers as answers
from countermand.api.schemas.approvals import HeldAnswer
from countermand.api.schemas.refunds import RefundsBody, SettlementBody, wish_of
from countermand.approvals.actions import Held, reimburse_or_hold
from countermand.approvals.rules import may_ask, read
from countermand.approvals.shape import held_shape
from countermand.merchants.roles import require
from countermand.overview import refunds as reading
from countermand.refunds import actions
from countermand.refunds.actions import GiveBack, Reimbursed

router = Router(tags=["refunds"])


@router.post(
    "/orders/{order_id}/refunds", auth=may("refund"), response={201: answers.GivenBackAnswer, 202: HeldAnswer}
)
def give_back(request: HttpRequest, order_id: str, body: RefundsBody | None = None) -> HttpResponse:
    """This will give back on an order: what is owed, lines, shipping, or a free amount."""
    bearer, order, wish = bearer_of(request), identity(order_id, of="order"), _wish(body, bearer_of(request))

    def work() -> tuple[int, Any]:
        made = reimburse_or_hold(
            merchant_id=bearer.merchant_id,
            order_id=order,
            wish=wish,
            rules=read(bearer.approval_rules),
            role=bearer.role,
            by=bearer.by,
            at=datetime.now(UTC),
        )
        if isinstance(made, Held):
            return 202, held_shape(made.approval)
        ours = {part.id for part in made.parts}
        rows = reading.of_order(merchant_id=bearer.merchant_id, order_id=order)
        shown = [reading.shape(row) for row in rows if row["id"] in ours]
        return 201, {"id": str(made.id), **_sums(made), "refunds": shown}

    return once(request, work)


@router.post("/orders/{order_id}/refunds/preview", auth=may("refund"), response=answers.GiveBackPlan)
def preview(request: HttpRequest, order_id: str, body: RefundsBody | None = None) -> HttpResponse:
    """This will show what would go back, over which payments; nothing is written."""
    bearer = bearer_of(request)
    made = actions.preview_reimbursement(
        merchant_id=bearer.merchant_id,
        order_id=identity(order_id, of="order"),
        wish=_wish(body, bearer),
    )
    parts = [
        {
            "payment": part.share.reference,
            "method": part.method,
            "kind": "refund",
            "amount": money.plain(part.amount_minor, made.currency),
            "currency": made.currency,
        }
        for part in made.parts
    ]
    return answer({**_sums(made), "refunds": parts})


@router.get("/refunds", auth=may("read"), response=answers.RefundList)
def refunds(
    request: HttpRequest, state: str = "", order: str = "", limit: int = 50, cursor: str | None = None
) -> HttpResponse:
    """This will list refunds, newest first, by state (`in_flight` is all four) and by order."""
    found = reading.refund_list(
        merchant_id=bearer_of(request).merchant_id,
        state=state,
        order_id=identity_asked(order),
        limit=limit,
        cursor=cursor,
    )
    return answer(found)


@router.get("/refunds/{refund_id}", auth=may("read"), response=answers.RefundAnswer)
def refund(request: HttpRequest, refund_id: str) -> HttpResponse:
    """This will show one refund."""
    found = identity(refund_id, of="refund")
    return answer(reading.refund_shape(merchant_id=bearer_of(request).merchant_id, refund_id=found))


@router.post("/refunds/{refund_id}/retry", auth=may("refund"), response=answers.RefundAnswer)
def retry(request: HttpRequest, refund_id: str) -> HttpResponse:
    """This will try a failed refund again, or look an unknown one up."""
    bearer, found = bearer_of(request), identity(refund_id, of="refund")

    def work() -> tuple[int, Any]:
        actions.retry(merchant_id=bearer.merchant_id, refund_id=found, by=bearer.by, at=datetime.now(UTC))
        return 200, reading.refund_shape(merchant_id=bearer.merchant_id, refund_id=found)

    return once(request, work)


@router.post("/refunds/{refund_id}/settle", auth=may("settle"), response=answers.RefundAnswer)
def settle(request: HttpRequest, refund_id: str, body: SettlementBody) -> HttpResponse:
    """This will count a refund made by hand as given back."""
    bearer, found = bearer_of(request), identity(refund_id, of="refund")

    def work() -> tuple[int, Any]:
        now = datetime.now(UTC)
        actions.settle(
            merchant_id=bearer.merchant_id,
            refund_id=found,
            settled_at=body.at or now,
            evidence=body.evidence,
            by=bearer.by,
            at=now,
        )
        return 200, reading.refund_shape(merchant_id=bearer.merchant_id, refund_id=found)

    return once(request, work)


def _wish(body: RefundsBody | None, bearer: Bearer) -> GiveBack:
    wish = wish_of(body or RefundsBody())
    if wish.is_goodwill and not may_ask(read(bearer.approval_rules), role=bearer.role, kind="goodwill"):
        require(bearer.role, "goodwill")
    return wish


def _sums(made: Reimbursed) -> dict[str, Any]:
    return {
        "order_id": str(made.order_id),
        "amount": money.plain(made.amount_minor, made.currency),
        "currency": made.currency,
        "method": made.method,
    }
