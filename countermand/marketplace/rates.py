"""The rates of many seats in two statements, whatever their number, their windows and their clocks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from json import dumps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from countermand import sql
from countermand.channels.presets import Terms, clock_of
from countermand.marketplace.models import Seat
from countermand.marketplace.rules import Standing
from countermand.payments.ledger import terms_of
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
# What counted lately, by article where the terms say so.
NUMBERS = """
SELECT w.n, CASE WHEN w.by_article THEN l.sku ELSE '' END AS subject,
    count(DISTINCT c.id)::int
FROM jsonb_to_recordset(%s) AS w(n int, m int, channel uuid, since timestamptz, by_article bool)
JOIN "order" o ON o.merchant_id = w.m AND o.channel_id = w.channel AND o.placed_at >= w.since - interval '60 days'
JOIN cancellation c ON c.order_id = o.id AND c.merchant_id = w.m AND c.counts_in_rate AND c.state <> 'undone'
    AND c.at >= w.since
LEFT JOIN cancelled_line x ON w.by_article AND x.merchant_id = w.m AND x.cancellation_id = c.id
LEFT JOIN order_line l ON l.id = x.line_id
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
    zone = clock_of(terms_of_seat(seat), merchant=seat.merchant.timezone, channel=seat.channel.timezone)
    return at.astimezone(ZoneInfo(zone)).date()


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
    found = (
        {(n, now): RateSums(*sums, 0) for n, now, *sums in sql.tuples(SUMS, (sql.json(windows),))}
        if seats
        else {}
    )
    return [_judged(n, seat, found, at) for n, seat in enumerate(seats)]


def _judged(n: int, seat: Seat, found: dict[tuple[int, bool], RateSums], at: datetime) -> Judged:
    terms, today = terms_of_seat(seat), today_of(seat, at=at)
    earlier = today - timedelta(days=terms.window_days + 1)
    rate = made(sums=found[n, True], terms=terms, today=today)
    before = made(sums=found[n, False], terms=terms, today=earlier)
    return Judged(seat, terms, Standing(rate, before, terms.minimum_volume))


def numbers(found: Sequence[Judged], *, at: datetime) -> dict[UUID, dict[str, int]]:
    """This will count what counted in the last days of each seat whose terms ask (RK-9): seat -> article -> how many.

    One statement; "" stands for the channel where the terms do not count by article.
    """
    asked = [
        {
            "n": n,
            "m": each.seat.merchant_id,
            "channel": each.seat.channel_id,
            "since": at - timedelta(days=each.terms.alert_days),
            "by_article": each.terms.alert_per == "article",
        }
        for n, each in enumerate(found)
        if each.terms.alert_count
    ]
    counted: dict[UUID, dict[str, int]] = {}
    for n, subject, count in sql.tuples(NUMBERS, (sql.json(asked),)) if asked else ():
        counted.setdefault(found[n].seat.id, {})[subject or ""] = count
    return counted
