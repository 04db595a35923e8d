"""What platforms pay out, as statements: sums of a month, its entries, and what speaks for a dispute (RK-13)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from json import loads
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from countermand import sql
from countermand.channels.models import Channel
from countermand.channels.presets import effective
from countermand.channels.queries import channels
from countermand.overview import cursors
from countermand.payouts.rules import KINDS

PAGE = 50
EXPORTED = 1000  # rows read at a time

MONTH = "e.merchant_id = %(m)s AND e.channel_id = %(channel)s AND e.at >= %(first)s AND e.at < %(last)s"
SUMS = f"""
SELECT e.currency, e.kind, sum(e.amount_minor)::bigint AS amount, sum(e.about_minor)::bigint AS about, count(*) AS entries
FROM payout_entry e WHERE {MONTH} GROUP BY 1, 2 ORDER BY 1
"""
ENTRIES = f"""
SELECT e.id, e.at, e.kind, e.amount_minor, e.about_minor, e.currency, e.order_id, e.cancellation_id, e.evidence,
    o.number, r.read_at
FROM payout_entry e JOIN "order" o ON o.id = e.order_id LEFT JOIN payout_reading r ON r.merchant_id = e.merchant_id
WHERE {MONTH} [after] ORDER BY e.at, e.id LIMIT %(limit)s
"""
BY_ORDER = f"""
SELECT o.number, e.kind, e.currency, sum(e.amount_minor)::bigint AS amount
FROM payout_entry e JOIN "order" o ON o.id = e.order_id
WHERE {MONTH} GROUP BY 1, 2, 3
"""
# Whatever was said and written about a cancellation that cost its commission, with its dates. Ids and codes only.
DISPUTES = f"""
SELECT e.id, e.at AS entered_at, o.number, e.about_minor, e.currency, c.id AS cancellation, c.at, c.by, c.initiated_by,
    c.reason, c.official_request, c.case_reference, c.case_at, c.refund_minor,
    (SELECT string_agg(k.quantity || ' × ' || l.sku, ', ' ORDER BY l.position)
        FROM cancelled_line k JOIN order_line l ON l.id = k.line_id WHERE k.cancellation_id = c.id) AS articles,
    q.route, q.requested_at, q.case_reference AS request_case, q.evidence,
    (SELECT string_agg(coalesce(nullif(m.message_id, ''), m.id::text) || ' (' || m.kind || ', ' || m.state || ')', ' ; '
        ORDER BY m.id) FROM message m WHERE m.cancellation_id = c.id) AS messages
FROM payout_entry e
JOIN cancellation c ON c.id = e.cancellation_id
JOIN "order" o ON o.id = e.order_id
LEFT JOIN LATERAL (
    SELECT q.* FROM buyer_request q WHERE q.order_id = o.id AND (q.id = c.request_id OR q.cancellation_id = c.id)
    ORDER BY q.requested_at LIMIT 1
) q ON true
WHERE {MONTH} AND e.kind = 'commission_kept' [after] ORDER BY e.at, e.id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Month:
    """A month of one channel in the channel's own clock."""

    channel: Channel
    first: date

    @property
    def following(self) -> date:
        return (self.first + timedelta(days=32)).replace(day=1)

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1)

    def asked(self, merchant_id: int) -> dict[str, Any]:
        """This will write the month as a statement asks for it."""
        clock = ZoneInfo(self.channel.timezone)
        first, last = (datetime(day.year, day.month, 1, tzinfo=clock) for day in (self.first, self.following))
        return {"m": merchant_id, "channel": self.channel.id, "first": first, "last": last}


def paid_out(*, merchant_id: int) -> list[Channel]:
    """This will list the merchant's channels whose platform pays out."""
    return [
        channel
        for channel in channels(merchant_id=merchant_id)
        if effective(channel.terms, channel.overrides).commission_on_cancel != "none"
    ]


def sums(*, merchant_id: int, month: Month) -> dict[str, dict[str, dict[str, int]]]:
    """This will add a month up: currency -> kind -> amount, about, entries."""
    found: dict[str, dict[str, dict[str, int]]] = {}
    for row in sql.rows(SUMS, month.asked(merchant_id)):
        empty = {kind: {"amount": 0, "about": 0, "entries": 0} for kind in KINDS}
        found.setdefault(row["currency"], empty)[row["kind"]] = {
            name: row[name] for name in ("amount", "about", "entries")
        }
    return found


def entries(
    *, merchant_id: int, month: Month, cursor: str | None = None, limit: int = PAGE
) -> tuple[list[dict[str, Any]], str | None]:
    """This will list a month's entries, oldest first, and where the next page begins."""
    return _page(ENTRIES, merchant_id, month, cursor, limit)


def every_entry(*, merchant_id: int, month: Month) -> Iterator[dict[str, Any]]:
    """This will hand out all entries of a month, however many."""
    return _all(ENTRIES, merchant_id, month)


def disputes(*, merchant_id: int, month: Month) -> Iterator[dict[str, Any]]:
    """This will hand out every cancellation of a month whose commission stayed due, with its dated evidence (RK-13)."""
    return _all(DISPUTES, merchant_id, month)


def by_order(*, merchant_id: int, month: Month) -> dict[tuple[str, str], tuple[int, str]]:
    """This will add a month up by order and kind: (number, kind) -> (amount, currency)."""
    found = sql.rows(BY_ORDER, month.asked(merchant_id))
    return {(row["number"], row["kind"]): (row["amount"], row["currency"]) for row in found}


def _all(statement: str, merchant_id: int, month: Month) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        rows, cursor = _page(statement, merchant_id, month, cursor, EXPORTED)
        yield from rows
        if cursor is None:
            return


def _page(
    statement: str, merchant_id: int, month: Month, cursor: str | None, limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    asked = month.asked(merchant_id) | {"limit": limit + 1}
    what = ["payouts", merchant_id, str(month.channel.id), month.first.isoformat()]
    after = ""
    if cursor:
        at, entry = cursors.read(cursor, asked=what)
        asked |= {"at": datetime.fromisoformat(at), "id": UUID(entry)}
        after = "AND (e.at, e.id) > (%(at)s, %(id)s)"
    rows = sql.rows(statement.replace("[after]", after), asked)
    more = len(rows) > limit
    rows = rows[:limit]
    for row in rows:
        if isinstance(row.get("evidence"), str) and "kind" in row:
            row["evidence"] = loads(row["evidence"])
    if not more:
        return rows, None
    last = rows[-1]
    at = last["at"] if "kind" in last else last["entered_at"]
    return rows, cursors.make(place=[at.isoformat(), str(last["id"])], asked=what)
