"""One plan for a part-shipped order: the rest is called off, what left is asked back, both or neither (SH-16)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.cancellations.actions import Confirmed, RateOf, RateView, preview
from countermand.cancellations.ask import Ask
from countermand.cancellations.planned import Plan
from countermand.cancellations.queries import AlreadyDone
from countermand.payments import ledger as ledgers
from countermand.refusals import Refusal
from countermand.returns import rules
from countermand.returns.asking import ask_return, free_units
from countermand.returns.models import Return
from countermand.returns.rules import Found
from countermand.returns.wishes import Coming


@dataclass(frozen=True, slots=True)
class BothSeen:
    """What both halves would do: the cancellation's plan, and what the units to come back are worth once they are here."""

    plan: Plan | None
    rate: RateView | None
    coming: list[Found]
    shipping: int  # of the carriage, once all is back

    @property
    def later(self) -> int:
        """This will sum what goes back once the sent units are here, before any fee."""
        return sum(each.amount for each in self.coming) + self.shipping


@dataclass(frozen=True, slots=True)
class Both:
    """What was done: the cancel's answer (None where nothing was open) and the return that is expected."""

    cancelled: Any
    asked: Return | None


def preview_both(
    *,
    merchant_id: int,
    order_id: UUID,
    ask: Ask | None,
    coming: Coming | None,
    at: datetime,
    rate_of: RateOf | None = None,
) -> BothSeen:
    """This will show what calling off the rest and asking back what left would do. Nothing is written.

    Refuses whatever `cancel_and_return` would refuse.
    """
    found = ledgers.read(merchant_id=merchant_id, order_ids=[order_id], locked=False)
    if order_id not in found:
        raise Refusal("not_found", "no such order")
    ledger = found[order_id]
    plan = rate = None
    if ask is not None:
        plan, rate = preview(
            merchant_id=merchant_id, order_id=order_id, ask=ask, at=at, rate_of=rate_of, ledger=ledger
        )
        ledger = plan.ledger  # as it is once that is done
    if coming is None:
        return BothSeen(plan, rate, [], 0)
    rules.judge_words(kind=coming.kind, reason=coming.reason)
    free, unconfirmed = free_units(ledger)
    units = rules.wanted(coming.lines, ledger.lines, free, unconfirmed=unconfirmed)
    return BothSeen(plan, rate, *rules.worth_of(ledger, units, kind=coming.kind, reason=coming.reason))


@sql.verb
def cancel_and_return(
    *,
    merchant_id: int,
    order_id: UUID,
    cancel: Callable[[], Any] | None,
    coming: Coming | None,
    by: str,
    at: datetime,
) -> Both:
    """This will call off what is open by `cancel` and open the return of what left, in one transaction.

    Where the cancel waits for a second person, or was done before, nothing is asked back with it. Refuses what either
    refuses, and then has done neither.
    """
    if order_id not in ledgers.lock(merchant_id=merchant_id, order_ids=[order_id]):
        raise Refusal("not_found", "no such order")
    answer = cancel() if cancel else None
    if isinstance(answer, Refusal):
        raise answer
    if coming is None or isinstance(answer, AlreadyDone) or (cancel and not isinstance(answer, Confirmed)):
        return Both(answer, None)
    asked = ask_return(merchant_id=merchant_id, order_id=order_id, coming=coming, by=by, at=at)
    return Both(answer, asked)
