"""What a decision will lead to, before anybody decides, and what accepting and then cancelling would cost. Pure.

Both work on copies of the ledger with the same functions as the verbs, so that the page cannot say another thing.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

from countermand.acceptance import rules
from countermand.acceptance.taking_off import planned
from countermand.cancellations.ask import Ask
from countermand.cancellations.plan import follows
from countermand.orders.facts import LineFacts
from countermand.payments.facts import Ledger


@dataclass(frozen=True, slots=True)
class Outlook:
    """What follows. Minor units. `worth`: of the refused units, shipping and fees that go with them included."""

    accepted: dict[str, int]
    refused: dict[str, int]
    drawn_minor: int  # debited now
    back_minor: int  # captured before, and given back
    freed_minor: int  # authorised, and let go
    refused_all: bool

    @property
    def accepted_units(self) -> int:
        return sum(self.accepted.values())

    @property
    def refused_units(self) -> int:
        return sum(self.refused.values())


@dataclass(frozen=True, slots=True)
class Cost:
    """What it would cost to accept units that are not there, and to cancel them afterwards (RK-14)."""

    units: int
    debited_minor: int
    counts: bool
    commission: str  # kept, reversed, or "" where nobody takes one


def outlook(
    ledger: Ledger, *, accepted: Mapping[str, int], refused: Mapping[str, int], at: datetime
) -> Outlook:
    """This will say what accepting some units and refusing others leads to."""
    copy = deepcopy(ledger)
    back = 0
    whole = False
    if units := {line: n for line, n in refused.items() if n}:
        made = planned(copy, units, at=at)
        back, whole = made.refund, made.empties
        for line in made.lines:
            line.line.cancelled += line.quantity
            line.line.gone_worth += line.worth
        copy.order.shipping_released += made.shipping
        copy.order.fees_released += made.fees
    drawn = 0 if whole else sum(one.amount for one in rules.draws(copy))
    held = sum(share.amount for share in rules.authorised(copy))
    taken = {line: n for line, n in accepted.items() if n}
    return Outlook(
        accepted=taken,
        refused=units,
        drawn_minor=drawn,
        back_minor=back,
        freed_minor=held - drawn if rules.draws_now(copy) or whole else 0,
        refused_all=whole,
    )


def cost(ledger: Ledger, *, short: Mapping[str, int], at: datetime) -> Cost | None:
    """This will say what accepting all and then cancelling `short` would cost; None where nothing is short."""
    units = {line: n for line, n in short.items() if n}
    if not units:
        return None
    copy = deepcopy(ledger)
    debited = sum(one.amount for one in rules.draws(copy))
    for share, amount in rules.draws(copy):
        share.captured += amount
        share.payment_free += amount
        share.state = "captured"
        copy.order.captured += amount
    copy.order.status, copy.order.accepted = "open", True
    ask = Ask(reason="out_of_stock", lines=tuple(units.items()), initiated_by="merchant")
    made = follows(copy, ask, at=at)
    worth = made.worth + made.shipping + made.fees
    return Cost(
        units=sum(units.values()),
        debited_minor=min(worth, debited) if debited else 0,
        counts=made.counts_in_rate,
        commission=made.commission,
    )


def short_units(
    lines: list[LineFacts], undecided: Mapping[str, int], shelf: Mapping[str, int | None]
) -> dict[str, int]:
    """This will say of each line how many of its undecided units are not there (RK-14)."""
    found = {}
    for line in lines:
        there = shelf.get(line.reference)
        wanted = undecided.get(line.reference, 0)
        if there is not None and there < wanted:
            found[line.reference] = wanted - there
    return found
