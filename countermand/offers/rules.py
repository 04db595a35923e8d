"""What an offered alternative comes to: what it costs, what goes back or is missing, until when. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from countermand.refusals import Refusal
from countermand.stock.facts import Article
from countermand.stock.rules import Alternative

MOST_DAYS = 30
USUAL_DAYS = 3
# How long units stay held for a buyer who has accepted and still has to pay (EM-4).
HELD_DAYS = 3


@dataclass(frozen=True, slots=True)
class Difference:
    """Minor units. `costs` the alternative, `worth` the old units: one of `back` and `missing` is nothing."""

    costs: int
    worth: int

    @property
    def back(self) -> int:
        return max(0, self.worth - self.costs)

    @property
    def missing(self) -> int:
        return max(0, self.costs - self.worth)


def judge_article(sku: str, near: list[Alternative], *, quantity: int, currency: str) -> tuple[Article, int]:
    """This will find the alternative among those that may be proposed (EM-3), and its price.

    Refuses `no_alternative`, `not_sellable` with fewer units left than wanted, `price_missing`.
    """
    found = next((each.article for each in near if each.article.sku == sku), None)
    if found is None:
        raise Refusal("no_alternative", f"{sku!r} is none of the alternatives", field="sku")
    if found.on_hand is not None and found.on_hand - found.allocated < quantity:
        raise Refusal("not_sellable", f"{found.on_hand - found.allocated} can be sold", field="quantity")
    if found.price_minor is None or found.currency != currency:
        raise Refusal("price_missing", f"no price in {currency}", field="sku")
    return found, found.price_minor


def answer_by(at: datetime, *, days: int) -> datetime:
    """This will say until when an offer stands. Refuses `invalid_days` outside 1 to 30."""
    if not 1 <= days <= MOST_DAYS:
        raise Refusal("invalid_days", f"1 to {MOST_DAYS} days", field="days")
    return at + timedelta(days=days)
