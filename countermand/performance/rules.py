"""The arithmetic of rates: per cent with two decimals as text, half up, from whole numbers only."""

from dataclasses import dataclass
from datetime import date, timedelta


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

    @property
    def before(self) -> str:
        """This will write the rate as it is."""
        return percentage(self.cancelled, self.total)

    def after(self, *, placed_on: date, new_order: bool, articles: int) -> str:
        """This will write the rate as one more counting cancellation makes it.

        An order counts on the day it was placed, and once, however many of its articles go one by
        one: `new_order` says that none of it counted yet. Out of the window it changes nothing.
        """
        if not self.day_from <= placed_on <= self.day_to:
            return self.before
        more = articles if self.unit == "article" else int(new_order)
        return percentage(self.cancelled + more, self.total)


def window(*, today: date, days: int) -> tuple[date, date]:
    """This will give the first and the last day of a rate's window: the last whole days, and today."""
    return today - timedelta(days=days), today
