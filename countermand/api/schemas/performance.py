"""What is answered and taken about figures: the rate and what it is made of, and visits."""

from typing import Annotated

from pydantic import Field

from countermand.api.schemas.answers import Answer
from countermand.api.schemas.kinds import Body, Day, Reference
from countermand.performance.actions import MOST_DAYS, MOST_VISITS


class PeriodAnswer(Answer):
    """Whole days, both included, in the channel's clock."""

    first: str
    last: str


class ByReasonAnswer(Answer):
    """What one reason makes of it: `cancelled` counts in the rate, in its unit; `lever` is what it points at."""

    reason: str
    family: str
    lever: str
    cancelled: int
    orders: int
    articles: int
    rate: str
    share: str


class ByItemAnswer(Answer):
    """An article called off: `share` is its part of all articles called off."""

    sku: str
    title: str
    cancelled: int
    orders: int
    articles: int
    share: str


class ByAskedAnswer(Answer):
    """What one asker makes of it."""

    initiated_by: str
    cancelled: int
    orders: int
    articles: int
    rate: str
    share: str


class WeekAnswer(Answer):
    """A week of the trend, cut at the ends of the period."""

    first: str
    last: str
    orders: int
    cancelled: int
    rate: str


class SalesAnswer(Answer):
    """Net sales in a currency: gross − cancelled − refunded."""

    currency: str
    gross: str
    cancelled: str
    refunded: str
    net: str


class KeptAnswer(Answer):
    """Orders not wholly called off, of those placed."""

    orders: int
    placed: int
    share: str


class ConversionAnswer(Answer):
    """Orders by visits, on the days for which visits were told; `kept` without those wholly called off."""

    visits: int
    days: int
    orders: int
    rate: str
    kept: str


class FamilyAnswer(Answer):
    """A family of the score: its weight of a hundred, and what it is worth, in per cent."""

    family: str
    weight: int
    worth: str


class EstimateAnswer(Answer):
    """Our estimate of the score that the channel gives: its own weights are not public, these are ours."""

    score: str
    scale: int
    letter: str
    families: list[FamilyAnswer]


class WhatIfAnswer(Answer):
    """The rate with `more` called off; `verdict`: `too_few`, `below`, `near`, `breached`."""

    more: int
    rate: str
    verdict: str
    room: int | None


class TooManyAnswer(Answer):
    """So many counted within the days of the terms, of one article or (sku null) of the channel."""

    sku: str | None
    counted: int
    threshold: int
    days: int


class LeavingAnswer(Answer):
    """A day to come: what leaves the window on it, and the rate of the orders that are known now."""

    day: str
    leaves_cancelled: int
    leaves: int
    rate: str
    verdict: str


class GuardAnswer(Answer):
    """What is to come of a channel's rate: `what_if` so many more are called off, what leaves the window, what is too many."""

    channel: str
    period: PeriodAnswer
    unit: str
    orders: int
    cancelled: int
    rate: str
    limit: str | None
    warn: str | None
    verdict: str
    room: int | None
    what_if: WhatIfAnswer
    back_below: str | None
    forecast: list[LeavingAnswer]
    too_many: list[TooManyAnswer]
    estimate: EstimateAnswer | None


class CountedAnswer(Answer):
    """A cancellation, whether it counts, and why (a code)."""

    id: str
    at: str
    units: int
    initiated_by: str
    reason: str
    counts: bool
    why: str


class BehindAnswer(Answer):
    """An order of the window of which something was called off."""

    order_id: str
    number: str
    placed_at: str
    day: str
    articles: int
    counts: bool
    cancellations: list[CountedAnswer]


class BehindList(Answer):
    """The orders behind a rate, latest first."""

    items: list[BehindAnswer]
    next: str | None


class PerformanceAnswer(Answer):
    """A rate and what it is made of. `orders` and `cancelled` are in `unit`; `room`: how many more stay below the limit."""

    channel: str | None
    period: PeriodAnswer
    unit: str
    orders: int
    cancelled: int
    rate: str
    limit: str | None
    warn: str | None
    distance: str | None
    room: int | None
    judged: bool
    by_reason: list[ByReasonAnswer]
    by_item: list[ByItemAnswer]
    by_asked: list[ByAskedAnswer]
    trend: list[WeekAnswer]
    sales: list[SalesAnswer]
    kept: KeptAnswer
    conversion: ConversionAnswer | None
    estimate: EstimateAnswer | None
    behind: bool


class VisitsOfDay(Body):
    """A day and how many came."""

    day: Day
    visits: Annotated[int, Field(ge=0, le=MOST_VISITS)]


class VisitsBody(Body):
    """How many visits a channel had, day by day; a day told again is replaced."""

    channel: Reference
    days: Annotated[list[VisitsOfDay], Field(min_length=1, max_length=MOST_DAYS)]


class VisitsAnswer(Answer):
    """How many days were noted."""

    channel: str
    days: int
