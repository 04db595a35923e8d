"""An estimate of the score that a channel gives its sellers. Pure.

The channel's own weights are not public (docs/terms.md): these are ours, they are shown, and what comes out is
called an estimate (RK-11). Customer satisfaction and the rate are hurt separately.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from countermand.performance.report import Performance

# Of a hundred. The families are those that the channel names; satisfaction is what customers told the shop.
WEIGHTS = {"satisfaction": 40, "delivery": 30, "catalogue": 30}
DELIVERY = ("delay", "cannot_deliver", "damaged")
CATALOGUE = ("out_of_stock", "item_unavailable", "listing_error", "price_error", "supplier")
USUAL_LIMIT = "5.00"
LETTERS = (("A", Fraction(3, 4)), ("B", Fraction(1, 2)), ("C", Fraction(1, 4)))


@dataclass(frozen=True, slots=True)
class Family:
    """One family of the score: its weight of a hundred, what it is worth from 0 to 1, and what that is made of."""

    name: str
    weight: int
    worth: Fraction
    of: int
    among: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimate out of `scale`, one decimal as text, with its letter and its families."""

    score: str
    scale: int
    letter: str
    families: tuple[Family, ...]


def estimate(found: Performance, *, opinions: tuple[int, int] = (0, 0)) -> Estimate | None:
    """This will estimate a channel's score from its figures; None where the channel has none, or too little to judge.

    `opinions`: the sum of what customers said, 1 to 5 each, and how many did; without any, their weight is the others'.
    Each share called off costs twice its distance to the limit: none is worth 1, the limit a half, twice the limit 0.
    """
    terms = found.terms
    if terms is None or not terms.score_scale or not found.judged:
        return None
    limit = Fraction(terms.limit or USUAL_LIMIT)
    families = []
    total, count = opinions
    if count:
        worth = Fraction(total - count, 4 * count)
        families.append(Family("satisfaction", WEIGHTS["satisfaction"], worth, total, count))
    for name, reasons in (("delivery", DELIVERY), ("catalogue", CATALOGUE)):
        gone = sum(part.cancelled for part in found.reasons if part.key in reasons)
        worth = (
            max(Fraction(0), 1 - Fraction(100 * gone, found.rate.total) / (2 * limit))
            if limit
            else Fraction(1)
        )
        families.append(Family(name, WEIGHTS[name], worth, gone, found.rate.total))
    weight = sum(each.weight for each in families)
    share = sum((each.weight * each.worth for each in families), Fraction(0)) / weight
    return Estimate(_tenths(share * terms.score_scale), terms.score_scale, letter(share), tuple(families))


def letter(share: Fraction) -> str:
    """This will give the letter of a share of the scale: A above three quarters, B above a half, C above a quarter."""
    return next((name for name, above in LETTERS if share > above), "D")


def _tenths(score: Fraction) -> str:
    whole = Decimal(score.numerator) / Decimal(score.denominator)
    return str(whole.quantize(Decimal("0.1"), ROUND_HALF_UP))
