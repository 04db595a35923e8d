"""How a merchant's channels do over a period: the rate and what it is made of, sales, what customers say."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from countermand.channels.models import Channel
from countermand.channels.presets import Terms, clock_of, effective
from countermand.performance.levers import LEVER
from countermand.performance.rules import Rate, window
from countermand.performance.sums import Period, Sums, Visited, sums
from countermand.reasons import REASONS
from countermand.refusals import Refusal

DAYS = 30  # where several channels are looked at together, each with a window of its own
MOST_DAYS = 3_660
MINIMUM = 10
TOP = 10


@dataclass
class Part:
    """A part of what was called off, by one key. `cancelled` is what counts in the rate, in its unit; `all` what does not, too."""

    key: str
    cancelled: int = 0
    all: int = 0
    all_before: int = 0
    orders: int = 0
    articles: int = 0
    title: str = ""
    amounts: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass
class Week:
    """A week of the trend, cut at the ends of the period."""

    first: date
    last: date
    rate: Rate


@dataclass
class Sales:
    """What became of what was sold, in one currency: net = gross − cancelled − refunded (SH-17)."""

    currency: str
    gross: int = 0
    cancelled: int = 0
    refunded: int = 0
    net: int = 0
    placed_orders: int = 0
    cancelled_orders: int = 0
    refunded_orders: int = 0


@dataclass
class Kept:
    """How much of what was ordered is kept: orders not wholly called off, and articles."""

    placed: int = 0
    orders: int = 0
    articles_placed: int = 0
    articles: int = 0


@dataclass
class Performance:
    """Everything the page, the API and the export show. `before` is the same number of days right before."""

    period: Period
    channel: Channel | None
    terms: Terms | None
    unit: str
    rate: Rate
    before: Rate
    minimum: int
    asked: list[Part]
    reasons: list[Part]
    families: list[Part]
    levers: list[Part]
    members: list[Part]
    items: list[Part]
    channels: list[tuple[Channel, Rate]]
    weeks: list[Week]
    sales: list[Sales]
    sales_before: dict[str, Sales]
    kept: Kept
    visits: Visited
    behind: bool

    @property
    def judged(self) -> bool:
        """This will say whether there is enough to judge the rate by."""
        return self.rate.total >= self.minimum

    @property
    def all(self) -> int:
        """This will count what was called off, whether it counts in the rate or not, in the rate's unit."""
        return sum(part.all for part in self.asked)


def performance(
    *,
    merchant_id: int,
    zone: str,
    channels: Sequence[Channel],
    code: str = "",
    day_from: date | None = None,
    day_to: date | None = None,
    top: int = TOP,
    at: datetime,
) -> Performance:
    """This will gather the figures of one channel or, without a code, of all together.

    The period is the window of the channel's terms unless days are given, both included, in its clock;
    `zone` is the merchant's. Refuses `not_found` for a channel that is none, `invalid_period`.
    """
    chosen = [channel for channel in channels if not code or channel.code == code]
    if code and not chosen:
        raise Refusal("not_found", f"no channel {code!r}")
    channel = chosen[0] if len(chosen) == 1 else None
    terms = effective(channel.terms, channel.overrides) if channel else None
    period = _period(terms, _today(channel, terms, zone, at), day_from, day_to)
    found = sums(merchant_id=merchant_id, channels=[each.id for each in chosen], period=period, top=top)
    unit = terms.rate_unit if terms else "order"
    reasons = _parts(found.rows, "reason", unit)
    return Performance(
        period=period,
        channel=channel,
        terms=terms,
        unit=unit,
        rate=_rate((row for row in found.weeks if row["now"]), unit, terms, period.first, period.last),
        before=_rate(
            (row for row in found.weeks if not row["now"]),
            unit,
            terms,
            period.before,
            period.first - timedelta(days=1),
        ),
        minimum=terms.minimum_volume if terms else MINIMUM,
        asked=_parts(found.rows, "asked", unit),
        reasons=reasons,
        families=_grouped(reasons, {code: reason.family for code, reason in REASONS.items()}),
        levers=_grouped(reasons, LEVER),
        members=_parts(found.rows, "member", unit),
        items=_items(found, unit),
        channels=_by_channel(chosen, found, period),
        weeks=_weeks(found, unit, terms),
        sales=_sales(found.rows, now=True),
        sales_before={each.currency: each for each in _sales(found.rows, now=False)},
        kept=_kept(found.rows),
        visits=found.visits,
        behind=found.behind,
    )


def _today(channel: Channel | None, terms: Terms | None, zone: str, at: datetime) -> date:
    if channel and terms:
        zone = clock_of(terms, merchant=zone, channel=channel.timezone)
    return at.astimezone(ZoneInfo(zone)).date()


