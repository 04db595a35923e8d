"""How long money takes to arrive, by the way it goes back (SH-18). Days are calendar days."""

from datetime import date, timedelta
from typing import NamedTuple


class Delay(NamedTuple):
    """Between `least` and `most` days after it left us. `source`: a rule id, or `ours` where no source says it."""

    least: int
    most: int
    source: str = "ours"


# Done by hand, at the latest when the law wants the money back (docs/law.md).
BY_HAND = Delay(0, 14)
AT_ONCE = Delay(0, 0)

DELAYS: dict[str, Delay] = {
    "card": Delay(5, 10),
    "wallet": Delay(1, 3),
    "transfer": Delay(2, 5),
    "store_credit": AT_ONCE,
    "gift_card": AT_ONCE,
    "cash": BY_HAND,
    "cheque": BY_HAND,
    "manual": BY_HAND,
}


class Arrival(NamedTuple):
    """When money is there: both the same day means at once or, by hand, `first` is the day we start."""

    means: str
    first: date
    last: date


def means_of(*, how: str, method: str) -> str:
    """This will say by which means an amount goes back: "original" means the payment's own method."""
    means = method if how == "original" else how
    return means if means in DELAYS else "manual"


def arrival(*, how: str, method: str, leaves_on: date) -> Arrival:
    """This will say when an amount that leaves us on a day is with the buyer."""
    means = means_of(how=how, method=method)
    delay = DELAYS[means]
    return Arrival(means, leaves_on + timedelta(days=delay.least), leaves_on + timedelta(days=delay.most))
