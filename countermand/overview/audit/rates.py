"""Rates: the sums that pages read are what a recount from orders and cancellations gives."""

from countermand.orders import rated
from countermand.overview.audit.check import Check

SUMS = """
    SELECT s.channel_id, s.day, sum(s.{column})::bigint AS stored FROM (
        SELECT d.channel_id, d.day, d.{column} FROM rate_day d WHERE [d]
        UNION ALL SELECT h.channel_id, h.day, h.{column} FROM rate_change h WHERE [h]
    ) s GROUP BY 1, 2
"""
COUNTING = "c.counts_in_rate AND c.state <> 'undone'"
RECOUNTS = {
    "orders": """
        SELECT o.channel_id, o.placed_on, count(*) FROM "order" o WHERE [o] AND o.rated_articles > 0 GROUP BY 1, 2
    """,
    "articles": """SELECT o.channel_id, o.placed_on, sum(o.rated_articles) FROM "order" o WHERE [o] GROUP BY 1, 2""",
    "orders_cancelled": f"""
        SELECT o.channel_id, o.placed_on, count(DISTINCT o.id)
        FROM cancellation c JOIN "order" o ON o.id = c.order_id WHERE [c] AND {COUNTING} GROUP BY 1, 2
    """,
    "articles_cancelled": f"""
        SELECT o.channel_id, o.placed_on, sum(k.quantity)
        FROM cancelled_line k JOIN cancellation c ON c.id = k.cancellation_id JOIN "order" o ON o.id = c.order_id
        WHERE [k] AND {COUNTING} GROUP BY 1, 2
    """,
}


def _recount(column: str, recount: str) -> Check:
    return Check(
        f"rate.{column}",
        column.replace("_", " "),
        "recounted",
        f"""
        SELECT 'channel ' || ch.code || ' on ' || day, coalesce(stored, 0), coalesce(counted, 0)
        FROM ({SUMS.format(column=column)}) s
        FULL JOIN (SELECT r.* FROM ({recount}) AS r(channel_id, day, counted)) r USING (channel_id, day)
        JOIN channel ch ON ch.id = channel_id
        WHERE coalesce(stored, 0) <> coalesce(counted, 0)
        """,
    )


# An order that was accepted or verified, and that the rate was not told of.
ENTERED = Check(
    "rate.entered",
    "in the rate",
    "by its terms",
    f"""
    SELECT 'order ' || o.number, o.rated_articles, {rated.units()}
    FROM "order" o JOIN channel c ON c.id = o.channel_id WHERE [o] AND o.rated_articles <> {rated.units()}
    """,
)
CHECKS = (*(_recount(column, recount) for column, recount in RECOUNTS.items()), ENTERED)
