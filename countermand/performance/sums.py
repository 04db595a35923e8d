"""Sums over days, exact at once: what is kept of days, and days that the worker has not come to, added up now.

A fixed number of statements whatever the period; none of them goes through orders, but for the days that are
still to be added up, and those by the channel's index.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from countermand import sql
from countermand.performance.days import COLUMNS, ChannelDay, figures
from countermand.performance.jobs import QUIET
from countermand.performance.models import DIMENSIONS

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
FIGURES = """coalesce(sum(orders), 0)::bigint AS orders, coalesce(sum(articles), 0)::bigint AS articles,
    coalesce(sum(counted_orders), 0)::bigint AS counted_orders,
    coalesce(sum(counted_articles), 0)::bigint AS counted_articles,
    coalesce(sum(amount_minor), 0)::bigint AS amount_minor"""
# One statement, so that everything is of one moment: a fold or a day added up meanwhile is seen whole or not
# at all. `days`: what is kept, but for the dirty days, and the live rows of those.
LIVE = """jsonb_to_recordset(%(live)s) AS x(merchant_id int, channel_id uuid, day date, dimension text, key text,
    currency text, orders int, articles int, counted_orders int, counted_articles int, amount_minor bigint)"""
SETTLED = """r.merchant_id = %(m)s AND r.channel_id = ANY(%(channels)s)
    AND NOT EXISTS (SELECT 1 FROM jsonb_to_recordset(%(dirty)s) AS d(channel_id uuid, day date)
        WHERE d.channel_id = r.channel_id AND d.day = r.day)"""
SUMS = f"""
WITH days AS MATERIALIZED (
    SELECT {COLUMNS} FROM rollup_day r
    WHERE {SETTLED} AND r.day BETWEEN %(before)s AND %(last)s AND r.dimension = ANY(%(dimensions)s)
    UNION ALL SELECT {COLUMNS} FROM {LIVE} WHERE dimension <> 'item'
), by_key AS (
    SELECT day >= %(first)s AS now, channel_id, dimension, key, currency, {FIGURES}
    FROM days GROUP BY 1, 2, 3, 4, 5
), items AS (
    SELECT r.key, r.currency, r.orders, r.articles, r.counted_orders, r.counted_articles, r.amount_minor
    FROM jsonb_to_recordset(%(months)s) AS m(channel_id uuid, month date)
    JOIN item_month r ON r.channel_id = m.channel_id AND r.month = m.month AND r.merchant_id = %(m)s
    UNION ALL
    SELECT r.key, r.currency, r.orders, r.articles, r.counted_orders, r.counted_articles, r.amount_minor
    FROM jsonb_to_recordset(%(spans)s) AS s(channel_id uuid, first date, last date)
    JOIN rollup_day r ON r.channel_id = s.channel_id AND r.dimension = 'item' AND r.day BETWEEN s.first AND s.last
    WHERE {SETTLED}
    UNION ALL SELECT key, currency, orders, articles, counted_orders, counted_articles, amount_minor
    FROM {LIVE} WHERE dimension = 'item' AND day >= %(first)s
), rates AS (
    SELECT channel_id, day, orders, articles, orders_cancelled, articles_cancelled FROM rate_day
    WHERE merchant_id = %(m)s AND channel_id = ANY(%(channels)s) AND day BETWEEN %(before)s AND %(last)s
    UNION ALL
    SELECT channel_id, day, orders, articles, orders_cancelled, articles_cancelled FROM rate_change
    WHERE merchant_id = %(m)s AND channel_id = ANY(%(channels)s) AND day BETWEEN %(before)s AND %(last)s
), visited AS (
    SELECT v.channel_id, v.day, v.visits FROM visits v
    WHERE v.merchant_id = %(m)s AND v.channel_id = ANY(%(channels)s) AND v.day BETWEEN %(first)s AND %(last)s
)
SELECT now, channel_id, dimension, key, currency, orders, articles, counted_orders, counted_articles, amount_minor,
    '' AS title
