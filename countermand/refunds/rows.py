"""The rows of new refunds and of what they are for, written as sets."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from countermand import ids
from countermand.refunds.amounts import Target

INSERT = "INSERT INTO refund SELECT * FROM jsonb_populate_recordset(NULL::refund, %s)"
TARGETS = """
INSERT INTO refund_target (merchant_id, refund_id, target, line_id, amount_minor, tax_minor)
SELECT merchant_id, refund_id, target, line_id, amount_minor, tax_minor
FROM jsonb_to_recordset(%s) AS x(merchant_id int, refund_id uuid, target text, line_id uuid, amount_minor bigint,
    tax_minor bigint)
"""


def refund_row(
    *,
    merchant_id: int,
    order_id: UUID,
    share_id: UUID,
    method: str,
    amount: int,
    currency: str,
    by: str,
    at: datetime,
    reimbursement_id: UUID | None = None,
    reason: str = "",
) -> dict[str, Any]:
    """This will make the row of a refund that is due at once."""
    return {
        "id": ids.new(),
        "merchant_id": merchant_id,
        "order_id": order_id,
        "cancellation_id": None,
        "reimbursement_id": reimbursement_id,
        "share_id": share_id,
        "kind": "refund",
        "method": method,
        "amount_minor": amount,
        "currency": currency,
        "state": "planned",
        "key": uuid4(),
        "reason": reason,
        "due_at": None,
        "not_before": at,
        "lease_until": None,
        "tries": 0,
        "error": "",
        "provider_refund": "",
        "evidence": "",
        "created_at": at,
        "settled_at": None,
        "by": by,
    }


def target_rows(merchant_id: int, refund_id: UUID, targets: Iterable[Target]) -> list[dict[str, Any]]:
    """This will make the rows of what a refund is for."""
    return [
        {
            "merchant_id": merchant_id,
            "refund_id": refund_id,
            "target": target.target,
            "line_id": target.line_id,
            "amount_minor": target.amount,
            "tax_minor": target.tax,
        }
        for target in targets
    ]
