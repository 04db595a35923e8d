"""« Journal d'activité »: what was done by whom, newest first, each page bounded however rare what is looked for."""

from typing import Any
from uuid import UUID

from countermand import sql
from countermand.overview.moments import moment
from countermand.refusals import Refusal

AREAS = {
    "orders": (
        "order",
        "cancellation",
        "contact",
        "step",
        "ticket",
        "offer",
        "approval",
        "handover",
        "return",
        "intercept",
    ),
    "money": ("refund", "payment", "credit", "voucher", "document", "capture"),
    "stock": ("stock", "item"),
    "mails": ("message", "letter"),
    "settings": (
        "merchant",
        "member",
        "invitation",
        "token",
        "channel",
        "wording",
        "template",
        "reply_text",
        "how_to",
        "practice",
        "till",
        "webhook",
        "rules",
    ),
}
MACHINE = ("worker", "clock")
# A name that did little is looked for in so many events a page; the next page goes on where this one stopped.
LOOKED_AT = 5000

# The stretch is cut off before anything is filtered: the index on (merchant_id, xid, id) reads it backwards.
PAGE = """
WITH stretch AS MATERIALIZED (
    SELECT e.xid, e.id, e.at, e.kind, e.by, e.order_id, e.subject_type, e.subject_id, e.facts
    FROM event e
    WHERE e.merchant_id = %(m)s AND (e.xid, e.id) < (%(xid)s::text::xid8, %(id)s)
    ORDER BY e.xid DESC, e.id DESC LIMIT %(looked)s
), last AS (SELECT xid::text AS xid, id FROM stretch ORDER BY stretch.xid, stretch.id LIMIT 1),
counted AS (SELECT count(*) AS seen FROM stretch)
SELECT s.xid::text AS xid, s.id, s.at, s.kind, s.by, s.order_id, s.subject_type, s.subject_id, s.facts,
    o.currency, o.number, last.xid AS last_xid, last.id AS last_id, counted.seen
FROM last CROSS JOIN counted LEFT JOIN LATERAL (
    SELECT * FROM stretch WHERE [where] ORDER BY stretch.xid DESC, stretch.id DESC LIMIT %(limit)s
) s ON true
LEFT JOIN "order" o ON o.id = s.order_id
ORDER BY s.xid::text::xid8 DESC, s.id DESC
"""
OF_CHANNEL = """
SELECT e.xid::text AS xid, e.id, e.at, e.kind, e.by, e.order_id, e.subject_type, e.subject_id, e.facts,
    NULL AS currency
FROM (
    SELECT * FROM event WHERE merchant_id = %(m)s ORDER BY xid DESC, id DESC LIMIT %(looked)s
) e
WHERE e.subject_type = 'channel' AND e.subject_id = %(channel)s ORDER BY e.xid DESC, e.id DESC LIMIT %(limit)s
"""
FIRST = ("18446744073709551615", 9223372036854775807)


def activity(
    *, merchant_id: int, by: str = "", area: str = "", before: str = "", limit: int = 50
) -> dict[str, Any]:
    """This will list what was done: `{items, next}`; `by` a name of the history, "" for all people and programs.

    Each item is as in GET /events, with the order's number. Refuses `invalid_cursor`.
    """
    xid, number = _place(before)
    wheres = ["by = %(by)s" if by else "NOT by = ANY(%(machine)s)"]
    if area in AREAS:
        wheres.append("split_part(kind, '.', 1) = ANY(%(kinds)s)")
    found = sql.rows(
        PAGE.replace("[where]", " AND ".join(wheres)),
        {
            "m": merchant_id,
            "xid": xid,
            "id": number,
            "looked": LOOKED_AT,
            "by": by,
            "machine": list(MACHINE),
            "kinds": list(AREAS.get(area, ())),
            "limit": limit + 1,
        },
    )
    items = [moment(row) | {"number": row["number"]} for row in found[:limit] if row["id"] is not None]
    if len(found) > limit:
        return {"items": items, "next": items[-1]["id"]}
    whole = bool(found) and found[0]["seen"] == LOOKED_AT
    return {"items": items, "next": f"{found[0]['last_xid']}-{found[0]['last_id']}" if whole else None}


def _place(before: str) -> tuple[str, int]:
    if not before:
        return FIRST
    xid, dash, number = before.partition("-")
    whole = xid.isascii() and xid.isdigit() and number.isascii() and number.isdigit()
    if not dash or not whole or len(xid) > 19 or len(number) > 18:
        raise Refusal("invalid_cursor", "`before` is the id of an event", field="before")
    return xid, int(number)


def of_channel(*, merchant_id: int, channel_id: UUID, limit: int = 20) -> list[dict[str, Any]]:
    """This will list the latest changes of a channel, newest first, as far back as one look goes."""
    ask = {"m": merchant_id, "channel": channel_id, "looked": LOOKED_AT, "limit": limit}
    return [moment(row) for row in sql.rows(OF_CHANNEL, ask)]
