"""Folding: rate changes become sums per day. The sum of both tables is the same before, between and after."""

from countermand import sql

BATCH = 10_000

# Ordered by key, so that two workers which fold the same days cannot deadlock.
FOLD = """
WITH taken AS (
    DELETE FROM rate_change WHERE id IN (
        SELECT id FROM rate_change ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
    ) RETURNING merchant_id, channel_id, day, orders, articles, orders_cancelled, articles_cancelled
), sums AS (
    SELECT merchant_id, channel_id, day, sum(orders)::int AS orders, sum(articles)::int AS articles,
        sum(orders_cancelled)::int AS orders_cancelled, sum(articles_cancelled)::int AS articles_cancelled
    FROM taken GROUP BY merchant_id, channel_id, day ORDER BY channel_id, day
), folded AS (
    INSERT INTO rate_day (merchant_id, channel_id, day, orders, articles, orders_cancelled, articles_cancelled)
    SELECT merchant_id, channel_id, day, orders, articles, orders_cancelled, articles_cancelled FROM sums
    ON CONFLICT (channel_id, day) DO UPDATE SET
        orders = rate_day.orders + EXCLUDED.orders,
        articles = rate_day.articles + EXCLUDED.articles,
        orders_cancelled = rate_day.orders_cancelled + EXCLUDED.orders_cancelled,
        articles_cancelled = rate_day.articles_cancelled + EXCLUDED.articles_cancelled
)
SELECT count(*) FROM taken
"""


@sql.verb
def fold(*, limit: int = BATCH) -> int:
    """This will add unfolded changes to the sums of their days and say how many there were."""
    return int(sql.tuples(FOLD, (limit,))[0][0])
