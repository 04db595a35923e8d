"""Threads as the outside reads them: one order's with the mails about it, and the list of all that were written.

While an order's payment is being verified, what its buyer wrote is hidden like the buyer is (AZ-11).
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.overview import cursors, hide
from countermand.overview.opened import opened
from countermand.overview.written import identity, instant
from countermand.payments.ledger import terms_of
from countermand.refusals import Refusal

# Three sources in one order of time: what was written, mails about what was decided, and the texts that a channel
# carries itself (RK-4). Each is bounded before they are merged.
ENTRIES = """
SELECT x.* FROM (
    (SELECT e.id, e.at, e.direction, e.kind, e.via, e.text, '' AS subject, e.shortened, e.attachments, e.known_sender,
        e.unedited, e.by, m.id AS message, m.state, m.error, m.sent_at
     FROM thread_entry e LEFT JOIN message m ON m.id = e.message_id
     WHERE e.merchant_id = %(m)s AND e.order_id = %(order)s [e]
     ORDER BY e.at DESC, e.id DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT a.id, a.created_at, 'out', a.kind, 'mail', a.text, a.subject, FALSE, '[]'::jsonb, NULL, FALSE, '', a.id,
        a.state, a.error, a.sent_at
     FROM message a WHERE a.merchant_id = %(m)s AND a.order_id = %(order)s AND a.kind <> 'reply' [a]
     ORDER BY a.created_at DESC, a.id DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT c.id, c.at, 'out', 'cancellation', 'channel', c.message, '', FALSE, '[]'::jsonb, NULL, FALSE, c.by,
        NULL, '', '', NULL
     FROM cancellation c WHERE c.merchant_id = %(m)s AND c.order_id = %(order)s AND c.message <> ''
        AND c.state <> 'undone' AND NOT EXISTS (
            SELECT 1 FROM message k WHERE k.cancellation_id = c.id AND k.kind = 'cancellation') [c]
     ORDER BY c.at DESC, c.id DESC LIMIT %(limit)s)
) x ORDER BY x.at DESC, x.id DESC LIMIT %(limit)s
"""
OF_ORDER = """
SELECT o.id, o.number, o.status, o.verification, o.placed_at, o.customer_name, o.customer_email, o.customer_phone,
    o.customer_language, o.open_requests, c.name AS channel_name, coalesce(t.waiting, 0) AS waiting, t.waiting_since,
    (SELECT jsonb_agg(jsonb_build_object('title', l.title, 'sku', l.sku, 'quantity', l.quantity, 'cancelled',
        l.cancelled, 'shipped', l.shipped) ORDER BY l.position)
        FROM order_line l WHERE l.order_id = o.id AND l.position < %(lines)s) AS lines
FROM "order" o JOIN channel c ON c.id = o.channel_id LEFT JOIN thread t ON t.order_id = o.id
WHERE o.merchant_id = %(m)s AND o.id = %(order)s
"""
LINES_SHOWN = 20
LIST = """
SELECT t.id, t.order_id, t.entries, t.waiting, t.waiting_since, t.last_at, o.number, o.verification, o.status,
    o.customer_name, o.customer_email, o.customer_phone, o.customer_language, o.open_requests,
    c.code AS channel, c.name AS channel_name, c.terms, c.overrides::text AS overrides,
    e.direction, e.kind, left(e.text, 240) AS text, e.by
