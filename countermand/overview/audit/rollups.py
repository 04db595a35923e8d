"""Days added up: what is kept of a day is what its orders and cancellations give, once the worker has come to it."""

from countermand.overview.audit.check import Check

# Days that the worker still has before it are no fault: pages add those up themselves.
UNREAD = """
    SELECT o.channel_id, o.placed_on AS day FROM event e JOIN "order" o ON o.id = e.order_id
    WHERE [e] AND e.id > (SELECT coalesce(max(event_id), 0) FROM rollup_mark)
    UNION SELECT d.channel_id, d.day FROM dirty_day d WHERE [d]
"""
RECOUNTS = {
    "orders": ("placed", "orders", """SELECT count(*) FROM "order" o WHERE {of_the_day}"""),
    "sales": ("placed", "amount_minor", """SELECT sum(o.total_minor) FROM "order" o WHERE {of_the_day}"""),
    "cancelled": (
        "cancelled",
        "articles",
        """SELECT sum(k.quantity) FROM "order" o JOIN cancellation c ON c.order_id = o.id AND c.state <> 'undone'
        JOIN cancelled_line k ON k.cancellation_id = c.id WHERE {of_the_day}""",
    ),
    "reasons": (
        "reason",
        "counted_orders",
        """SELECT count(DISTINCT o.id) FROM "order" o JOIN cancellation c ON c.order_id = o.id AND c.state <> 'undone'
        WHERE c.counts_in_rate AND {of_the_day}""",
    ),
}
OF_THE_DAY = """o.merchant_id = s.merchant_id AND o.channel_id = s.channel_id AND o.placed_on = s.day
    AND o.placed_at >= s.day - interval '2 days' AND o.placed_at < s.day + interval '3 days'"""


def _recount(name: str, dimension: str, column: str, recount: str) -> Check:
    return Check(
        f"rollup.{name}",
        name,
        "recounted",
        f"""
        WITH unread AS MATERIALIZED ({UNREAD}), settled AS (
            SELECT r.merchant_id, r.channel_id, r.day,
                coalesce(sum(r.{column}) FILTER (WHERE r.dimension = '{dimension}'), 0)::bigint AS stored
            FROM rollup_day r LEFT JOIN unread u ON u.channel_id = r.channel_id AND u.day = r.day
            WHERE [r] AND u.day IS NULL GROUP BY 1, 2, 3
        ), counted AS (
            SELECT s.*, coalesce(({recount.format(of_the_day=OF_THE_DAY)}), 0)::bigint AS counted FROM settled s
        )
        SELECT 'channel ' || ch.code || ' on ' || c.day, c.stored, c.counted
        FROM counted c JOIN channel ch ON ch.id = c.channel_id WHERE c.stored <> c.counted
        """,
    )


CHECKS = tuple(_recount(name, *how) for name, how in RECOUNTS.items())
