"""Whether a cancellation counts in the channel's rate, and why: one question after the other, pure.

`why` is a code that pages put into words (`web.counting_words`) and that stays with the cancellation.
"""

from typing import NamedTuple

from countermand.channels.presets import Terms
from countermand.reasons import REASONS

COUNT = ("all", "seller", "automatic", "no_case", "no_official_request", "other_reason", "more_units")
COUNT_NOT = ("not_in_rate", "buyer", "case_before", "official_request")
WHYS = COUNT + COUNT_NOT

# What a buyer's wish lacks where it was not asked by the route that the channel recognises, and what it has.
_UNOFFICIAL = {"seller_or_no_case": "no_case", "seller_or_unofficial": "no_official_request"}
_OFFICIAL = {"seller_or_no_case": "case_before", "seller_or_unofficial": "official_request"}


class Counted(NamedTuple):
    """Whether a cancellation counts, and for which reason of `WHYS`."""

    counts: bool
    why: str


def entered(terms: Terms, *, accepted: bool, verification: str) -> bool:
    """This will say whether an order is one that the rate is measured against. In SQL: `orders.rated`."""
    if terms.rate_enters == "accepted":
        return accepted
    return terms.rate_enters == "placed" or verification == "verified"


def judged(
    terms: Terms,
    *,
    initiated_by: str,
    official_request: bool,
    reason: str = "customer_changed_mind",
    beyond: bool = False,
    entered: bool = True,
) -> Counted:
    """This will say whether a cancellation counts in the rate under a channel's terms, and why.

    `official_request`: the buyer asked by the route that the channel recognises, before; `beyond`: for fewer
    units than these; `entered`: the order is one that the rate is measured against (accepted, verified).
    Source: docs/terms.md, Rates; RK-1, RK-7, RK-8, AZ-6, AZ-7, AZ-13.
    """
    if not entered:
        return Counted(False, "not_in_rate")
    if terms.counts == "all":
        return Counted(True, "all")
    if initiated_by == "merchant":
        return Counted(True, "seller")
    if initiated_by == "platform" and not official_request:
        return Counted(True, "automatic")
    if terms.counts == "seller":
        return Counted(False, "buyer")
    if not official_request:
        return Counted(True, _UNOFFICIAL[terms.counts])
    if terms.counts == "seller_or_unofficial" and not REASONS[reason].buyers_own:
        return Counted(True, "other_reason")
    if beyond:
        return Counted(True, "more_units")
    return Counted(False, _OFFICIAL[terms.counts])


def counts(terms: Terms, *, initiated_by: str, official_request: bool) -> bool:
    """This will say the same in one word, for a cancellation of what was asked, for the reason that was given."""
    return judged(terms, initiated_by=initiated_by, official_request=official_request).counts
