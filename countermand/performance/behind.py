"""The orders behind a channel's rate: every cancellation of its window, whether it counts, and why (AZ-8).

Read from the orders themselves and not from the sums, so that what a page explains is what the rate is made of.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from json import loads
from typing import Any, NamedTuple
from uuid import UUID

from countermand import sql
from countermand.channels.presets import Terms
from countermand.performance.guard import DaySums
from countermand.performance.rules import Rate, window
from countermand.reasons import REASONS

# Orders of the window of which something was called off, by the index of reasons.
TOUCHED = """
    SELECT o.id, o.number, o.placed_at, o.placed_on, o.article_count, o.counted_cancellations AS counted, o.status
    FROM "order" o
    WHERE o.merchant_id = %(m)s AND o.cancel_reason = ANY(%(reasons)s) AND o.channel_id = %(channel)s
        AND o.placed_on BETWEEN %(first)s AND %(last)s
        AND o.placed_at >= %(first)s::date::timestamp AT TIME ZONE 'UTC' - interval '1 day'
        AND o.placed_at < %(last)s::date::timestamp AT TIME ZONE 'UTC' + interval '2 days'
"""
SUMMARY = f"""
SELECT c.counts_in_rate, c.counts_why, c.reason, count(DISTINCT c.order_id)::int, sum(k.units)::int
FROM ({TOUCHED}) o JOIN cancellation c ON c.order_id = o.id AND c.state <> 'undone'
CROSS JOIN LATERAL (SELECT sum(quantity) AS units FROM cancelled_line WHERE cancellation_id = c.id) k
GROUP BY 1, 2, 3
"""
# An order belongs to those that count as soon as one of its cancellations does.
LIST = f"""
WITH page AS MATERIALIZED (
    SELECT * FROM ({TOUCHED}) o
    WHERE (o.placed_at, o.id) < (%(placed_at)s, %(id)s) AND (o.counted > 0) = %(counting)s
        AND EXISTS (SELECT 1 FROM cancellation c WHERE c.order_id = o.id AND c.state <> 'undone')
    ORDER BY o.placed_at DESC, o.id DESC LIMIT %(limit)s
)
SELECT p.*, (
    SELECT jsonb_agg(jsonb_build_object('id', c.id, 'at', c.at, 'by', c.by, 'initiated_by', c.initiated_by,
        'reason', c.reason, 'counts', c.counts_in_rate, 'why', c.counts_why,
        'units', (SELECT sum(quantity) FROM cancelled_line k WHERE k.cancellation_id = c.id)) ORDER BY c.at, c.id)
    FROM cancellation c WHERE c.order_id = p.id AND c.state <> 'undone'
) AS cancellations
FROM page p ORDER BY p.placed_at DESC, p.id DESC
"""
DAYS = """
SELECT day, sum(orders)::bigint, sum(articles)::bigint, sum(orders_cancelled)::bigint, sum(articles_cancelled)::bigint
FROM (
    SELECT day, orders, articles, orders_cancelled, articles_cancelled FROM rate_day
    WHERE channel_id = %(channel)s AND merchant_id = %(m)s AND day BETWEEN %(first)s AND %(last)s
    UNION ALL
    SELECT day, orders, articles, orders_cancelled, articles_cancelled FROM rate_change
    WHERE merchant_id = %(m)s AND channel_id = %(channel)s AND day BETWEEN %(first)s AND %(last)s
) days GROUP BY day
"""
LATEST = ("9000-01-01T00:00:00+00:00", str(UUID(int=2**128 - 1)))


class Said(NamedTuple):
    """What was called off in the window for one reason, and counts or not for one `why` (of `counting.WHYS`)."""

    counts: bool
    why: str
    reason: str
    orders: int
    articles: int


@dataclass(frozen=True, slots=True)
class Behind:
    """An order behind the rate, with its cancellations that stand, oldest first."""

    id: UUID
    number: str
    placed_at: datetime
    placed_on: date
    articles: int
    counts: bool
    status: str
    cancellations: list[dict[str, Any]]

    @property
    def place(self) -> tuple[str, str]:
        """This will give its keys in the list, for the next page."""
        return self.placed_at.isoformat(), str(self.id)


def rate_and_days(
    *, merchant_id: int, channel_id: UUID, terms: Terms, today: date
) -> tuple[Rate, Mapping[date, DaySums]]:
    """This will give a channel's rate of `today` and what each day of its window holds, in its unit. One statement."""
    article = terms.rate_unit == "article"
    first, last = window(today=today, days=terms.window_days)
    asked = {"m": merchant_id, "channel": channel_id, "first": first, "last": last}
    days = {
        day: DaySums(gone_articles if article else gone_orders, articles if article else orders)
        for day, orders, articles, gone_orders, gone_articles in sql.tuples(DAYS, asked)
    }
    cancelled, total = sum(day.cancelled for day in days.values()), sum(day.total for day in days.values())
    rate = Rate(cancelled, total, terms.limit, terms.warn, terms.rate_unit, first, last, terms.minimum_volume)
    return rate, days


def summary(*, merchant_id: int, channel_id: UUID, rate: Rate) -> list[Said]:
    """This will group what was called off in a rate's window by whether it counts, why, and the reason given."""
    return [Said(*row) for row in sql.tuples(SUMMARY, _asked(merchant_id, channel_id, rate))]


def behind(
    *,
    merchant_id: int,
    channel_id: UUID,
    rate: Rate,
    counting: bool,
    after: tuple[str, str] = LATEST,
    limit: int,
) -> list[Behind]:
    """This will list the orders of a rate's window of which something was called off, latest first.

    `counting`: those that count in the rate, or those of which nothing does. `after`: a `place`.
    """
    asked = _asked(merchant_id, channel_id, rate)
    placed_at, order_id = after
    asked |= {"placed_at": placed_at, "id": order_id, "counting": counting, "limit": limit}
    return [
        Behind(
            id=row["id"],
            number=row["number"],
            placed_at=row["placed_at"],
            placed_on=row["placed_on"],
            articles=row["article_count"],
            counts=counting,
            status=row["status"],
            cancellations=[
                {**each, "at": datetime.fromisoformat(each["at"])} for each in loads(row["cancellations"])
            ],
        )
        for row in sql.rows(LIST, asked, kept=False)
    ]


def all_behind(
    *, merchant_id: int, channel_id: UUID, rate: Rate, counting: bool, chunk: int = 500
) -> Iterator[Behind]:
    """This will go through all of them, a page at a time."""
    after = LATEST
    while True:
        found = behind(
            merchant_id=merchant_id,
            channel_id=channel_id,
            rate=rate,
            counting=counting,
            after=after,
            limit=chunk,
        )
        yield from found
        if len(found) < chunk:
            return
        after = found[-1].place


def _asked(merchant_id: int, channel_id: UUID, rate: Rate) -> dict[str, Any]:
    return {
        "m": merchant_id,
        "channel": channel_id,
        "first": rate.day_from,
        "last": rate.day_to,
        "reasons": list(REASONS),
    }
