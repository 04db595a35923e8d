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
    estimate: str | None
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
