"""Questions about runs: how far one is, what it would do or did, and to which orders."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.bulk.choices import OpenLine
from countermand.bulk.models import BulkRow, BulkRun
from countermand.performance.rules import percentage
from countermand.refusals import Refusal

PAGE = 50

SUMS = """
SELECT r.state, r.currency, count(*), coalesce(sum(r.articles), 0)::bigint, coalesce(sum(r.refund_minor), 0)::bigint,
    coalesce(sum(r.restocked), 0)::bigint, count(*) FILTER (WHERE r.mailed)
FROM bulk_row r WHERE r.merchant_id = %(m)s AND r.run_id = %(run)s GROUP BY 1, 2
"""
WHY = """
SELECT code, count(*) FROM bulk_row WHERE merchant_id = %(m)s AND run_id = %(run)s AND state = 'refused'
GROUP BY 1 ORDER BY 2 DESC, 1
"""
RATES = """
SELECT o.channel_id, ch.name, sum(r.rate_orders)::bigint, sum(r.rate_articles)::bigint
FROM bulk_row r JOIN "order" o ON o.id = r.order_id JOIN channel ch ON ch.id = o.channel_id
WHERE r.merchant_id = %(m)s AND r.run_id = %(run)s AND r.state NOT IN ('left_out', 'refused', 'stopped')
GROUP BY 1, 2 ORDER BY 2
"""
ROWS = """
SELECT r.id, r.position, r.state, r.articles, r.refund_minor, r.currency, r.restocked, r.mailed, r.code, r.units,
    r.cancellation_id, r.undo_until, r.ended_at, o.id AS order_id, o.number, o.customer_name, o.customer_email,
    o.customer_phone, o.customer_language, o.verification, o.article_count, o.placed_at, o.total_minor,
    o.currency AS order_currency, ch.name AS channel_name, c.state AS cancellation_state
FROM bulk_row r JOIN "order" o ON o.id = r.order_id JOIN channel ch ON ch.id = o.channel_id
LEFT JOIN cancellation c ON c.id = r.cancellation_id
WHERE r.merchant_id = %(m)s AND r.run_id = %(run)s AND r.position > %(after)s
    AND (%(states)s::text[] IS NULL OR r.state = ANY(%(states)s))
ORDER BY r.position LIMIT %(limit)s
"""
LINES = """
SELECT order_id, reference, quantity - cancelled - shipped FROM order_line
WHERE merchant_id = %s AND order_id = ANY(%s) AND sku = %s AND quantity > cancelled + shipped ORDER BY order_id, position
"""


@dataclass(slots=True)
class Sums:
    """How many rows are in each state; what goes back, by currency, for those that are meant or done."""

    states: dict[str, int] = field(default_factory=dict)
    money: dict[str, int] = field(default_factory=dict)
    articles: int = 0
    restocked: int = 0
    mails: int = 0

    def count(self, *states: str) -> int:
        """This will count the rows in these states."""
        return sum(self.states.get(state, 0) for state in states)

    @property
    def meant(self) -> int:
        """This will count the orders that the run is about: all but those left out."""
        return sum(count for state, count in self.states.items() if state != "left_out")


@dataclass(frozen=True, slots=True)
class RateMove:
    """What a run makes of one channel's rate; per cent as text, "" for no limit."""

    channel: str
    before: str
    after: str
    limit: str


def run(*, merchant_id: int, run_id: UUID) -> BulkRun:
    """This will find a run. Refuses `not_found`."""
    found = BulkRun.of(merchant_id).filter(id=run_id).first()
    if found is None:
        raise Refusal("not_found", "no such run")
    return found


def latest(*, merchant_id: int, limit: int = 20) -> list[BulkRun]:
    """This will list the runs that were begun, newest first."""
    begun = BulkRun.of(merchant_id).exclude(state__in=("draft", "judged"))
    return list(begun.order_by("-created_at")[:limit])


def sums(*, merchant_id: int, run_id: UUID) -> Sums:
    """This will count a run's rows by state and add up what those that are meant or done give back."""
    found = Sums()
    for state, currency, count, articles, refund, restocked, mails in sql.tuples(
        SUMS, {"m": merchant_id, "run": run_id}
    ):
        found.states[state] = found.states.get(state, 0) + count
        if state in ("planned", "running", "done"):
            found.articles += articles
            found.restocked += restocked
            found.mails += mails
            if refund:
                found.money[currency] = found.money.get(currency, 0) + refund
    return found


def reasons_why(*, merchant_id: int, run_id: UUID) -> list[tuple[str, int]]:
    """This will count refused rows by what refused them, the most frequent first."""
    return [(code, count) for code, count in sql.tuples(WHY, {"m": merchant_id, "run": run_id})]


def rates(*, merchant_id: int, run: BulkRun) -> list[RateMove]:
    """This will say what a run makes of the rate of each channel: what it was when shown, with what is meant added."""
    moves = []
    for channel_id, name, orders, articles in sql.tuples(RATES, {"m": merchant_id, "run": run.id}):
        known: Mapping[str, Any] | None = run.rates.get(str(channel_id))
        if known is None:
            continue
        more = articles if known["unit"] == "article" else orders
        before = percentage(known["cancelled"], known["total"])
        after = percentage(known["cancelled"] + more, known["total"])
        moves.append(RateMove(name, before, after, known["limit"]))
    return moves


def rows(
    *,
    merchant_id: int,
    run_id: UUID,
    states: tuple[str, ...] | None = None,
    after: int = 0,
    limit: int = PAGE,
) -> list[dict[str, Any]]:
    """This will list a run's rows with their orders, from the one after position `after`."""
    asked = {
        "m": merchant_id,
        "run": run_id,
        "after": after,
        "limit": limit,
        "states": list(states) if states else None,
    }
    return sql.rows(ROWS, asked)


def open_lines(*, merchant_id: int, order_ids: list[UUID], sku: str) -> dict[UUID, list[OpenLine]]:
    """This will say which lines of these orders have open units of an article."""
    found: dict[UUID, list[OpenLine]] = {}
    for order_id, reference, still in sql.tuples(LINES, (merchant_id, order_ids, sku)):
        found.setdefault(order_id, []).append(OpenLine(reference, still))
    return found


def row(*, merchant_id: int, run_id: UUID, row_id: UUID) -> BulkRow:
    """This will find one row of a run. Refuses `not_found`."""
    found = BulkRow.of(merchant_id).filter(run_id=run_id, id=row_id).first()
    if found is None:
        raise Refusal("not_found", "no such row")
    return found
