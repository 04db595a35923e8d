"""The rates of many seats in two statements, whatever their number, their windows and their clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from json import dumps
from typing import Any
from zoneinfo import ZoneInfo

from countermand import sql
from countermand.channels.presets import Terms, clock_of
from countermand.marketplace.models import Seat
from countermand.marketplace.rules import Standing
from countermand.payments.ledger import terms_of
from countermand.performance.alarms import Watched, alarms
from countermand.performance.guard import TooMany
from countermand.performance.queries import RateSums, made

# One snapshot over both tables: a fold that commits meanwhile is seen whole or not at all.
SUMS = """
SELECT w.n, w.now, coalesce(sum(d.orders), 0)::bigint, coalesce(sum(d.articles), 0)::bigint,
    coalesce(sum(d.orders_cancelled), 0)::bigint, coalesce(sum(d.articles_cancelled), 0)::bigint
FROM jsonb_to_recordset(%s) AS w(n int, now bool, m int, channel uuid, first date, last date)
LEFT JOIN LATERAL (
    SELECT orders, articles, orders_cancelled, articles_cancelled FROM rate_day
    WHERE channel_id = w.channel AND merchant_id = w.m AND day BETWEEN w.first AND w.last
    UNION ALL
    SELECT orders, articles, orders_cancelled, articles_cancelled FROM rate_change
    WHERE merchant_id = w.m AND channel_id = w.channel AND day BETWEEN w.first AND w.last
) d ON true
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """A seat with its terms and its rate of the moment."""

    seat: Seat
    terms: Terms
    standing: Standing

    @property
    def today(self) -> date:
        return self.standing.rate.day_to


def terms_of_seat(seat: Seat) -> Terms:
    """This will give the terms of a seat's channel."""
    return terms_of(seat.channel.terms, dumps(seat.channel.overrides, sort_keys=True))


def today_of(seat: Seat, *, at: datetime) -> date:
    """This will say which day it is on the clock of a seat's terms."""
    return at.astimezone(ZoneInfo(zone_of(seat))).date()


def zone_of(seat: Seat) -> str:
    """This will name the clock by which the terms of a seat count days."""
    return clock_of(terms_of_seat(seat), merchant=seat.merchant.timezone, channel=seat.channel.timezone)


def judged(seats: Sequence[Seat], *, at: datetime) -> list[Judged]:
    """This will give each seat its rate of now and of the window before, in one statement.

    Seats come with merchant and channel. True at once: days folded and changes unfolded.
    """
    windows: list[dict[str, Any]] = []
    for n, seat in enumerate(seats):
        days = timedelta(days=terms_of_seat(seat).window_days)
        last = today_of(seat, at=at)
        common = {"n": n, "m": seat.merchant_id, "channel": seat.channel_id}
        windows.append({**common, "now": True, "first": last - days, "last": last})
        earlier = last - days - timedelta(days=1)
        windows.append({**common, "now": False, "first": earlier - days, "last": earlier})
    found: dict[tuple[int, bool], RateSums] = {}
    for n, now, *sums in sql.tuples(SUMS, (sql.json(windows),)) if seats else ():
        orders, articles, orders_cancelled, articles_cancelled = sums
        found[n, now] = RateSums(orders, articles, orders_cancelled, articles_cancelled, unfolded=0)
    return [_judged(n, seat, found, at) for n, seat in enumerate(seats)]


def _judged(n: int, seat: Seat, found: dict[tuple[int, bool], RateSums], at: datetime) -> Judged:
    terms, today = terms_of_seat(seat), today_of(seat, at=at)
    earlier = today - timedelta(days=terms.window_days + 1)
    rate = made(sums=found[n, True], terms=terms, today=today)
    before = made(sums=found[n, False], terms=terms, today=earlier)
    return Judged(seat, terms, Standing(rate, before))


def numbers(found: Sequence[Judged], *, at: datetime) -> list[list[TooMany]]:
    """This will say of each seat what was too many in the last days (RK-9). One statement."""
    watched = [
        Watched(each.seat.merchant_id, each.seat.channel_id, each.terms, each.today, zone_of(each.seat))
        for each in found
    ]
    return alarms(watched)
