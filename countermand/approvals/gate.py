"""Where a rule bites, nothing moves: the wish is kept with its plan until somebody else has looked (SH-12).

Doors call these in place of `confirm` and `reimburse`. A merchant without rules pays nothing for it: the
rules come with who asks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.approvals import rules as judging
from countermand.approvals.asking import asked, asked_refund, why_cancel, why_refund
from countermand.approvals.deeds import Gift, cancel, judge
from countermand.approvals.models import Approval
from countermand.approvals.rules import Rule
from countermand.cancellations.actions import Confirmed, RateOf, Wish, preview
from countermand.cancellations.ask import Ask
from countermand.cancellations.queries import AlreadyDone, done_by_source
from countermand.payments import ledger as ledgers
from countermand.refunds.actions import GiveBack, Reimbursed, preview_reimbursement, reimburse


@dataclass(frozen=True, slots=True)
class Held:
    """Nothing was done: the wish waits for somebody of `approval.approver`. `again` when it waited before."""

    approval: Approval
    again: bool = False


def confirm_or_hold(
    *,
    merchant_id: int,
    order_id: UUID,
    ask: Ask,
    rules: Sequence[Rule],
    by: str,
    at: datetime,
    rate_of: RateOf | None = None,
    source: str | None = None,
    gift: Gift | None = None,
) -> Confirmed | AlreadyDone | Held:
    """This will call off units of an order as `confirm` does, or keep the wish where a rule bites the asker's role.

    `source` identifies one press of a button: it confirms once, and asks once. `gift`: a voucher that goes with it.
    Refuses what `confirm` and the voucher refuse.
    """
    wish = Wish(order_id, ask, source)
    if not judging.concerning(rules, role=ask.role):
        return cancel(merchant_id=merchant_id, wish=wish, gift=gift, by=by, at=at, rate_of=rate_of)
    return _judged_and_confirmed(merchant_id, wish, gift, rules, by, at, rate_of)


def reimburse_or_hold(
    *,
    merchant_id: int,
    order_id: UUID,
    wish: GiveBack,
    rules: Sequence[Rule],
    role: str,
    by: str,
    at: datetime,
    source: str | None = None,
) -> Reimbursed | Held:
    """This will give back as `reimburse` does, or keep the wish where a rule bites. Refuses what reimburse refuses."""
    if not judging.concerning(rules, role=role):
        return reimburse(merchant_id=merchant_id, order_id=order_id, wish=wish, by=by, at=at)
    return _judged_and_reimbursed(merchant_id, order_id, wish, rules, role, by, at, source)


@sql.verb
def _judged_and_confirmed(
    merchant_id: int,
    wish: Wish,
    gift: Gift | None,
    rules: Sequence[Rule],
    by: str,
    at: datetime,
    rate_of: RateOf | None,
) -> Confirmed | AlreadyDone | Held:
    _lock(merchant_id, wish.order_id)
    if earlier := _asked_before(merchant_id, wish.source):
        return Held(earlier, again=True)
    if wish.source and (done := done_by_source(merchant_id=merchant_id, sources=[wish.source])):
        return done[wish.source]
    plan, rate = preview(
        merchant_id=merchant_id, order_id=wish.order_id, ask=wish.ask, at=at, rate_of=rate_of
    )
    why = why_cancel(plan, rate, rules, role=wish.ask.role)
    if not why:
        return cancel(merchant_id=merchant_id, wish=wish, gift=gift, by=by, at=at, rate_of=rate_of)
    judge(gift, plan)
    return Held(asked(plan, rate, why, by=by, at=at, source=wish.source, gift=gift))


@sql.verb
def _judged_and_reimbursed(
    merchant_id: int,
    order_id: UUID,
    wish: GiveBack,
    rules: Sequence[Rule],
    role: str,
    by: str,
    at: datetime,
    source: str | None,
) -> Reimbursed | Held:
    _lock(merchant_id, order_id)
    if earlier := _asked_before(merchant_id, source):
        return Held(earlier, again=True)
    made = preview_reimbursement(merchant_id=merchant_id, order_id=order_id, wish=wish)
    why = why_refund(made, wish, rules, role=role)
    if not why:
        return reimburse(merchant_id=merchant_id, order_id=order_id, wish=wish, by=by, at=at)
    return Held(asked_refund(made, wish, why, role=role, by=by, at=at, source=source))


def _lock(merchant_id: int, order_id: UUID) -> None:
    """The order and its payments, so that what is judged is what is then done."""
    ledgers.lock(merchant_id=merchant_id, order_ids=[order_id])
    ledgers.read(merchant_id=merchant_id, order_ids=[order_id])


def _asked_before(merchant_id: int, source: str | None) -> Approval | None:
    if not source:
        return None
    return Approval.of(merchant_id).filter(source=source).exclude(state="approved").first()
