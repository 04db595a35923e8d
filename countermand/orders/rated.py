"""How many units of an order the rate is measured against, and what follows when that changes.

An order enters the rate when its terms say so (`rate_enters`): placed, accepted, or verified. So a verb that
accepts, refuses or verifies calls `enter` at its end, under the order's lock; asked twice, it changes nothing.
"""

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from countermand import sql
from countermand.channels.models import PRESETS
from countermand.channels.presets import preset

# The same as `channels.counting.entered`, of a row `o` of its channel `c`; a test holds the two together.
UNITS = {
    "placed": "o.article_count",
    "accepted": "CASE WHEN o.accepted THEN o.article_count - o.refused_articles ELSE 0 END",
    "verified": "CASE WHEN o.verification = 'verified' THEN o.article_count ELSE 0 END",
}
ENTER = """
WITH seen AS MATERIALIZED (
    SELECT o.id, o.merchant_id, o.channel_id, o.placed_on, o.rated_articles AS was, [units] AS units
    FROM "order" o JOIN channel c ON c.id = o.channel_id
    WHERE o.merchant_id = %(m)s AND o.id = ANY(%(ids)s)
), changed AS (
    UPDATE "order" o SET rated_articles = seen.units FROM seen WHERE o.id = seen.id AND seen.units <> seen.was
)
INSERT INTO rate_change (merchant_id, channel_id, day, orders, articles, orders_cancelled, articles_cancelled)
SELECT merchant_id, channel_id, placed_on, sum(sign(units) - sign(was))::int, sum(units - was)::int, 0, 0
FROM seen WHERE units <> was GROUP BY 1, 2, 3
"""


@lru_cache
def units() -> str:
    """This will write the units of an order in the rate as SQL of its row `o` and its channel's `c`.

    When an order enters is the preset's: no override touches it.
    """
    of = (f"WHEN '{name}' THEN {UNITS[preset(name)['rate_enters']['value']]}" for name in PRESETS)
    return f"(CASE c.terms {' '.join(of)} END)"


def enter(*, merchant_id: int, order_ids: Sequence[UUID]) -> None:
    """This will bring into the rate what orders stand for now, on their own day; the caller holds their locks.

    Source: docs/terms.md, Rates: accepted articles, verified orders; RK-1, AZ-12.
    """
    sql.execute(ENTER.replace("[units]", units()), {"m": merchant_id, "ids": list(order_ids)})