FROM by_key
UNION ALL
SELECT day >= %(first)s, channel_id, 'week', date_trunc('week', day)::date::text, '', sum(orders)::bigint,
    sum(articles)::bigint, sum(orders_cancelled)::bigint, sum(articles_cancelled)::bigint, 0, ''
FROM rates GROUP BY 1, 2, 4
UNION ALL
SELECT true, NULL, 'item', top.key, coalesce(top.currency, ''), top.orders, top.articles, top.counted_orders,
    top.counted_articles, top.amount_minor, coalesce(i.title, '')
FROM (
    SELECT key, {FIGURES}, CASE WHEN min(currency) = max(currency) THEN min(currency) END AS currency
    FROM items GROUP BY key ORDER BY sum(articles) DESC, key LIMIT %(top)s
) top LEFT JOIN item i ON i.merchant_id = %(m)s AND i.sku = top.key
UNION ALL
SELECT true, NULL, 'visits', '', '', coalesce(sum(o.placed), 0)::bigint, coalesce(sum(o.kept), 0)::bigint,
    count(DISTINCT v.day), 0, coalesce(sum(v.visits), 0)::bigint, ''
FROM visited v LEFT JOIN (
    SELECT channel_id, day, sum(orders) FILTER (WHERE dimension = 'placed') AS placed,
        sum(orders) FILTER (WHERE dimension = 'kept') AS kept
    FROM days WHERE dimension IN ('placed', 'kept') AND EXISTS (SELECT 1 FROM visited) GROUP BY 1, 2
) o USING (channel_id, day)
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


class Visited(NamedTuple):
    """Visits, on how many days they were told, and orders of those days: placed, and not wholly called off."""

    visits: int = 0
    days: int = 0
    placed: int = 0
    kept: int = 0


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
    visits: Visited = field(default_factory=Visited)


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
        "dimensions": [dimension for dimension in DIMENSIONS if dimension != "item"],
    }
    dirty = sql.tuples(DIRTY, asked | {"quiet": list(QUIET), "most": most_events})
    days = [ChannelDay(merchant_id, *row) for row in dirty if row[0] is not None]
    found.behind = len(days) < len(dirty) or len(days) > MOST_DAYS
    live = [] if found.behind else days
    asked["dirty"] = sql.json([{"channel_id": day.channel_id, "day": day.day} for day in live])
    asked["live"] = sql.json(figures(days=live))
    months, spans = _months(channels, period, live)
    asked |= {"months": sql.json(months), "spans": sql.json(spans)}
    for row in sql.rows(SUMS, asked):
        if row["dimension"] == "item":
            found.items.append(row)
        elif row["dimension"] == "visits":
            found.visits = Visited(row["amount_minor"], row["counted_orders"], row["orders"], row["articles"])
        elif row["dimension"] == "week":
            found.weeks.append(_week(row))
        else:
            found.rows.append(row)
    found.items.sort(key=lambda row: (-row["articles"], row["key"]))
    return found


def _months(
    channels: Sequence[UUID], period: Period, dirty: Sequence[ChannelDay]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The whole months of a period, to be read as such, and the days that are left; a month with a dirty day is days."""
    months, spans = [], []
    for channel in channels:
        marked = {day.day.replace(day=1) for day in dirty if day.channel_id == channel}
        month = period.first.replace(day=1)
        while month <= period.last:
            after = (month + timedelta(days=32)).replace(day=1)
            first, last = max(month, period.first), min(after - timedelta(days=1), period.last)
            if first == month and last.month != (last + timedelta(days=1)).month and month not in marked:
                months.append({"channel_id": channel, "month": month})
            else:
                spans.append({"channel_id": channel, "first": first, "last": last})
            month = after
    return months, spans


def _week(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "now": row["now"],
        "channel_id": row["channel_id"],
        "week": date.fromisoformat(row["key"]),
        "orders": row["orders"],
        "articles": row["articles"],
        "orders_cancelled": row["counted_orders"],
        "articles_cancelled": row["counted_articles"],
    }
