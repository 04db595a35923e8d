"""Orders in a list, newest first, found by words and filters, page by page in a fixed number of statements."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.overview import cursors, hide
from countermand.overview.orders.asking import Question, question
from countermand.overview.orders.parts import amounts
from countermand.overview.orders.possible import Sums, row_action
from countermand.overview.written import day, identity, instant
from countermand.payments.ledger import terms_of

# A common word is found among the newest orders long before its index is read through; a rare one is looked
# up in the index. What is common and only old is sought a stretch at a time (docs/decisions/0000, Tables).
NEWEST = 1_000
LIKELY = 3  # that many among the newest: a stretch will fill a page
MOST_HITS = 50_000
STRETCH = 20_000

ALL = """
SELECT o.* FROM "order" o WHERE o.merchant_id = %(m)s [after] [conditions]
ORDER BY o.placed_at DESC, o.id DESC LIMIT %(limit)s
"""
AMONG_NEWEST = """
SELECT o.* FROM (
    SELECT o.id, o.placed_at, o.words FROM order_words o WHERE o.merchant_id = %(m)s [after]
    ORDER BY o.placed_at DESC, o.id DESC LIMIT %(newest)s
) newest JOIN "order" o ON o.id = newest.id
WHERE [words] [conditions]
ORDER BY newest.placed_at DESC, newest.id DESC LIMIT %(limit)s
"""
WORDS = "newest.words @@ %(query)s::tsquery"
# The words alone first, and kept apart: else the planner may walk the whole list in its order instead. Planned for
# all they find, read until there are too many.
FOUND = """
WITH found AS MATERIALIZED (SELECT o.id, o.placed_at FROM order_words o WHERE o.words @@ %(query)s::tsquery),
few AS MATERIALIZED (SELECT id, placed_at FROM found LIMIT %(most)s + 1)
"""
# What the index scan has read puts them in order; only as many orders as fill the page are read whole and judged.
BY_INDEX = (
    FOUND
    + """
SELECT o.* FROM (
    SELECT o.id, o.placed_at FROM few o WHERE (SELECT count(*) FROM few) <= %(most)s [after]
    ORDER BY o.placed_at DESC, o.id DESC
) hit JOIN "order" o ON o.id = hit.id
WHERE o.merchant_id = %(m)s [conditions]
ORDER BY hit.placed_at DESC, hit.id DESC LIMIT %(limit)s
"""
)
HITS = """
WITH found AS MATERIALIZED (SELECT 1 FROM order_words o WHERE o.words @@ %(query)s::tsquery)
SELECT count(*) FROM (SELECT 1 FROM found LIMIT %(most)s + 1) few
"""
END = """
SELECT o.placed_at, o.id FROM "order" o WHERE o.merchant_id = %(m)s [after]
ORDER BY o.placed_at DESC, o.id DESC OFFSET %(newest)s - 1 LIMIT 1
"""
AFTER = "AND (o.placed_at, o.id) < (%(after_at)s::timestamptz, %(after_id)s::uuid)"

IDS = "SELECT o.id, o.placed_at FROM ([page]) o ORDER BY o.placed_at DESC, o.id DESC"

ROWS = """
SELECT o.id, o.number, ch.code AS channel, ch.name AS channel_name, o.placed_at, o.ship_by, o.status, o.payment_status,
    o.verification, o.customer_name, o.customer_email, o.customer_phone, o.customer_language, o.currency,
    o.article_count, o.cancel_reason, o.cancelled_at, o.open_requests, o.risk_level, o.total_minor, o.captured_minor,
    o.refunded_minor, o.in_flight_minor, o.waived_minor, o.to_give_back_minor, u.cancelled, u.shipped, u.returned,
    ch.terms, ch.overrides::text AS overrides,
    coalesce((SELECT t.waiting FROM thread t WHERE t.order_id = o.id), 0) AS waiting_messages,
    o.status = 'shipped' AND EXISTS (SELECT 1 FROM fulfilment f WHERE f.order_id = o.id AND NOT f.confirmed
        AND f.back_at IS NULL) AS unconfirmed,
    greatest(0, u.kept + o.retained_minor
        + o.shipping_minor - greatest(o.shipping_released_minor, o.shipping_given_minor)
        + o.fees_minor - greatest(o.fees_released_minor, o.fees_given_minor) - o.goodwill_minor)::bigint AS kept
