"""A day added up: what became of the orders that a channel took in on it, by each dimension.

One statement for any number of days, used twice: the worker keeps what it gives, a page asks it for days
that the worker has not come to yet. It goes by the channel's index of orders, never through all of them.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from countermand import sql
from countermand.performance.models import DIMENSIONS

COLUMNS = """merchant_id, channel_id, day, dimension, key, currency, orders, articles, counted_orders,
    counted_articles, amount_minor"""


class ChannelDay(NamedTuple):
    """A day in a channel's clock."""

    merchant_id: int
    channel_id: UUID
    day: date


# `placed_at` is what the index knows; a day wider on both sides, since the day is one of the channel's clock.
# What the buyer keeps is `payments.rules.kept`, asked of the rows; a test holds the two together.
# Sums are asked for order by order, through an index: nobody can know beforehand how many orders a day has, and a
# plan that expects few would join them with each other.
FIGURES = """
WITH days AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(days)s) AS d(merchant_id int, channel_id uuid, day date) LIMIT %(most)s
), taken_in AS MATERIALIZED (
    SELECT d.merchant_id, d.channel_id, d.day, o.* FROM days d
    CROSS JOIN LATERAL (
        SELECT o.id, o.currency, o.total_minor, o.article_count, o.status, o.cancel_reason,
            o.cancel_reason <> '' OR o.refunded_minor > 0 OR o.in_flight_minor > 0 OR o.goodwill_minor > 0
                OR o.shipping_released_minor > 0 OR o.fees_released_minor > 0 OR o.retained_minor > 0
                OR o.status IN ('refused', 'cancelled', 'closed') AS touched,
            o.retained_minor + o.shipping_minor - greatest(o.shipping_released_minor, o.shipping_given_minor)
                + o.fees_minor - greatest(o.fees_released_minor, o.fees_given_minor) AS beside_lines,
            o.goodwill_minor
        FROM "order" o
        WHERE o.merchant_id = d.merchant_id AND o.channel_id = d.channel_id AND o.placed_on = d.day
            AND o.placed_at >= d.day::timestamp AT TIME ZONE 'UTC' - interval '1 day'
            AND o.placed_at < d.day::timestamp AT TIME ZONE 'UTC' + interval '2 days'
    ) o
), standing AS MATERIALIZED (
    SELECT o.merchant_id, o.channel_id, o.day, o.currency, c.id, c.order_id, c.initiated_by, c.reason, c.by,
        c.counts_in_rate AS counts, c.worth_minor + c.shipping_minor + c.fees_minor - c.fee_minor AS amount,
        row_number() OVER (PARTITION BY c.order_id ORDER BY c.at, c.id) = 1 AS first,
        c.counts_in_rate
            AND row_number() OVER (PARTITION BY c.order_id, c.counts_in_rate ORDER BY c.at, c.id) = 1 AS first_counted
    FROM taken_in o JOIN cancellation c ON c.order_id = o.id AND c.state <> 'undone' WHERE o.touched
), gone AS MATERIALIZED (
    SELECT s.merchant_id, s.channel_id, s.day, s.currency, s.id, s.order_id, s.counts, k.line_id, k.quantity, k.worth_minor
    FROM standing s JOIN cancelled_line k ON k.cancellation_id = s.id
), orders AS (
    SELECT o.*, CASE WHEN o.touched THEN greatest(0, o.beside_lines + l.kept - o.goodwill_minor) ELSE o.total_minor END AS kept,
        CASE WHEN o.touched THEN l.articles ELSE o.article_count END AS articles_kept,
        coalesce(s.amount, 0)::bigint AS cancelled
    FROM taken_in o
    LEFT JOIN LATERAL (
        SELECT sum(l.total_minor - greatest(l.gone_minor, l.given_minor))::bigint AS kept,
            sum(l.quantity - l.cancelled)::int AS articles
        FROM order_line l WHERE l.order_id = o.id AND o.touched
    ) l ON true
    LEFT JOIN LATERAL (
        SELECT sum(c.worth_minor + c.shipping_minor + c.fees_minor - c.fee_minor)::bigint AS amount
        FROM cancellation c WHERE c.order_id = o.id AND c.state <> 'undone' AND o.touched
    ) s ON true
), back AS (
    SELECT *, greatest(0, total_minor - cancelled - kept) AS refunded FROM orders
)
SELECT merchant_id, channel_id, day, 'placed' AS dimension, '' AS key, currency, count(*)::int AS orders,
    sum(article_count)::int AS articles, 0 AS counted_orders, 0 AS counted_articles, sum(total_minor)::bigint AS amount_minor
FROM back GROUP BY 1, 2, 3, 6
UNION ALL
SELECT merchant_id, channel_id, day, 'kept', '', currency, count(*) FILTER (WHERE status NOT IN ('refused', 'cancelled'))::int,
    sum(articles_kept)::int, 0, 0, sum(kept)::bigint
FROM back GROUP BY 1, 2, 3, 6
UNION ALL
SELECT merchant_id, channel_id, day, 'refunded', '', currency, count(*)::int, 0, 0, 0, sum(refunded)::bigint
FROM back WHERE refunded > 0 GROUP BY 1, 2, 3, 6
UNION ALL
SELECT s.merchant_id, s.channel_id, s.day, v.dimension, v.key, s.currency, count(*) FILTER (WHERE s.first)::int,
    sum(u.articles)::int, count(*) FILTER (WHERE s.first_counted)::int,
    coalesce(sum(u.articles) FILTER (WHERE s.counts), 0)::int, sum(s.amount)::bigint
FROM standing s
JOIN LATERAL (
    SELECT sum(k.quantity)::int AS articles FROM cancelled_line k WHERE k.cancellation_id = s.id HAVING count(*) > 0
) u ON true
CROSS JOIN LATERAL (VALUES ('cancelled', ''), ('asked', s.initiated_by), ('reason', s.reason), ('member', s.by)) v(dimension, key)
GROUP BY 1, 2, 3, 4, 5, 6
UNION ALL
SELECT g.merchant_id, g.channel_id, g.day, 'item', l.sku, g.currency, count(DISTINCT g.order_id)::int, sum(g.quantity)::int,
    count(DISTINCT g.order_id) FILTER (WHERE g.counts)::int, coalesce(sum(g.quantity) FILTER (WHERE g.counts), 0)::int,
    sum(g.worth_minor)::bigint
FROM gone g JOIN order_line l ON l.id = g.line_id GROUP BY 1, 2, 3, 5, 6
"""
KEEP = f"INSERT INTO rollup_day ({COLUMNS}) {FIGURES}"
FORGET = """
DELETE FROM rollup_day r USING jsonb_to_recordset(%(days)s) AS d(merchant_id int, channel_id uuid, day date)
WHERE r.merchant_id = d.merchant_id AND r.channel_id = d.channel_id AND r.day = d.day
    AND r.dimension = ANY(%(dimensions)s)
"""
# Months after their days, in the same transaction.
MONTHS = "SELECT DISTINCT merchant_id, channel_id, date_trunc('month', day)::date AS month FROM " + (
    "jsonb_to_recordset(%(days)s) AS d(merchant_id int, channel_id uuid, day date)"
)
FORGET_MONTHS = f"""
DELETE FROM item_month r USING ({MONTHS}) m
WHERE r.merchant_id = m.merchant_id AND r.channel_id = m.channel_id AND r.month = m.month
"""
KEEP_MONTHS = f"""
INSERT INTO item_month (merchant_id, channel_id, month, key, currency, orders, articles, counted_orders,
    counted_articles, amount_minor)
SELECT r.merchant_id, r.channel_id, m.month, r.key, r.currency, sum(r.orders), sum(r.articles), sum(r.counted_orders),
    sum(r.counted_articles), sum(r.amount_minor)
FROM ({MONTHS}) m JOIN rollup_day r ON r.merchant_id = m.merchant_id AND r.channel_id = m.channel_id
    AND r.dimension = 'item' AND r.day >= m.month AND r.day < m.month + interval '1 month'
GROUP BY 1, 2, 3, 4, 5
"""


def figures(*, days: Iterable[ChannelDay]) -> list[dict[str, Any]]:
    """This will add days up and hand the rows back as `rollup_day` would have them; nothing is written."""
    asked = _asked(days)
    return sql.rows(FIGURES, asked) if asked["most"] else []


def add_up(*, days: Iterable[ChannelDay]) -> None:
    """This will replace what is kept of days by what they are now, in the caller's transaction."""
    asked = _asked(days)
    for statement in (FORGET, KEEP, FORGET_MONTHS, KEEP_MONTHS):
        sql.execute(statement, asked)


def _asked(days: Iterable[ChannelDay]) -> dict[str, Any]:
    rows = [day._asdict() for day in days]
    return {"days": sql.json(rows), "most": len(rows), "dimensions": list(DIMENSIONS)}