def _period(terms: Terms | None, today: date, day_from: date | None, day_to: date | None) -> Period:
    for day in (day_from, day_to):
        if day and not 1900 <= day.year <= 2200:
            raise Refusal("invalid_period", "a year between 1900 and 2200", field="from")
    last = day_to or max(today, day_from or today)
    first = day_from or window(today=last, days=terms.window_days if terms else DAYS)[0]
    if first > last:
        raise Refusal("invalid_period", "the first day comes after the last", field="from")
    if (last - first).days >= MOST_DAYS:
        raise Refusal("invalid_period", f"at most {MOST_DAYS} days", field="from")
    return Period(first, last)


def _rate(rows: Iterable[dict[str, Any]], unit: str, terms: Terms | None, first: date, last: date) -> Rate:
    cancelled = total = 0
    for row in rows:
        cancelled += row["articles_cancelled" if unit == "article" else "orders_cancelled"]
        total += row["articles" if unit == "article" else "orders"]
    limit, warn = (terms.limit, terms.warn) if terms else ("", "")
    minimum = terms.minimum_volume if terms else MINIMUM
    return Rate(cancelled, total, limit, warn, unit, first, last, minimum)


def _parts(rows: Iterable[dict[str, Any]], dimension: str, unit: str) -> list[Part]:
    parts: dict[str, Part] = {}
    for row in rows:
        if row["dimension"] != dimension:
            continue
        part = parts.setdefault(row["key"], Part(row["key"]))
        if not row["now"]:
            part.all_before += row[f"{unit}s"]
            continue
        part.cancelled += row[f"counted_{unit}s"]
        part.all += row[f"{unit}s"]
        part.orders += row["orders"]
        part.articles += row["articles"]
        part.amounts[row["currency"]] += row["amount_minor"]
    return sorted((part for part in parts.values() if part.all or part.articles), key=_largest)


def _largest(part: Part) -> tuple[int, int, str]:
    return (-part.all, -part.articles, part.key)


def _grouped(parts: Sequence[Part], of: dict[str, str]) -> list[Part]:
    groups: dict[str, Part] = {}
    for part in parts:
        group = groups.setdefault(of[part.key], Part(of[part.key]))
        for name in ("cancelled", "all", "all_before", "orders", "articles"):
            setattr(group, name, getattr(group, name) + getattr(part, name))
        for currency, amount in part.amounts.items():
            group.amounts[currency] += amount
    return sorted(groups.values(), key=_largest)


def _items(found: Sums, unit: str) -> list[Part]:
    return [
        Part(
            row["key"],
            cancelled=row[f"counted_{unit}s"],
            all=row["articles"],
            orders=row["orders"],
            articles=row["articles"],
            title=row["title"] or row["key"],
            amounts={row["currency"]: row["amount_minor"]} if row["currency"] else {},
        )
        for row in found.items
    ]


def _by_channel(chosen: Sequence[Channel], found: Sums, period: Period) -> list[tuple[Channel, Rate]]:
    rates = []
    for channel in chosen:
        terms = effective(channel.terms, channel.overrides)
        rows = (row for row in found.weeks if row["now"] and row["channel_id"] == channel.id)
        rates.append((channel, _rate(rows, terms.rate_unit, terms, period.first, period.last)))
    return rates


def _weeks(found: Sums, unit: str, terms: Terms | None) -> list[Week]:
    """Every week of the period, those in which nothing was sold too: a line must not jump over them."""
    by_week: dict[date, list[dict[str, Any]]] = defaultdict(list)
    for row in found.weeks:
        if row["now"]:
            by_week[row["week"]].append(row)
    weeks = []
    monday = found.period.first - timedelta(days=found.period.first.weekday())
    while monday <= found.period.last:
        first, last = max(monday, found.period.first), min(monday + timedelta(days=6), found.period.last)
        weeks.append(Week(first, last, _rate(by_week[monday], unit, terms, first, last)))
        monday += timedelta(days=7)
    return weeks


def _sales(rows: Iterable[dict[str, Any]], *, now: bool) -> list[Sales]:
    by_currency: dict[str, Sales] = {}
    for row in rows:
        if row["now"] != now or row["dimension"] not in ("placed", "cancelled", "refunded"):
            continue
        sales = by_currency.setdefault(row["currency"], Sales(row["currency"]))
        name = "gross" if row["dimension"] == "placed" else row["dimension"]
        setattr(sales, name, getattr(sales, name) + row["amount_minor"])
        name = f"{row['dimension']}_orders"
        setattr(sales, name, getattr(sales, name) + row["orders"])
    for sales in by_currency.values():
        sales.net = sales.gross - sales.cancelled - sales.refunded
    return sorted(by_currency.values(), key=lambda sales: (-sales.placed_orders, sales.currency))


def _kept(rows: Iterable[dict[str, Any]]) -> Kept:
    kept = Kept()
    for row in rows:
        if row["now"] and row["dimension"] == "placed":
            kept.placed += row["orders"]
            kept.articles_placed += row["articles"]
        elif row["now"] and row["dimension"] == "kept":
            kept.orders += row["orders"]
            kept.articles += row["articles"]
    return kept
