"""What the desk makes of a rate: how near to its limit, which way it goes, which alerts stand. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from countermand.channels.presets import Terms
from countermand.performance.guard import TooMany
from countermand.performance.rules import Rate

NO_LIMIT, TOO_FEW = -2, -1


@dataclass(frozen=True, slots=True)
class Standing:
    """A seat's rate of the moment, and the one of as many days before."""

    rate: Rate
    before: Rate

    @property
    def danger(self) -> int:
        """This will say how much of its limit the rate has used up, in hundredths of a per cent of the limit.

        10 000 is the limit itself. Without enough to judge it is `TOO_FEW`, without a limit `NO_LIMIT`.
        """
        limit = self.rate.limit
        if not limit or not Decimal(limit):
            return NO_LIMIT
        if not self.rate.judged or not self.rate.total:
            return TOO_FEW
        return int(1_000_000 * self.rate.cancelled / (Decimal(limit) * self.rate.total))

    @property
    def level(self) -> str:
        """This will name where the rate stands: `few`, `limit`, `warn` or `calm`. 5.00 % of 5 % is `limit` (RK-10)."""
        if not self.rate.judged:
            return "few"
        if self.rate.breached:
            return "limit"
        return "warn" if self.rate.near else "calm"

    @property
    def trend(self) -> str:
        """This will say which way the rate goes against the same number of days before: up, down, level or new."""
        now, then = self.rate, self.before
        if not then.total or not now.total:
            return "new"
        # Crosswise, so that no rounding says up or down of two equal rates.
        left, right = now.cancelled * then.total, then.cancelled * now.total
        if left == right:
            return "level"
        return "up" if left > right else "down"


@dataclass(frozen=True, slots=True)
class Crossing:
    """A line that is crossed now. `subject`: the article that it is about, "" for the channel."""

    kind: str
    subject: str
    facts: tuple[tuple[str, str | int], ...]


def crossings(standing: Standing, *, terms: Terms, numbers: Sequence[TooMany]) -> list[Crossing]:
    """This will list the lines that a seat has crossed (RK-9): beyond the limit, near it, too many in few days."""
    found = []
    rate = standing.rate
    facts: tuple[tuple[str, str | int], ...] = (
        ("rate", rate.before),
        ("cancelled", rate.cancelled),
        ("total", rate.total),
        ("limit", rate.limit),
        ("warn", rate.warn),
        ("unit", rate.unit),
        ("days", terms.window_days),
    )
    if standing.level in ("limit", "warn"):
        found.append(Crossing(standing.level, "", facts))
    for each in numbers:
        more = (("count", each.counted), ("threshold", each.threshold), ("in_days", each.days))
        found.append(Crossing("number", each.sku, (*facts, *more)))
    return found


def closes(kind: str, standing: Standing) -> bool:
    """This will say whether an open alert about the rate is over. A warning stays while the rate is at its limit."""
    if kind == "limit":
        return standing.level != "limit"
    return standing.level not in ("limit", "warn")
