"""Sums over days, exact at once: what is kept of days, and days that the worker has not come to, added up now.

A fixed number of statements whatever the period; none of them goes through orders, but for the days that are
still to be added up, and those by the channel's index.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.performance.days import COLUMNS, ChannelDay, figures
from countermand.performance.jobs import QUIET

# Beyond these the page tells how far its figures go instead of doing the worker's work.
MOST_EVENTS = 20_000
MOST_DAYS = 40

DIRTY = """
WITH fresh AS MATERIALIZED (
    SELECT e.merchant_id, e.order_id, e.kind FROM event e
    WHERE e.id > (SELECT coalesce(max(event_id), 0) FROM rollup_mark)
    ORDER BY e.id LIMIT %(most)s + 1
), ours AS (
    SELECT DISTINCT order_id FROM fresh
    WHERE merchant_id = %(m)s AND order_id IS NOT NULL AND NOT kind LIKE ANY(%(quiet)s)
)
SELECT channel_id, day FROM dirty_day
WHERE merchant_id = %(m)s AND channel_id = ANY(%(channels)s) AND day BETWEEN %(before)s AND %(last)s
UNION SELECT o.channel_id, o.placed_on FROM ours JOIN "order" o ON o.id = ours.order_id
WHERE o.channel_id = ANY(%(channels)s) AND o.placed_on BETWEEN %(before)s AND %(last)s
UNION SELECT NULL, NULL WHERE (SELECT count(*) FROM fresh) > %(most)s
"""
# Rows of the days asked for: kept ones but for the dirty days, and the live ones of those.
ROWS = f"""(
    SELECT {COLUMNS} FROM rollup_day r
    WHERE r.merchant_id = %(m)s AND r.channel_id = ANY(%(channels)s) AND r.dimension = ANY([dimensions])
        AND r.day BETWEEN %([first])s AND %(last)s
        AND NOT EXISTS (SELECT 1 FROM jsonb_to_recordset(%(dirty)s) AS d(channel_id uuid, day date)
            WHERE d.channel_id = r.channel_id AND d.day = r.day)
    UNION ALL
    SELECT {COLUMNS} FROM jsonb_to_recordset(%(live)s) AS x(merchant_id int, channel_id uuid, day date, dimension text,
        key text, currency text, orders int, articles int, counted_orders int, counted_articles int, amount_minor bigint)
    WHERE dimension = ANY([dimensions]) AND day BETWEEN %([first])s AND %(last)s
) AS days"""
FIGURES = """coalesce(sum(orders), 0)::bigint AS orders, coalesce(sum(articles), 0)::bigint AS articles,
    coalesce(sum(counted_orders), 0)::bigint AS counted_orders,
    coalesce(sum(counted_articles), 0)::bigint AS counted_articles,
    coalesce(sum(amount_minor), 0)::bigint AS amount_minor"""


def _rows(dimensions: str, first: str = "before") -> str:
    return ROWS.replace("[dimensions]", dimensions).replace("[first]", first)


SUMS = f"""
SELECT day >= %(first)s AS now, channel_id, dimension, key, currency, {FIGURES}
FROM {_rows("'{placed,kept,cancelled,refunded,asked,reason,member}'")} GROUP BY 1, 2, 3, 4, 5
"""
ITEMS = f"""
SELECT top.*, coalesce(i.title, '') AS title FROM (
    SELECT key, {FIGURES}, CASE WHEN min(currency) = max(currency) THEN min(currency) END AS currency
    FROM {_rows("'{item}'", "first")} GROUP BY key ORDER BY sum(articles) DESC, key LIMIT %(top)s
) top LEFT JOIN item i ON i.merchant_id = %(m)s AND i.sku = top.key
ORDER BY top.articles DESC, top.key
"""
# One snapshot of both tables, as in `queries`: a fold that commits meanwhile is seen whole or not at all.
WEEKS = """
SELECT day >= %(first)s AS now, channel_id, date_trunc('week', day)::date AS week, sum(orders)::bigint AS orders,
    sum(articles)::bigint AS articles, sum(orders_cancelled)::bigint AS orders_cancelled,
    sum(articles_cancelled)::bigint AS articles_cancelled
FROM (
    SELECT channel_id, day, orders, articles, orders_cancelled, articles_cancelled FROM rate_day
    WHERE merchant_id = %(m)s AND channel_id = ANY(%(channels)s) AND day BETWEEN %(before)s AND %(last)s
    UNION ALL
    SELECT channel_id, day, orders, articles, orders_cancelled, articles_cancelled FROM rate_change
    WHERE merchant_id = %(m)s AND channel_id = ANY(%(channels)s) AND day BETWEEN %(before)s AND %(last)s
) days GROUP BY 1, 2, 3 ORDER BY 3, 2
"""
VISITS = f"""
SELECT coalesce(sum(v.visits), 0)::bigint AS visits, count(DISTINCT v.day)::int AS days,
    coalesce(sum(o.placed), 0)::bigint AS placed, coalesce(sum(o.kept), 0)::bigint AS kept
FROM visits v LEFT JOIN (
    SELECT channel_id, day, sum(orders) FILTER (WHERE dimension = 'placed') AS placed,
        sum(orders) FILTER (WHERE dimension = 'kept') AS kept
    FROM {_rows("'{placed,kept}'", "first")} GROUP BY 1, 2
) o USING (channel_id, day)
WHERE v.merchant_id = %(m)s AND v.channel_id = ANY(%(channels)s) AND v.day BETWEEN %(first)s AND %(last)s
"""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days, both included, and the same number of days right before them."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> date:
        """This will give the first day of the period before, at most as far back as days go."""
        return date.fromordinal(max(1, self.first.toordinal() - self.days))


@dataclass
class Sums:
    """Everything that the figures of some channels over a period are made of. `behind`: the worker is."""

    merchant_id: int
    channels: Sequence[UUID]
    period: Period
    behind: bool = False
    weeks: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    visits: dict[str, Any] = field(default_factory=dict)


def sums(
    *,
    merchant_id: int,
    channels: Sequence[UUID],
    period: Period,
    top: int = 10,
    most_events: int = MOST_EVENTS,
) -> Sums:
    """This will add up a period and the one before, by every dimension; `top` articles.

    `most_events` of the history that the worker has not read are gone through; beyond, `behind`.
    """
    found = Sums(merchant_id, channels, period)
    asked: dict[str, Any] = {
        "m": merchant_id,
        "channels": list(channels),
        "first": period.first,
        "last": period.last,
        "before": period.before,
        "top": top,
    }
    found.weeks = sql.rows(WEEKS, asked)
    dirty = sql.tuples(DIRTY, asked | {"quiet": list(QUIET), "most": most_events})
    days = [ChannelDay(merchant_id, *row) for row in dirty if row[0] is not None]
    found.behind = len(days) < len(dirty) or len(days) > MOST_DAYS
    live = [] if found.behind else figures(days=days)
    asked["dirty"] = sql.json(
        [] if found.behind else [{"channel_id": d.channel_id, "day": d.day} for d in days]
    )
    asked["live"] = sql.json(live)
    found.rows = sql.rows(SUMS, asked)
    found.items = sql.rows(ITEMS, asked)
    found.visits = sql.rows(VISITS, asked)[0]
    return found
