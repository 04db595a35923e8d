"""Questions about vouchers."""

from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import money
from countermand.vouchers.codes import as_written
from countermand.vouchers.models import Voucher

MOST = 250


def voucher_list(
    *,
    merchant_id: int,
    customer_email: str = "",
    state: str = "",
    before: UUID | None = None,
    limit: int = 50,
) -> list[Voucher]:
    """This will list vouchers, newest first; `before` an id goes on behind it."""
    found = Voucher.of(merchant_id).select_related("order").order_by("-id")
    if customer_email:
        found = found.filter(customer_email__iexact=customer_email)
    if state:
        found = found.filter(state=state)
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found[:limit])


def vouchers_of(*, merchant_id: int, order_id: UUID) -> list[Voucher]:
    """This will list the vouchers that make up for an order, newest first."""
    return list(Voucher.of(merchant_id).filter(order_id=order_id).order_by("-id"))


def voucher_by_code(*, merchant_id: int, code: str) -> Voucher | None:
    """This will find a voucher by its code, however it was typed."""
    return Voucher.of(merchant_id).select_related("order").filter(code=as_written(code)).first()


def state_at(voucher: Voucher, *, at: datetime) -> str:
    """This will say how a voucher stands: its state, or `expired`, or `not_yet` within an undo window."""
    if voucher.state != "open":
        return voucher.state
    if at >= voucher.expires_at:
        return "expired"
    return "open" if at >= voucher.valid_from else "not_yet"


def masked(code: str) -> str:
    """This will show of a code what tells it from another, and not enough to spend it."""
    start, *blocks = code.split("-")
    return "-".join([start, *("····" for _ in blocks[:-1]), blocks[-1]]) if blocks else code


def shape(voucher: Voucher, *, at: datetime, whole: bool) -> dict[str, Any]:
    """This will write a voucher as the API does; `whole` False hides the code, which is as good as its value."""
    currency = voucher.currency

    def amount(minor: int | None) -> str | None:
        return None if minor is None else money.plain(minor, currency)

    return {
        "id": str(voucher.id),
        "code": voucher.code if whole else masked(voucher.code),
        "kind": voucher.kind,
        "amount": amount(voucher.amount_minor),
        "percent": voucher.percent,
        "currency": currency,
        "live": voucher.live,
        "state": state_at(voucher, at=at),
        "customer_email": voucher.customer_email,
        "order_id": str(voucher.order_id) if voucher.order_id else None,
        "cancellation": str(voucher.cancellation_id) if voucher.cancellation_id else None,
        "expires_on": voucher.expires_on.isoformat(),
        "created_at": voucher.created_at.isoformat(),
        "by": voucher.by,
        "redeemed": amount(voucher.redeemed_minor),
        "order_number": voucher.order_number or None,
        "settled_at": voucher.settled_at.isoformat() if voucher.settled_at else None,
    }
