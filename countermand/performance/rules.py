"""The arithmetic of rates: per cent with two decimals as text, half up, from whole numbers only."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal

VERDICTS = ("too_few", "below", "near", "breached")


def percentage(cancelled: int, total: int) -> str:
    """This will write cancelled ÷ total as "4.35"; of nothing, "0.00"."""
    if total <= 0:
        return "0.00"
    hundredths = (2 * 10_000 * cancelled + total) // (2 * total)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


@dataclass(frozen=True, slots=True)
class Rate:
    """A channel's rate over its window, both ends included. `limit`, `warn` per cent as text, "" for none."""

    cancelled: int
    total: int
    limit: str
    warn: str
    unit: str
    day_from: date
    day_to: date
    minimum: int = 0

    @property
    def judged(self) -> bool:
        """This will say whether there is enough to judge the rate by."""
        return self.total >= self.minimum

    @property
    def breached(self) -> bool:
        """This will say whether the rate is at its limit or above: it has to stay *below* (RK-10)."""
        return (
            bool(self.limit) and self.total > 0 and 100 * self.cancelled >= Decimal(self.limit) * self.total
        )

    @property
    def near(self) -> bool:
        """This will say whether the rate is where the terms warn."""
        return bool(self.warn) and self.total > 0 and 100 * self.cancelled >= Decimal(self.warn) * self.total

    @property
    def verdict(self) -> str:
        """This will judge the rate in one of `VERDICTS`: by the warning of its terms, and by their limit."""
        if not self.judged:
            return "too_few"
        if self.breached:
            return "breached"
        return "near" if self.near else "below"

    @property
    def distance(self) -> str | None:
        """This will write how many points are left to the limit, "-0.35" once beyond; None without a limit."""
        return f"{Decimal(self.limit) - Decimal(self.before):.2f}" if self.limit else None

    @property
    def room(self) -> int | None:
        """This will say how many more may be called off with the rate still below its limit; None without one."""
        if not self.limit:
            return None
        bound = (Decimal(self.limit) * self.total / 100).to_integral_value(ROUND_CEILING)
        return max(0, int(bound) - 1 - self.cancelled)

    @property
    def before(self) -> str:
        """This will write the rate as it is."""
        return percentage(self.cancelled, self.total)

    def more(self, *, placed_on: date, new_order: bool, articles: int) -> int:
        """This will say by how many one more counting cancellation raises the number above the line.

        An order counts on the day it was placed, and once, however many of its articles go one by
        one: `new_order` says that none of it counted yet. Out of the window it changes nothing.
        """
        if not self.day_from <= placed_on <= self.day_to:
            return 0
        return articles if self.unit == "article" else int(new_order)

    def with_more(self, more: int) -> "Rate":
        """This will give the rate as it would be with so many more called off."""
        return replace(self, cancelled=self.cancelled + more)

    def after(self, *, placed_on: date, new_order: bool, articles: int) -> str:
        """This will write the rate as one more counting cancellation makes it (see `more`)."""
        return self.with_more(self.more(placed_on=placed_on, new_order=new_order, articles=articles)).before


def window(*, today: date, days: int) -> tuple[date, date]:
    """This will give the first and the last day of a rate's window: the last whole days, and today."""
    return today - timedelta(days=days), today
