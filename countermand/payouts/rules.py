"""What a merchant is paid out for an order, worked out from its money: facts in, missing entries out. Pure.

Source: docs/terms.md (payout and commission); RK-5 (the payout is cancelled), RK-8 and RK-13 (commission).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

SALE = "sale"  # what the buyer paid
COMMISSION = "commission"  # the platform's, on the sale
REVERSAL = "reversal"  # what a cancellation takes back from the payout
REFUND = "refund"  # what went back without a cancellation: returns, gestures, beyond
BACK = "commission_back"  # commission given back with it
KEPT = (
    "commission_kept"  # commission that stays due on what was called off: no amount, but a fact with evidence
)
KINDS = (SALE, COMMISSION, REVERSAL, REFUND, BACK, KEPT)

WHOLE = 10_000  # hundredths of a per cent in one


@dataclass(frozen=True, slots=True)
class CalledOff:
    """A cancellation that stands and is past its undo window. `given_back`: its part of the buyer's money."""

    id: UUID
    at: datetime
    given_back: int
    commission: str  # reversed, or kept
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrderMoney:
    """An order as the payout sees it. `gone`: given back, on its way, or owed to the buyer; minor units."""

    captured: int
    gone: int
    rate: int
    called_off: Sequence[CalledOff]


@dataclass(frozen=True, slots=True)
class Written:
    """What the entries say so far: sums by kind, and by cancellation of what was taken back for it."""

    sums: Mapping[str, int] = field(default_factory=dict)
    taken_back: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry to write."""

    kind: str
    amount: int
    about: int = 0
    called_off: CalledOff | None = None


def rate_of(text: str) -> int:
    """This will read a rate in per cent as hundredths of one: "15.00" is 1500, "" is none."""
    whole, _, decimals = (text or "0").partition(".")
    return int(whole) * 100 + int(decimals[:2].ljust(2, "0"))


def commission_on(money: OrderMoney) -> int:
    """This will say what the platform takes of what the buyer paid, rounded half up."""
    return (money.captured * money.rate + WHOLE // 2) // WHOLE


def share(money: OrderMoney, amount: int) -> int:
    """This will say how much of the commission is on `amount` of the sale: cumulative, so that parts sum to the whole."""
    return commission_on(money) * min(amount, money.captured) // money.captured if money.captured else 0


def balances(money: OrderMoney) -> dict[str, int]:
    """This will say what the entries of an order must sum to, kind by kind."""
    of_cancellations = sum(one.given_back for one in money.called_off)
    kept = sum(one.given_back for one in money.called_off if one.commission == "kept")
    return {
        SALE: money.captured,
        COMMISSION: -commission_on(money),
        REVERSAL: -of_cancellations,
        REFUND: of_cancellations - money.gone,
        BACK: share(money, max(0, money.gone - kept)),
        KEPT: 0,
    }


def missing(money: OrderMoney, written: Written) -> Iterator[Entry]:
    """This will make the entries that are still missing; none once all are written."""
    wanted = balances(money)
    sums = dict.fromkeys(KINDS, 0) | dict(written.sums)
    for kind in (SALE, COMMISSION):
        if more := wanted[kind] - sums[kind]:
            yield Entry(kind, more)
    back = sums[BACK]
    given = 0  # by cancellations whose commission goes back, up to this one
    for one in money.called_off:
        more = one.given_back - written.taken_back.get(one.id, 0)
        given += one.given_back if one.commission == "reversed" else 0
        if not more:
            continue
        yield Entry(REVERSAL, -more, called_off=one)
        if one.commission == "kept":
            yield Entry(KEPT, 0, about=share(money, more), called_off=one)
        elif (now := min(share(money, given), wanted[BACK]) - back) > 0:
            yield Entry(BACK, now, called_off=one)
            back += now
    if more := wanted[REFUND] - sums[REFUND]:
        yield Entry(REFUND, more)
    if more := wanted[BACK] - back:
        yield Entry(BACK, more)
