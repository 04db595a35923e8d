"""What customers said of cancellations: how many, how good, and the latest words (SH-14)."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.performance.sums import Period

LATEST = 5

# Asked in the merchant's clock, by the day on which it was said.
OPINIONS = """
WITH said AS MATERIALIZED (
    SELECT f.score, f.text, f.via, f.by, f.at, f.order_id, f.cancellation_id FROM feedback f
    WHERE f.merchant_id = %(m)s AND f.at >= %(first)s::date - interval '1 day' AND f.at < %(last)s::date + interval '2 days'
        AND (f.at AT TIME ZONE %(zone)s)::date BETWEEN %(first)s AND %(last)s
), ours AS MATERIALIZED (
    SELECT said.*, o.number, c.reason FROM said JOIN "order" o ON o.id = said.order_id
    JOIN cancellation c ON c.id = said.cancellation_id
    WHERE o.merchant_id = %(m)s AND o.channel_id = ANY(%(channels)s)
)
SELECT *, count(*) OVER () AS total, (avg(score) OVER ())::float AS mean, (sum(score) OVER ())::int AS points,
    count(*) FILTER (WHERE score <= 2) OVER () AS unhappy
FROM ours ORDER BY at DESC LIMIT %(latest)s
"""
OF_ORDER = """
SELECT f.cancellation_id, f.score, f.text, f.via, f.by, f.at FROM feedback f
WHERE f.merchant_id = %s AND f.order_id = %s ORDER BY f.at
"""


def opinions(
    *, merchant_id: int, channels: Sequence[UUID], period: Period, zone: str, latest: int = LATEST
) -> list[dict[str, Any]]:
    """This will list the latest opinions of a period; each carries `total`, `points`, `mean` and `unhappy` of all of them."""
    asked = {
        "m": merchant_id,
        "channels": list(channels),
        "first": period.first,
        "last": period.last,
        "zone": zone,
        "latest": latest,
    }
    return sql.rows(OPINIONS, asked)


def opinions_of(*, merchant_id: int, order_id: UUID) -> list[dict[str, Any]]:
    """This will list what the customer said of an order's cancellations, oldest first."""
    return sql.rows(OF_ORDER, (merchant_id, order_id))
