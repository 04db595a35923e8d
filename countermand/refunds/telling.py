"""The mail that says that money is on its way: one per reimbursement, once all of it has moved.

Source: SG-4, SG-6, SG-8. The words are made when it is sent (correspondence); here are the facts.
"""

from collections.abc import Iterable
from datetime import datetime
from json import loads
from typing import Any
from uuid import UUID

from countermand import ids, sql

TELL = """
UPDATE reimbursement b SET told_at = %(at)s
WHERE b.merchant_id = %(m)s AND b.id = ANY(%(ids)s) AND b.notify AND b.told_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM refund r WHERE r.order_id = b.order_id AND r.reimbursement_id = b.id
        AND r.state NOT IN ('succeeded', 'withdrawn'))
RETURNING b.id, b.order_id, b.reason,
    (SELECT o.number FROM "order" o WHERE o.id = b.order_id) AS number,
    (SELECT jsonb_agg(jsonb_build_object('method', p.method, 'amount_minor', r.amount_minor, 'how', r.method,
        'kind', r.kind, 'currency', r.currency) ORDER BY r.id)
     FROM refund r JOIN payment_share s ON s.id = r.share_id JOIN payment p ON p.id = s.payment_id
     WHERE r.order_id = b.order_id AND r.reimbursement_id = b.id AND r.state = 'succeeded') AS methods
"""
MESSAGES = "INSERT INTO message SELECT * FROM jsonb_populate_recordset(NULL::message, %s)"


def tell(*, merchant_id: int, reimbursement_ids: Iterable[UUID], at: datetime) -> None:
    """This will plan the mails of those reimbursements whose last refund has just succeeded."""
    wanted = list(reimbursement_ids)
    due = sql.rows(TELL, {"m": merchant_id, "ids": wanted, "at": at}) if wanted else []
    messages = [_message(merchant_id, row, at) for row in due if row["methods"]]
    if messages:
        sql.execute(MESSAGES, (sql.json(messages),))


def _message(merchant_id: int, row: dict[str, Any], at: datetime) -> dict[str, Any]:
    methods = loads(row["methods"])
    facts = {
        "number": row["number"],
        "currency": methods[0]["currency"],
        "refund_minor": sum(method["amount_minor"] for method in methods),
        "when": "now",
        "methods": methods,
        "message": "",
    }
    return {
        "id": ids.new(),
        "merchant_id": merchant_id,
        "order_id": row["order_id"],
        "kind": "refund",
        "cancellation_id": None,
        "reimbursement_id": row["id"],
        "facts": facts,
        "state": "planned",
        "not_before": at,
        "lease_until": None,
        "tries": 0,
        "error": "",
        "recipient": "",
        "subject": "",
        "text": "",
        "html": "",
        "message_id": "",
        "created_at": at,
        "sent_at": None,
    }