FROM ([page]) o
JOIN channel ch ON ch.id = o.channel_id
CROSS JOIN LATERAL (
    SELECT sum(l.cancelled)::int AS cancelled, sum(l.shipped)::int AS shipped, sum(l.returned)::int AS returned,
        sum(l.total_minor - greatest(l.gone_minor, l.given_minor))::bigint AS kept
    FROM order_line l WHERE l.order_id = o.id
) u
ORDER BY o.placed_at DESC, o.id DESC
"""


def order_list(
    *,
    merchant_id: int,
    q: str = "",
    filters: Mapping[str, str] | None = None,
    limit: int = 50,
    cursor: str | None = None,
    role: str = "",
) -> dict[str, Any]:
    """This will list orders as `GET /orders` does: `{items, next}`. `filters` are those of a door's own
    parameters (`channel`, `number`, …), beside the words and filters in `q`. A page may hold less than
    `limit`, even nothing, and yet have a `next`: what is common among old orders only is sought in stretches.

    Refuses `unknown_filter`, `invalid_filter`, `cursor_differs`, `invalid_cursor`, `invalid_limit`.
    """
    cursors.checked(limit)
    asked = question(merchant_id=merchant_id, q=q, filters=filters)
    described = ["orders", merchant_id, asked.query, asked.conditions, asked.values]
    place = cursors.read(cursor, asked=described) if cursor else None
    found, end = _page(asked, place=place, limit=limit + 1)
    items = found[:limit]
    if len(found) > limit:
        end = [items[-1]["placed_at"].isoformat(), str(items[-1]["id"])]
    following = cursors.make(place=end, asked=described) if end else None
    return {"items": [row_shape(row, role=role) for row in items], "next": following}


def order_ids(*, merchant_id: int, q: str, most: int) -> list[UUID]:
    """This will name the orders that a search finds, newest first, `most` at most. Refuses what `order_list` does."""
    asked = question(merchant_id=merchant_id, q=q)
    found: list[UUID] = []
    place: list[str] | None = None
    while len(found) < most:
        rows, place = _page(asked, place=place, limit=most - len(found), columns=IDS)
        found += [row["id"] for row in rows]
        if place is None:
            break
    return found


def _page(
    asked: Question, *, place: list[str] | None, limit: int, columns: str = ROWS
) -> tuple[list[dict[str, Any]], list[str] | None]:
    """The rows of one page; and, where a stretch was sought that did not fill it, the place at which it ended."""
    values = {**asked.values, "m": asked.merchant_id, "limit": limit, "query": asked.query, "most": MOST_HITS}
    if place:
        values |= {"after_at": place[0], "after_id": place[1]}

    def filled(text: str) -> str:
        conditions = "".join(f"AND {condition} " for condition in asked.conditions)
        text = text.replace("[words]", WORDS if asked.query else "true")
        return text.replace("[after]", AFTER if place else "").replace("[conditions]", conditions)

    def rows(page: str, newest: int = 0) -> list[dict[str, Any]]:
        return sql.rows(columns.replace("[page]", filled(page)), {**values, "newest": newest}, kept=False)

    if not asked.query and not asked.walks:
        return rows(ALL), None
    found = rows(AMONG_NEWEST, NEWEST)
    if len(found) == limit:
        return found, None
    rare = len(found) < LIKELY
    if asked.query and rare and (all_of_it := _by_index(asked, rows, values)) is not None:
        return all_of_it, None
    found = rows(AMONG_NEWEST, STRETCH)
    if len(found) == limit:
        return found, None
    if asked.query and not rare and (all_of_it := _by_index(asked, rows, values)) is not None:
        return all_of_it, None
    end = sql.tuples(filled(END), {**values, "newest": STRETCH})
    return found, [end[0][0].isoformat(), str(end[0][1])] if end else None


def _by_index(
    asked: Question, rows: Callable[[str], list[dict[str, Any]]], values: dict[str, Any]
) -> list[dict[str, Any]] | None:
    """What the index finds, in the list's order; None where that is too much to put in order."""
    found = rows(BY_INDEX)
    if found or sql.tuples(HITS, values)[0][0] <= MOST_HITS:
        return found
    return None


def row_shape(row: Mapping[str, Any], *, role: str = "") -> dict[str, Any]:
    """This will write an order as a row of a list; where the buyer is hidden, so are they here."""
    who = hide.customer(row)
    minor = {
        name: row[f"{name}_minor"]
        for name in ("total", "captured", "refunded", "in_flight", "waived", "to_give_back")
    }
    sums = Sums(
        status=row["status"],
        verification=row["verification"],
        ordered=row["article_count"],
        cancelled=row["cancelled"],
        shipped=row["shipped"],
        returned=row["returned"],
        unconfirmed=row["unconfirmed"],
    )
    return {
        "id": identity(row["id"]),
        "number": row["number"],
        "channel": row["channel"],
        "channel_name": row["channel_name"],
        "placed_at": instant(row["placed_at"]),
        "ship_by": day(row["ship_by"]),
        "status": row["status"],
        "state": sums.state,
        "payment_status": row["payment_status"],
        "customer": {"name": who["name"], "email": who["email"]},
        "customer_hidden": hide.hidden(row),
        "currency": row["currency"],
        "articles": row["article_count"],
        "cancelled_articles": row["cancelled"],
        "cancel_reason": row["cancel_reason"],
        "cancelled_at": instant(row["cancelled_at"]),
        "risk_level": row["risk_level"],
        "fraud_hold": row["cancel_reason"] == "fraud_suspected" and sums.open > 0,
        "money": amounts(row["currency"], **minor, due=max(0, row["kept"] - row["captured_minor"])),
        "action": row_action(sums, terms=terms_of(row["terms"], row["overrides"]), role=role),
        "open_requests": row["open_requests"],
        "waiting_messages": row["waiting_messages"],
    }
