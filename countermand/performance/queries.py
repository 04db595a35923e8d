"""What a channel's rate is, true at once: folded days and unfolded changes in one statement."""

import time
from datetime import date, datetime
from threading import Lock
from typing import Any, NamedTuple
from uuid import UUID

from countermand import sql
from countermand.channels.presets import Terms
from countermand.orders.facts import ChannelFacts
from countermand.performance.rules import Rate, window

# One statement, one snapshot: a fold that commits meanwhile is seen whole or not at all.
SUMS = """
SELECT coalesce(sum(orders), 0)::bigint, coalesce(sum(articles), 0)::bigint,
    coalesce(sum(orders_cancelled), 0)::bigint, coalesce(sum(articles_cancelled), 0)::bigint,
    count(*) FILTER (WHERE unfolded)
FROM (
    SELECT orders, articles, orders_cancelled, articles_cancelled, false AS unfolded FROM rate_day
    WHERE channel_id = %(channel)s AND merchant_id = %(m)s AND day BETWEEN {first} AND {last}
    UNION ALL
    SELECT orders, articles, orders_cancelled, articles_cancelled, true FROM rate_change
    WHERE merchant_id = %(m)s AND channel_id = %(channel)s AND day BETWEEN {first} AND {last}
) days
"""
BETWEEN = SUMS.format(first="%(first)s", last="%(last)s")
# `today` is worked out by the database, since the merchant's clock is a row of it.
LATELY = SUMS.replace("SELECT coalesce", "SELECT {today}, coalesce", 1)
TODAY = """(SELECT (%(at)s::timestamptz AT TIME ZONE coalesce(%(zone)s::text, merchant.timezone))::date
    FROM merchant WHERE merchant.id = %(m)s)"""
WINDOW = LATELY.format(today=TODAY, first=f"{TODAY} - %(days)s::int", last=TODAY)

# A worker that is behind leaves many changes to add up at every confirm. Above this many, an answer
# is kept for a second: a rate that is one second old harms nobody, adding up 100,000 rows 200 times
# a second would stop the shop.
MANY_UNFOLDED = 1000
KEPT_SECONDS = 1.0
_kept: dict[tuple[Any, ...], tuple[float, Rate]] = {}
_lock = Lock()


class RateSums(NamedTuple):
    """Sums over some days of one channel. `unfolded`: how many changes were read one by one."""

    orders: int
    articles: int
    orders_cancelled: int
    articles_cancelled: int
    unfolded: int


def rate(*, merchant_id: int, channel_id: UUID, day_from: date, day_to: date) -> RateSums:
    """This will add up the days from one to another, both included."""
    params = {"m": merchant_id, "channel": channel_id, "first": day_from, "last": day_to}
    return RateSums(*sql.tuples(BETWEEN, params)[0])


def rate_of(*, merchant_id: int, channel: ChannelFacts, terms: Terms, at: datetime) -> Rate:
    """This will give a channel's rate over the window of its terms, as of now. One statement."""
    key = (merchant_id, channel.id, channel.revision, terms.window_days, terms.rate_unit)
    now = time.monotonic()
    kept = _kept.get(key)
    if kept and now - kept[0] < KEPT_SECONDS:
        return kept[1]
    zone = {"merchant": None, "channel": channel.timezone}.get(terms.clock, terms.clock)
    params = {"m": merchant_id, "channel": channel.id, "at": at, "zone": zone, "days": terms.window_days}
    today, *sums = sql.tuples(WINDOW, params)[0]
    found = made(sums=RateSums(*sums), terms=terms, today=today)
    if sums[-1] > MANY_UNFOLDED:
        with _lock:
            for old in [k for k, (since, _) in _kept.items() if now - since >= KEPT_SECONDS]:
                del _kept[old]
            _kept[key] = (now, found)
    return found


def made(*, sums: RateSums, terms: Terms, today: date) -> Rate:
    """This will make a rate of sums, in the unit that the terms count."""
    article = terms.rate_unit == "article"
    first, last = window(today=today, days=terms.window_days)
    return Rate(
        cancelled=sums.articles_cancelled if article else sums.orders_cancelled,
        total=sums.articles if article else sums.orders,
        limit=terms.limit,
        warn=terms.warn,
        unit=terms.rate_unit,
        day_from=first,
        day_to=last,
        minimum=terms.minimum_volume,
    )
