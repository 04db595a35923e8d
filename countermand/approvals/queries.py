"""Questions about approvals and cases handed over."""

from typing import Any
from uuid import UUID

from countermand.approvals.models import Approval, HandOver
from countermand.refunds.models import Refund
from countermand.refusals import Refusal


def approval(*, merchant_id: int, approval_id: UUID) -> Approval:
    """This will find an approval with its order and channel. Refuses `not_found`."""
    found = Approval.of(merchant_id).select_related("order", "order__channel").filter(id=approval_id).first()
    if found is None:
        raise Refusal("not_found", "no such approval")
    return found


def waiting_on(*, merchant_id: int, order_id: UUID) -> list[Approval]:
    """This will list the approvals that wait on an order, the oldest first."""
    return list(Approval.of(merchant_id).filter(order_id=order_id, state="waiting").order_by("asked_at"))


def handed_over(*, merchant_id: int, order_id: UUID) -> list[HandOver]:
    """This will list the cases of an order that somebody was handed and has not finished, oldest first."""
    return list(HandOver.of(merchant_id).filter(order_id=order_id).exclude(state="done").order_by("at")[:10])


def refund_failed(*, merchant_id: int, order_id: UUID) -> bool:
    """This will say whether a refund of the order failed or came back."""
    failed: Any = Refund.of(merchant_id).filter(order_id=order_id, state__in=("failed", "bounced"))
    return bool(failed.exists())
