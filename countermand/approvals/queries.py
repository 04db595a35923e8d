"""Questions about approvals and cases handed over."""

from typing import Any
from uuid import UUID

from countermand import sql
from countermand.approvals.models import Approval
from countermand.refunds.models import Refund
from countermand.refusals import Refusal

MOST = 10
ON_ORDER = f"""
(SELECT 'approval' AS what, id, kind, state, asked_by AS sender, '' AS to_by, approver AS role, '' AS taken_by,
    '' AS note, amount_minor, currency, asked_at AS at
FROM approval WHERE merchant_id = %(m)s AND order_id = %(order)s AND state = 'waiting' ORDER BY asked_at LIMIT {MOST})
UNION ALL
(SELECT 'case', id, '', state, from_by, to_by, to_role, taken_by, note, NULL, '', at
FROM hand_over WHERE merchant_id = %(m)s AND order_id = %(order)s AND state <> 'done' ORDER BY at LIMIT {MOST})
"""


def approval(*, merchant_id: int, approval_id: UUID) -> Approval:
    """This will find an approval with its order and channel. Refuses `not_found`."""
    found = Approval.of(merchant_id).select_related("order", "order__channel").filter(id=approval_id).first()
    if found is None:
        raise Refusal("not_found", "no such approval")
    return found


def on_order(*, merchant_id: int, order_id: UUID) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """This will list what waits for colleagues on an order: approvals, and cases handed over. One statement."""
    found = sql.rows(ON_ORDER, {"m": merchant_id, "order": order_id})
    return [row for row in found if row["what"] == "approval"], [
        row for row in found if row["what"] == "case"
    ]


def waiting_for_request(*, merchant_id: int, order_id: UUID, request_id: UUID) -> Approval | None:
    """This will find the plan that waits for a second person and answers a buyer's request."""
    waiting = Approval.of(merchant_id).filter(order_id=order_id, state="waiting", kind="cancellation")
    return waiting.filter(ask__request_id=str(request_id)).first()


def refund_failed(*, merchant_id: int, order_id: UUID) -> bool:
    """This will say whether a refund of the order failed or came back."""
    failed: Any = Refund.of(merchant_id).filter(order_id=order_id, state__in=("failed", "bounced"))
    return bool(failed.exists())
