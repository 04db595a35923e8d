"""An estimate of the score that a channel gives its sellers. Pure.

The channel's own weights are not public (docs/terms.md): these are ours, they are shown, and what comes out is
called an estimate (RK-11). Customer satisfaction and the rate are hurt separately.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from countermand.channels.presets import Terms
from countermand.performance.rules import Rate

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

    @property
    def share(self) -> Decimal:
        """This will give the worth as a decimal."""
        return Decimal(self.worth.numerator) / Decimal(self.worth.denominator)


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimate out of `scale`, one decimal as text, with its letter and its families."""

    score: str
    scale: int
    letter: str
    families: tuple[Family, ...]

    @property
    def score_number(self) -> Decimal:
        """This will give the score as a number, for pages to write."""
        return Decimal(self.score)


def estimate(
    *, rate: Rate, terms: Terms, gone: Mapping[str, int], points: int = 0, opinions: int = 0
) -> Estimate | None:
    """This will estimate a channel's score; None where the channel has none, or there is too little to judge by.

    `gone`: what counts in the rate, by reason; `points`: what customers said, 1 to 5 each, added up over
    `opinions`. Without any, their weight is the others'. A family of which nothing was called off is worth 1,
    at the limit a half, at twice the limit 0.
    """
    if not terms.score_scale or not rate.total or not rate.judged:
        return None
    limit = Fraction(terms.limit or USUAL_LIMIT) or Fraction(USUAL_LIMIT)
    families = []
    if opinions:
        worth = Fraction(points - opinions, 4 * opinions)
        families.append(Family("satisfaction", WEIGHTS["satisfaction"], worth, points, opinions))
    for name, reasons in (("delivery", DELIVERY), ("catalogue", CATALOGUE)):
        lost = sum(gone.get(reason, 0) for reason in reasons)
        worth = max(Fraction(0), 1 - Fraction(100 * lost, rate.total) / (2 * limit))
        families.append(Family(name, WEIGHTS[name], worth, lost, rate.total))
    weight = sum(each.weight for each in families)
    share = sum((each.weight * each.worth for each in families), Fraction(0)) / weight
    return Estimate(_tenths(share * terms.score_scale), terms.score_scale, letter(share), tuple(families))


def letter(share: Fraction) -> str:
    """This will give the letter of a share of the scale: A above three quarters, B above a half, C above a quarter."""
    return next((name for name, above in LETTERS if share > above), "D")


def _tenths(score: Fraction) -> str:
    whole = Decimal(score.numerator) / Decimal(score.denominator)
    return str(whole.quantize(Decimal("0.1"), ROUND_HALF_UP))