FROM thread t JOIN "order" o ON o.id = t.order_id JOIN channel c ON c.id = o.channel_id
LEFT JOIN LATERAL (
    SELECT * FROM thread_entry y WHERE y.order_id = t.order_id ORDER BY y.at DESC, y.id DESC LIMIT 1
) e ON TRUE
WHERE t.merchant_id = %(m)s AND t.entries > 0 {conditions}
ORDER BY {order} LIMIT %(limit)s
"""
WAITING = (
    "AND t.waiting > 0",
    "t.waiting_since, t.id",
    "(t.waiting_since, t.id) > (%(at)s::timestamptz, %(id)s::uuid)",
)
ALL = ("", "t.last_at DESC, t.id DESC", "(t.last_at, t.id) < (%(at)s::timestamptz, %(id)s::uuid)")


def thread_page(
    *, merchant_id: int, order_id: UUID, limit: int = 50, cursor: str | None = None
) -> dict[str, Any]:
    """This will list what was written about an order, newest first: `{items, next, waiting, waiting_since, hidden}`.

    `order` is what a reader needs of it beside. Refuses `not_found`.
    """
    cursors.checked(limit)
    order = sql.one(OF_ORDER, {"m": merchant_id, "order": order_id, "lines": LINES_SHOWN})
    if order is None:
        raise Refusal("not_found", "no such order")
    asked = ["thread", merchant_id, str(order_id)]
    values: dict[str, Any] = {"m": merchant_id, "order": order_id, "limit": limit + 1}
    after = {"e": "", "a": "", "c": ""}
    if cursor:
        values |= dict(zip(("at", "id"), cursors.read(cursor, asked=asked), strict=True))
        after = {
            alias: f"AND ({alias}.{column}, {alias}.id) < (%(at)s::timestamptz, %(id)s::uuid)"
            for alias, column in (("e", "at"), ("a", "created_at"), ("c", "at"))
        }
    statement = ENTRIES
    for alias, condition in after.items():
        statement = statement.replace(f"[{alias}]", condition)
    found = [opened(row, "attachments") for row in sql.rows(statement, values)]
    shown, more = found[:limit], len(found) > limit
    last = shown[-1] if more else None
    return {
        "items": [entry(row, hidden=hide.hidden(order)) for row in shown],
        "next": cursors.make(place=[last["at"].isoformat(), str(last["id"])], asked=asked) if last else None,
        "waiting": order["waiting"],
        "waiting_since": instant(order["waiting_since"]),
        "hidden": hide.hidden(order),
        "order": {
            "id": identity(order["id"]),
            "number": order["number"],
            "status": order["status"],
            "channel_name": order["channel_name"],
            "placed_at": instant(order["placed_at"]),
            "open_requests": order["open_requests"],
            "customer": hide.customer(order),
            "lines": opened(order, "lines")["lines"] or [],
        },
    }


def entry(row: dict[str, Any], *, hidden: bool = False) -> dict[str, Any]:
    """This will write one message as the API does. What a buyer wrote is empty while the buyer is hidden."""
    veiled = hidden and row["direction"] == "in"
    return {
        "id": identity(row["id"]),
        "at": instant(row["at"]),
        "direction": row["direction"],
        "kind": row["kind"],
        "via": row["via"],
        "text": "" if veiled else row["text"],
        "subject": row["subject"],
        "shortened": row["shortened"],
        "attachments": [] if veiled else row["attachments"],
        "known_sender": row["known_sender"],
        "unedited": row["unedited"],
        "by": row["by"],
        "message": str(row["message"]) if row["message"] else None,
        "state": row["state"] or "",
        "error": row["error"] or "",
        "sent_at": instant(row["sent_at"]),
    }


def threads(
    *, merchant_id: int, only_waiting: bool = False, limit: int = 50, cursor: str | None = None
) -> dict[str, Any]:
    """This will list threads: all with the latest word first, or those that wait for an answer, the longest first."""
    cursors.checked(limit)
    asked = ["threads", merchant_id, only_waiting]
    condition, order, beyond = WAITING if only_waiting else ALL
    values: dict[str, Any] = {"m": merchant_id, "limit": limit + 1}
    if cursor:
        values |= dict(zip(("at", "id"), cursors.read(cursor, asked=asked), strict=True))
        condition += f" AND {beyond}"
    found = sql.rows(LIST.format(conditions=condition, order=order), values)
    shown, more = found[:limit], len(found) > limit
    last, column = (shown[-1] if more else None), "waiting_since" if only_waiting else "last_at"
    return {
        "items": [_thread(row) for row in shown],
        "next": cursors.make(place=[last[column].isoformat(), str(last["id"])], asked=asked)
        if last
        else None,
    }


def _thread(row: dict[str, Any]) -> dict[str, Any]:
    since: datetime | None = row["waiting_since"]
    hours = terms_of(row["terms"], row["overrides"]).reply_hours
    veiled = hide.hidden(row) and row["direction"] == "in"
    return {
        "order_id": identity(row["order_id"]),
        "number": row["number"],
        "channel": row["channel"],
        "channel_name": row["channel_name"],
        "status": row["status"],
        "customer": hide.customer(row),
        "hidden": hide.hidden(row),
        "entries": row["entries"],
        "waiting": row["waiting"],
        "waiting_since": instant(since),
        "answer_by": instant(since + timedelta(hours=hours)) if since and hours else None,
        "open_requests": row["open_requests"],
        "last_at": instant(row["last_at"]),
        "last": {
            "direction": row["direction"],
            "kind": row["kind"],
            "text": "" if veiled else row["text"],
            "by": row["by"],
        },
    }
