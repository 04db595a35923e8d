"""Refunds and what they move as rows, written as sets."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from countermand import ids
from countermand.refunds.amounts import Target
from countermand.refunds.facts import RefundFacts

INSERT = "INSERT INTO refund SELECT * FROM jsonb_populate_recordset(NULL::refund, %s)"
TARGETS = """
INSERT INTO refund_target (merchant_id, refund_id, target, line_id, amount_minor, tax_minor)
SELECT merchant_id, refund_id, target, line_id, amount_minor, tax_minor
FROM jsonb_to_recordset(%s) AS x(merchant_id int, refund_id uuid, target text, line_id uuid, amount_minor bigint,
    tax_minor bigint)
"""

CHANGE = """
UPDATE refund r SET state = x.state, kind = x.kind, method = x.method, amount_minor = x.amount_minor, key = x.key, tries = x.tries,
    not_before = x.not_before, lease_until = NULL, lease_by = NULL, error = x.error,
    provider_refund = x.provider_refund, evidence = x.evidence, settled_at = x.settled_at, asked_at = x.asked_at,
    due_at = x.due_at
FROM jsonb_to_recordset(%s) AS x(id uuid, state text, kind text, method text, amount_minor bigint, key uuid, tries int,
    not_before timestamptz, error text, provider_refund text, evidence text, settled_at timestamptz,
    asked_at timestamptz, due_at timestamptz)
WHERE r.id = x.id
"""
RESERVE = """
WITH given AS (SELECT * FROM jsonb_to_recordset(%s) AS x(share_id uuid, payment_id uuid, amount bigint)),
the_shares AS (
    UPDATE payment_share s SET reserved_minor = s.reserved_minor + x.amount
    FROM (SELECT share_id, sum(amount)::bigint AS amount FROM given GROUP BY 1) x WHERE s.id = x.share_id
)
UPDATE payment p SET reserved_minor = p.reserved_minor + x.amount
FROM (SELECT payment_id, sum(amount)::bigint AS amount FROM given GROUP BY 1) x WHERE p.id = x.payment_id
"""
PAYMENTS = """
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%s) AS x(share_id uuid, payment_id uuid, state text, more bigint)
), the_shares AS (
    UPDATE payment_share s SET captured_minor = s.captured_minor + x.more FROM given x WHERE s.id = x.share_id
)
UPDATE payment p SET state = x.state, captured_minor = p.captured_minor + x.more FROM given x WHERE p.id = x.payment_id
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
    due_on: date | None,
    reimbursement_id: UUID | None = None,
    reason: str = "",
    carried_by: str = "merchant",
    asked: bool = False,
) -> dict[str, Any]:
    """This will make the row of a refund that is sent at once; `due_on` is until when the law wants it back.

    `asked`: the customer service is asked for it, and it waits until then.
    """
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
        "state": "held" if asked else "planned",
        "carried_by": carried_by,
        "asked_at": at if asked else None,
        "key": uuid4(),
        "reason": reason,
        "due_at": due_on,
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


def change_row(refund: RefundFacts) -> dict[str, Any]:
    """This will make the row with which CHANGE writes a refund back."""
    return {
        "id": refund.id,
        "state": refund.state,
        "kind": refund.kind,
        "method": refund.method,
        "amount_minor": refund.amount_minor,
        "key": refund.key,
        "tries": refund.tries,
        "not_before": refund.not_before,
        "error": refund.error,
        "provider_refund": refund.provider_refund,
        "evidence": refund.evidence,
        "settled_at": refund.settled_at,
        "asked_at": refund.asked_at,
        "due_at": refund.due_at,
    }
