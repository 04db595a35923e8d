"""What the rate will be: a few more called off, or days leaving the window. And too many in a few days. Pure.

All of it from whole numbers: nothing is compared that was rounded, and nothing is guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from countermand.channels.presets import Terms
from countermand.performance.rules import Rate, window


class WhatIf(NamedTuple):
    """One course that can be taken, by name, and the rate that it leads to."""

    course: str
    rate: Rate

    @property
    def verdict(self) -> str:
        return self.rate.verdict


def courses(rate: Rate, *, more: int, why: str) -> list[WhatIf]:
    """This will set the courses beside each other that are open for what counts with `why` (AZ-22, RK-14).

    To cancel now raises the number by `more`. Where only the buyer's official request is missing, to ask for
    it does not; to send the articles never does.
    """
    found = [WhatIf("cancel", rate.with_more(more))]
    if why in ("no_official_request", "no_case", "more_units", "other_reason"):
        found.append(WhatIf("ask_officially", rate))
    return [*found, WhatIf("ship", rate)]


def steps(rate: Rate, *, most: int) -> list[WhatIf]:
    """This will give the rate with 1, 2 … `most` more called off, and no more than are left."""
    left = max(0, rate.total - rate.cancelled)
    return [WhatIf(str(more), rate.with_more(more)) for more in range(1, min(most, left) + 1)]


class DaySums(NamedTuple):
    """What one day holds, in the unit of the rate."""

    cancelled: int
    total: int


@dataclass(frozen=True, slots=True)
class Leaving:
    """A day to come: what leaves the window on it, and the rate of what is left if nothing else happens."""

    day: date
    leaves: DaySums
    rate: Rate


def forecast(
    days: Mapping[date, DaySums], *, rate: Rate, today: date, terms: Terms, ahead: int | None = None
) -> list[Leaving]:
    """This will follow the window day by day until the known orders have left it.

    New orders are not foreseen: it says what is certain. `days`: the sums of each day of today's window.
    """
    found, cancelled, total = [], rate.cancelled, rate.total
    for step in range(1, min(ahead or terms.window_days, terms.window_days) + 1):
        day = today + timedelta(days=step)
        first, last = window(today=day, days=terms.window_days)
        leaves = days.get(first - timedelta(days=1), DaySums(0, 0))
        cancelled, total = cancelled - leaves.cancelled, total - leaves.total
        left = Rate(cancelled, total, rate.limit, rate.warn, rate.unit, first, last, rate.minimum)
        found.append(Leaving(day, leaves, left))
    return found


def back_below(forecasted: Sequence[Leaving]) -> date | None:
    """This will say on which day a rate at its limit is below it again, of what is known; None where it is not."""
    return next((each.day for each in forecasted if each.rate.total and not each.rate.breached), None)


class TooMany(NamedTuple):
    """So many counting cancellations within the days of the terms are too many: of the channel, or of one article."""

    sku: str  # "" for the channel
    counted: int
    threshold: int
    days: int


def too_many(counted: Iterable[tuple[str, int]], terms: Terms) -> list[TooMany]:
    """This will say which numbers are too many under the terms (RK-9), most first. Off where `alert_count` is 0."""
    if not terms.alert_count:
        return []
    found = [
        TooMany(sku, count, terms.alert_count, terms.alert_days)
        for sku, count in counted
        if count >= terms.alert_count
    ]
    return sorted(found, key=lambda each: (-each.counted, each.sku))
