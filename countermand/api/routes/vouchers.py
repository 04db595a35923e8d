"""Vouchers: codes for a later purchase, made, looked up, spent once (SH-11)."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand import money
from countermand.api.bearer import bearer_of, may
from countermand.api.identities import identity_asked
from countermand.api.once import answer, once
from countermand.api.schemas import vouchers as schemas
from countermand.merchants.roles import allows
from countermand.overview import cursors
from countermand.refusals import Refusal
from countermand.vouchers.actions import issue_voucher, redeem_voucher
from countermand.vouchers.queries import shape, voucher_by_code, voucher_list
from countermand.vouchers.rules import Offer

router = Router(tags=["refunds"])


@router.get("/vouchers", auth=may("read"), response=schemas.VoucherList)
def vouchers(
    request: HttpRequest, customer_email: str = "", limit: int = 50, cursor: str | None = None
) -> HttpResponse:
    """This will list vouchers, newest first, of one buyer or of all. Codes whole for who may spend them."""
    bearer = bearer_of(request)
    cursors.checked(limit)
    asked = ["vouchers", bearer.merchant_id, customer_email]
    before = identity_asked(cursors.read(cursor, asked=asked)[0]) if cursor else None
    found = voucher_list(
        merchant_id=bearer.merchant_id, customer_email=customer_email, before=before, limit=limit + 1
    )
    shown, more = found[:limit], len(found) > limit
    following = cursors.make(place=[str(shown[-1].id)], asked=asked) if more else None
    now, whole = datetime.now(UTC), allows(bearer.role, "intake")
    return answer({"items": [shape(each, at=now, whole=whole) for each in shown], "next": following})


@router.post("/vouchers", auth=may("goodwill"), response={201: schemas.VoucherAnswer})
def issue(request: HttpRequest, body: schemas.VoucherBody) -> HttpResponse:
    """This will make a code: for the buyer of an order, for an address, or for whoever has it."""
    bearer = bearer_of(request)

    def work() -> tuple[int, Any]:
        now = datetime.now(UTC)
        made = issue_voucher(
            merchant_id=bearer.merchant_id,
            offer=Offer(body.kind, body.value, body.expires_on, body.note or ""),
            currency=body.currency or "",
            order_id=identity_asked(body.order_id),
            customer_email=body.customer_email or "",
            by=bearer.by,
            at=now,
        )
        return 201, shape(made, at=now, whole=True)

    return once(request, work)


@router.get("/vouchers/{voucher_code}", auth=may("read"), response=schemas.VoucherAnswer)
def voucher(request: HttpRequest, voucher_code: str) -> HttpResponse:
    """This will say how a code stands."""
    found = voucher_by_code(merchant_id=bearer_of(request).merchant_id, code=voucher_code)
    if found is None:
        raise Refusal("not_found", "no such voucher")
    return answer(shape(found, at=datetime.now(UTC), whole=True))


@router.post("/vouchers/{voucher_code}/redeem", auth=may("intake"), response=schemas.VoucherRedeemedAnswer)
def redeem(request: HttpRequest, voucher_code: str, body: schemas.VoucherRedemptionBody) -> HttpResponse:
    """This will spend a code on a purchase of `total`, once, and say what it takes off."""
    bearer = bearer_of(request)

    def work() -> tuple[int, Any]:
        spent = redeem_voucher(
            merchant_id=bearer.merchant_id,
            code=voucher_code,
            order_number=body.order_number,
            total=body.total,
            by=bearer.by,
            at=datetime.now(UTC),
        )
        return 200, {
            "code": spent.voucher.code,
            "taken_off": money.plain(spent.taken_off_minor, spent.voucher.currency),
            "currency": spent.voucher.currency,
            "order_number": spent.voucher.order_number,
            "live": spent.voucher.live,
        }

    return once(request, work)
