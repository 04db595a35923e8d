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
ORDERS = f"""
SELECT found.*, o.number FROM (
    SELECT e.order_id, e.currency, min(e.at) AS at, sum(e.amount_minor)::bigint AS net,
        coalesce(sum(e.amount_minor) FILTER (WHERE e.kind = 'sale'), 0)::bigint AS sale,
        coalesce(sum(e.amount_minor) FILTER (WHERE e.kind IN ('commission', 'commission_back')), 0)::bigint AS commission,
        coalesce(sum(e.amount_minor) FILTER (WHERE e.kind IN ('reversal', 'refund')), 0)::bigint AS gone,
        coalesce(sum(e.about_minor) FILTER (WHERE e.kind = 'commission_kept'), 0)::bigint AS kept,
        jsonb_agg(e.evidence ORDER BY e.number) FILTER (WHERE e.kind = 'reversal') AS evidence
    FROM payout_entry e WHERE {MONTH} GROUP BY e.order_id, e.currency
) found JOIN "order" o ON o.id = found.order_id
WHERE [after] ORDER BY found.at DESC, found.order_id DESC LIMIT %(limit)s
"""
ENTRIES = f"""
SELECT e.at AS entered_at, e.kind, e.amount_minor, e.about_minor, e.currency, e.order_id, e.number AS entry,
    e.cancellation_id, e.evidence AS proof, o.number
FROM payout_entry e JOIN "order" o ON o.id = e.order_id
WHERE {MONTH} AND [after] ORDER BY e.at, e.order_id, e.number LIMIT %(limit)s
"""
BY_ORDER = f"""
SELECT o.number, e.kind, e.currency, sum(e.amount_minor)::bigint AS amount
FROM payout_entry e JOIN "order" o ON o.id = e.order_id
WHERE {MONTH} GROUP BY 1, 2, 3
"""
# Whatever was said and written about a cancellation that cost its commission, with its dates. Ids and codes only.
DISPUTES = f"""
SELECT e.at AS entered_at, e.order_id, e.number AS entry, o.number, e.about_minor, e.currency, c.id AS cancellation, c.at, c.by, c.initiated_by,
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
WHERE {MONTH} AND e.kind = 'commission_kept' AND [after]
ORDER BY e.at, e.order_id, e.number LIMIT %(limit)s
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


def orders(
    *, merchant_id: int, month: Month, cursor: str | None = None, limit: int = PAGE
) -> tuple[list[dict[str, Any]], str | None]:
    """This will list a month order by order, newest first, and where the next page begins. Minor units."""
    what = ["payouts", merchant_id, str(month.channel.id), month.first.isoformat()]
    asked = month.asked(merchant_id) | {"limit": limit + 1}
    after = "true"
    if cursor:
        at, order_id = cursors.read(cursor, asked=what)
        asked |= {"after": datetime.fromisoformat(at), "order": UUID(order_id)}
        after = "(found.at, found.order_id) < (%(after)s, %(order)s)"
    rows = sql.rows(ORDERS.replace("[after]", after), asked)
    more, rows = len(rows) > limit, rows[:limit]
    for row in rows:
        row["evidence"] = loads(row["evidence"] or "[]")
    if not more:
        return rows, None
    last = rows[-1]
    return rows, cursors.make(place=[last["at"].isoformat(), str(last["order_id"])], asked=what)


def every_entry(*, merchant_id: int, month: Month) -> Iterator[dict[str, Any]]:
    """This will hand out all entries of a month, oldest first, however many."""
    for row in _all(ENTRIES, merchant_id, month):
        yield {**row, "evidence": loads(row["proof"])}


def disputes(*, merchant_id: int, month: Month) -> Iterator[dict[str, Any]]:
    """This will hand out every cancellation of a month whose commission stayed due, with its dated evidence (RK-13)."""
    return _all(DISPUTES, merchant_id, month)


def by_order(*, merchant_id: int, month: Month) -> dict[tuple[str, str], tuple[int, str]]:
    """This will add a month up by order and kind: (number, kind) -> (amount, currency)."""
    found = sql.rows(BY_ORDER, month.asked(merchant_id))
    return {(row["number"], row["kind"]): (row["amount"], row["currency"]) for row in found}


def _all(statement: str, merchant_id: int, month: Month) -> Iterator[dict[str, Any]]:
    """Reads on from the last row of each page, so that memory is that of a page."""
    asked = month.asked(merchant_id) | {"limit": EXPORTED}
    after = "true"
    while True:
        rows = sql.rows(statement.replace("[after]", after), asked)
        yield from rows
        if len(rows) < EXPORTED:
            return
        asked |= {"at": rows[-1]["entered_at"], "order": rows[-1]["order_id"], "entry": rows[-1]["entry"]}
        after = "(e.at, e.order_id, e.number) > (%(at)s, %(order)s, %(entry)s)"
