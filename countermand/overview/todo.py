"""« À traiter »: what needs a person now, the longest waiting first."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from countermand import money, sql
from countermand.overview import hide
from countermand.overview.written import day, identity, instant
from countermand.refunds.waiting import STUBBORN_TRIES

# Each kind of work is bounded by itself, so that a thousand of one cannot hide the others.
MOST = 200

# kind -> (subject_id, order_id, since, due_on, amount, error). `since`: when it began to wait for a person.
KINDS = {
    "refund_failed": """
        SELECT r.id, r.order_id, r.settled_at, r.due_at::date, r.amount_minor, r.error
        FROM refund r JOIN "order" o ON o.id = r.order_id
        WHERE r.merchant_id = %(m)s AND r.state IN ('failed', 'bounced')
            AND (o.to_give_back_minor > 0 OR r.kind = 'void')
    """,
    "refund_unknown": f"""
        SELECT r.id, r.order_id, r.created_at, r.due_at::date, r.amount_minor, r.error
        FROM refund r WHERE r.merchant_id = %(m)s AND r.state IN ('planned', 'unknown') AND r.method <> 'manual'
            AND r.tries >= {STUBBORN_TRIES}
    """,
    "refund_by_hand": """
        SELECT r.id, r.order_id, r.created_at, r.due_at::date, r.amount_minor, ''
        FROM refund r WHERE r.merchant_id = %(m)s AND r.state = 'planned' AND r.method = 'manual'
    """,
    "to_give_back": """
        SELECT o.id, o.id, coalesce(c.since, o.received_at), c.due_on, o.to_give_back_minor, ''
        FROM "order" o
        LEFT JOIN LATERAL (
            SELECT min(c.at) AS since, min(c.due_on) AS due_on FROM cancellation c
            WHERE c.order_id = o.id AND c.state <> 'undone'
        ) c ON true
        WHERE o.merchant_id = %(m)s AND o.to_give_back_minor > 0
    """,
    "message_failed": """
        SELECT m.id, m.order_id, m.created_at, NULL::date, NULL::bigint, m.error
        FROM message m WHERE m.merchant_id = %(m)s AND m.state IN ('failed', 'bounced')
    """,
    "to_accept": """
        SELECT o.id, o.id, o.placed_at, NULL::date, o.total_minor, ''
        FROM "order" o WHERE o.merchant_id = %(m)s AND o.status = 'awaiting_acceptance'
    """,
    # The last word with a buyer decides whether to call again.
    "call_again": """
        SELECT k.id, k.order_id, k.call_again_at, NULL::date, NULL::bigint, ''
        FROM contact k
        WHERE k.merchant_id = %(m)s AND k.call_again_at <= %(at)s
            AND NOT EXISTS (SELECT 1 FROM contact l WHERE l.order_id = k.order_id AND l.at > k.at)
    """,
}
COLUMNS = "(subject_id, order_id, since, due_on, amount_minor, error)"
LIST = " UNION ALL ".join(
    f"(SELECT '{kind}' AS kind, x.* FROM ({found}) AS x{COLUMNS} ORDER BY since LIMIT {MOST})"
    for kind, found in KINDS.items()
)
READ = f"""
SELECT t.*, o.number, o.currency, o.customer_name, o.customer_email, o.customer_phone, o.customer_language,
    o.verification, ch.code AS channel
FROM ({LIST}) t JOIN "order" o ON o.id = t.order_id JOIN channel ch ON ch.id = o.channel_id
ORDER BY t.since, t.subject_id
"""
COUNT = " UNION ALL ".join(
    f"SELECT '{kind}', count(*) FROM ({found} LIMIT 1000) AS x" for kind, found in KINDS.items()
)


def to_do(*, merchant_id: int, at: datetime) -> list[dict[str, Any]]:
    """This will list what waits for a person at `at`, the longest waiting first, `MOST` of each kind.

    Kinds: refund_failed, refund_unknown, refund_by_hand, to_give_back, message_failed, to_accept, call_again.
    """
    return [_shape(row, at) for row in sql.rows(READ, {"m": merchant_id, "at": at})]


def counts(*, merchant_id: int, at: datetime) -> dict[str, int]:
    """This will count what waits for a person, by kind; 1000 stands for as many or more."""
    return dict(sql.tuples(COUNT, {"m": merchant_id, "at": at}))


def _shape(row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    who = hide.customer(row)
    amount = row["amount_minor"]
    return {
        "kind": row["kind"],
        "subject": identity(row["subject_id"]),
        "order_id": identity(row["order_id"]),
        "number": row["number"],
        "channel": row["channel"],
        "customer": {"name": who["name"], "email": who["email"], "phone": who["phone"]},
        "since": instant(row["since"]),
        "waiting_seconds": max(0, int((at - row["since"]).total_seconds())),
        "due_on": day(row["due_on"]),
        "amount": money.plain(amount, row["currency"]) if amount is not None else None,
        "currency": row["currency"],
        "error": row["error"] or None,
    }
