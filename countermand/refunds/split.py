"""Over which payments an amount goes back, with the fewest movements. Pure.

Source: docs/api.md, Refunds: what was paid by store credit or gift card goes back there; the rest uses
an exact match, else the smallest that covers it, else biggest first; what no provider can do
becomes `manual`.
"""

from collections.abc import Sequence
from typing import NamedTuple

from countermand.payments.facts import ShareFacts
from countermand.payments.providers.abilities import BY_HAND, OUR_CREDIT

CREDIT_METHODS = ("store_credit", "gift_card")


class Movement(NamedTuple):
    """An amount on one payment; `method` is how it really goes: original, store_credit, gift_card or manual."""

    share: ShareFacts
    amount: int
    method: str


def able(share: ShareFacts, amount: int) -> bool:
    """This will say whether a payment's provider can give back just this amount."""
    return share.partial or (amount == share.captured and share.free == share.captured)


def split(shares: Sequence[ShareFacts], amount: int, *, method: str = "original") -> list[Movement]:
    """This will share `amount` out over payments. The caller has made sure that it is not above their sum."""
    left = amount
    chosen: list[tuple[ShareFacts, int]] = []
    for share in shares:
        if left and share.method in CREDIT_METHODS and share.free:
            part = min(left, share.free)
            chosen.append((share, part))
            left -= part
    rest = [share for share in shares if share.free and share.method not in CREDIT_METHODS]
    while left:
        share = _next(rest, left)
        part = min(left, share.free)
        chosen.append((share, part))
        left -= part
        rest.remove(share)
    return [Movement(share, part, _how(share, part, method)) for share, part in chosen]


def _next(shares: list[ShareFacts], amount: int) -> ShareFacts:
    """The payment to take next: exact, else the smallest that covers it, else the biggest; the able first."""
    if len(shares) == 1:
        return shares[0]
    exact = [share for share in shares if share.free == amount]
    covering = [share for share in shares if share.free >= amount]
    for group, key in (
        ([s for s in exact if able(s, amount)], lambda s: s.free),
        ([s for s in covering if able(s, amount)], lambda s: s.free),
        ([s for s in shares if able(s, min(amount, s.free))], lambda s: -s.free),
        (covering, lambda s: s.free),
        (shares, lambda s: -s.free),
    ):
        if group:
            return min(group, key=key)
    raise AssertionError("asked to give back more than the payments hold")


def _how(share: ShareFacts, amount: int, method: str) -> str:
    if method != "original":
        return method
    if share.provider in BY_HAND:
        return "manual"
    if share.provider in OUR_CREDIT:
        return "gift_card" if share.method == "gift_card" else "store_credit"
    return "original" if able(share, amount) else "manual"
