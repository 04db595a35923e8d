"""How many cancellations counted in the last days: the number beside the rate (RK-9), for any number of channels."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from countermand import sql
from countermand.channels.presets import Terms
from countermand.performance.guard import TooMany, too_many

# By when they were called off, in the clock of the terms; in the unit of the rate.
COUNTED = """
SELECT w.n, CASE WHEN w.by_article THEN l.sku ELSE '' END AS sku,
    CASE WHEN w.unit = 'article' THEN sum(k.quantity) ELSE count(DISTINCT c.order_id) END::int AS counted
FROM jsonb_to_recordset(%(asked)s) AS w(n int, m int, channel uuid, since date, zone text, unit text, by_article bool)
JOIN cancellation c ON c.merchant_id = w.m AND c.counts_in_rate AND c.state <> 'undone'
    AND c.at >= w.since::timestamp AT TIME ZONE w.zone
JOIN "order" o ON o.id = c.order_id AND o.channel_id = w.channel
JOIN cancelled_line k ON k.cancellation_id = c.id
JOIN order_line l ON l.id = k.line_id
GROUP BY 1, 2, w.unit
"""


class Watched(NamedTuple):
    """A channel whose numbers are asked for; `today` and `zone` are those of the clock of its terms."""

    merchant_id: int
    channel_id: UUID
    terms: Terms
    today: date
    zone: str


def alarms(watched: Sequence[Watched]) -> list[list[TooMany]]:
    """This will say of each channel what was too many in the last days, today being one of them. One statement."""
    asked: list[dict[str, Any]] = [
        {
            "n": n,
            "m": each.merchant_id,
            "channel": each.channel_id,
            "since": each.today - timedelta(days=each.terms.alert_days - 1),
            "zone": each.zone,
            "unit": each.terms.rate_unit,
            "by_article": each.terms.alert_per == "article",
        }
        for n, each in enumerate(watched)
        if each.terms.alert_count
    ]
    counted: list[list[tuple[str, int]]] = [[] for _ in watched]
    for n, sku, count in sql.tuples(COUNTED, {"asked": sql.json(asked)}) if asked else ():
        counted[n].append((sku, count))
    return [too_many(each, of.terms) for each, of in zip(counted, watched, strict=True)]


def alarms_of(*, merchant_id: int, channel_id: UUID, terms: Terms, zone: str, at: datetime) -> list[TooMany]:
    """This will say of one channel what was too many in the last days."""
    today = at.astimezone(ZoneInfo(zone)).date()
    return alarms([Watched(merchant_id, channel_id, terms, today, zone)])[0]
