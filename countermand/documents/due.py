"""What has to be documented, noted in the very transaction in which money went back or came back.

One document per decision (a cancellation, a reimbursement), once none of its money is on its way any more
(docs/decisions/0007). A refund is in one document that says it went, and in one that says it came back.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import ids, sql
from countermand.events.ping import ping

# The orders are locked by whoever moved the money, so nobody else notes the same at this moment.
GONE = """
WITH moved AS (
    SELECT DISTINCT order_id, cancellation_id, reimbursement_id FROM refund
    WHERE merchant_id = %(m)s AND id = ANY(%(ids)s)
)
SELECT r.id, r.order_id, r.cancellation_id, r.reimbursement_id, r.amount_minor, r.currency, o.invoice_number <> ''
FROM moved m JOIN "order" o ON o.id = m.order_id JOIN refund r ON r.order_id = m.order_id
    AND r.cancellation_id IS NOT DISTINCT FROM m.cancellation_id
    AND r.reimbursement_id IS NOT DISTINCT FROM m.reimbursement_id
WHERE r.kind = 'refund' AND r.state = 'succeeded'
    AND NOT EXISTS (SELECT 1 FROM document_refund d WHERE d.refund_id = r.id)
    AND NOT EXISTS (
        SELECT 1 FROM refund other WHERE other.order_id = m.order_id AND other.kind = 'refund'
            AND other.cancellation_id IS NOT DISTINCT FROM m.cancellation_id
            AND other.reimbursement_id IS NOT DISTINCT FROM m.reimbursement_id
            AND other.state IN ('held', 'planned', 'sent', 'unknown'))
ORDER BY r.id
"""
CAME_BACK = """
SELECT r.id, r.amount_minor, d.document_id, c.order_id, c.cancellation_id, c.reimbursement_id, c.kind, c.currency
FROM refund r JOIN document_refund d ON d.refund_id = r.id AND NOT d.came_back
JOIN document c ON c.id = d.document_id
WHERE r.merchant_id = %(m)s AND r.id = ANY(%(ids)s) AND r.state = 'bounced'
    AND NOT EXISTS (SELECT 1 FROM document_refund x WHERE x.refund_id = r.id AND x.came_back)
ORDER BY r.id
"""
DOCUMENTS = """
INSERT INTO document (id, merchant_id, order_id, cancellation_id, reimbursement_id, corrects_id, kind, state, not_before,
    error, currency, amount_minor, series, label, digest, created_at)
SELECT id, %(m)s, order_id, cancellation_id, reimbursement_id, corrects_id, kind, 'due', %(at)s, '', currency,
    amount_minor, '', '', '', %(at)s
FROM jsonb_to_recordset(%(rows)s) AS x(id uuid, order_id uuid, cancellation_id uuid, reimbursement_id uuid,
    corrects_id uuid, kind text, currency text, amount_minor bigint)
"""
REFUNDS = """
INSERT INTO document_refund (merchant_id, document_id, refund_id, came_back)
SELECT %(m)s, document_id, refund_id, came_back
FROM jsonb_to_recordset(%(rows)s) AS x(document_id uuid, refund_id uuid, came_back boolean)
"""


def note(*, merchant_id: int, refund_ids: Iterable[UUID], at: datetime) -> None:
    """This will note the documents that are due now that these refunds moved, in the caller's transaction."""
    wanted = {"m": merchant_id, "ids": list(refund_ids)}
    documents, refunds = _gone(sql.tuples(GONE, wanted))
    corrections, returned = _came_back(sql.rows(CAME_BACK, wanted))
    documents += corrections
    if documents:
        sql.execute(DOCUMENTS, {"m": merchant_id, "at": at, "rows": sql.json(documents)})
        sql.execute(REFUNDS, {"m": merchant_id, "rows": sql.json(refunds + returned)})
        ping()


def _gone(rows: Sequence[Sequence[Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """One document per decision, and which refunds it is about."""
    made: dict[Any, dict[str, Any]] = {}
    refunds = []
    for refund_id, order_id, cancellation_id, reimbursement_id, amount, currency, invoiced in rows:
        document = made.setdefault(
            (order_id, cancellation_id, reimbursement_id),
            {
                "id": ids.new(),
                "order_id": order_id,
                "cancellation_id": cancellation_id,
                "reimbursement_id": reimbursement_id,
                "corrects_id": None,
                "kind": "credit_note" if invoiced else "receipt",
                "currency": currency,
                "amount_minor": 0,
            },
        )
        document["amount_minor"] += amount
        refunds.append({"document_id": document["id"], "refund_id": refund_id, "came_back": False})
    return list(made.values()), refunds


def _came_back(rows: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """One document per refund that came back: it takes back what the first one said of it."""
    kept = ("order_id", "cancellation_id", "reimbursement_id", "kind", "currency")
    documents, refunds = [], []
    for row in rows:
        document = {name: row[name] for name in kept}
        document |= {
            "id": ids.new(),
            "corrects_id": row["document_id"],
            "amount_minor": -row["amount_minor"],
        }
        documents.append(document)
        refunds.append({"document_id": document["id"], "refund_id": row["id"], "came_back": True})
    return documents, refunds
