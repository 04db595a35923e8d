"""What can be sold, from when again, and what can be proposed instead. Pure."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from countermand.refusals import Refusal
from countermand.stock.facts import Article

MOST_DAYS = 365
LIKE_PRICE = 20  # per cent, dearer or cheaper: ours

# What a buyer cannot put up with in another value, unless the merchant says so (EM-3).
SIZES = frozenset(
    ["taille", "pointure", "size", "dimension", "dimensions", "format", "longueur", "largeur", "hauteur"]
)

KINDS = ("other_option", "equivalent", "same_range")


class Alternative(NamedTuple):
    """An article to propose instead of another, and in which of `KINDS` it is near to it."""

    kind: str
    article: Article


def sellable(
    on_hand: int | None,
    allocated: int,
    *,
    active: bool = True,
    unavailable_until: date | None = None,
    today: date,
) -> int | None:
    """This will say how many can be sold: negative when oversold, 0 while unavailable or off sale, None without stock keeping.

    Source: docs/api.md, Channels and items; RK-6.
    """
    if not active or is_unavailable(unavailable_until, today=today):
        return 0
    return None if on_hand is None else on_hand - allocated


def is_unavailable(until: date | None, *, today: date) -> bool:
    """This will say whether an article is marked unavailable on a day; on `until` it is back."""
    return until is not None and today < until


def back_on(*, days: int, today: date) -> date:
    """This will say on which day an article is back that is unavailable for `days`, today being the first.

    Refuses `invalid_days` outside 1 to 365. Source: EM-5 (back at 00:00 on day n+1).
    """
    if not 1 <= days <= MOST_DAYS:
        raise Refusal("invalid_days", f"1 to {MOST_DAYS} days", field="days")
    return today + timedelta(days=days)


def day_of(at: datetime, *, timezone: str) -> date:
    """This will say which day it is in a time zone."""
    return at.astimezone(ZoneInfo(timezone)).date()


def alternatives(wanted: Article, others: Iterable[Article], *, today: date) -> list[Alternative]:
    """This will list what can be proposed instead: the same product in another option, then equivalents, then the range.

    Within each, nearest price first. Only what can be sold; another size only where interchangeable.
    Source: EM-3; what makes an equivalent is ours: of the range, no option that differs, like price.
    """
    found = []
    for other in others:
        kind = None if other.sku == wanted.sku else _kind(wanted, other)
        if kind and _can_be_sold(other, today):
            found.append(Alternative(kind, other))
    return sorted(
        found, key=lambda one: (KINDS.index(one.kind), _distance(wanted, one.article), one.article.sku)
    )


def _kind(wanted: Article, other: Article) -> str | None:
    differing = {name for name, value in wanted.options.items() if other.options.get(name, value) != value}
    bound = {name for name in differing if name.casefold() in SIZES}
    if bound - set(wanted.interchangeable) - set(other.interchangeable):
        return None
    if wanted.product and wanted.product == other.product:
        return "other_option" if differing else "equivalent"
    if wanted.range and wanted.range == other.range:
        return "same_range" if differing or not _like_price(wanted, other) else "equivalent"
    return None


def _can_be_sold(article: Article, today: date) -> bool:
    if not article.active:
        return False
    left = sellable(
        article.on_hand, article.allocated, unavailable_until=article.unavailable_until, today=today
    )
    return left is None or left > 0


def _like_price(wanted: Article, other: Article) -> bool:
    if wanted.price_minor is None or other.price_minor is None or wanted.currency != other.currency:
        return False
    return abs(wanted.price_minor - other.price_minor) * 100 <= LIKE_PRICE * wanted.price_minor


def _distance(wanted: Article, other: Article) -> tuple[bool, int]:
    if wanted.price_minor is None or other.price_minor is None or wanted.currency != other.currency:
        return (True, 0)
    return (False, abs(wanted.price_minor - other.price_minor))
