"""Many cancellations at once, by a file or a selection: what a rule holds back is refused, the rest goes on (SH-12)."""

from collections.abc import Sequence
from datetime import datetime

from countermand import sql
from countermand.approvals import rules as judging
from countermand.approvals.asking import why_cancel
from countermand.approvals.rules import Rule
from countermand.cancellations.actions import Confirmed, RateOf, RateView, Wish, confirm_many, judge_many
from countermand.cancellations.planned import Plan
from countermand.cancellations.queries import AlreadyDone
from countermand.payments import ledger as ledgers
from countermand.refusals import Refusal

Answer = Confirmed | AlreadyDone | Refusal


@sql.verb
def confirm_many_allowed(
    *,
    merchant_id: int,
    wishes: Sequence[Wish],
    rules: Sequence[Rule],
    by: str,
    at: datetime,
    rate_of: RateOf | None = None,
) -> list[Answer]:
    """This will confirm many wishes as `confirm_many` does; what a rule holds back is refused (`approval_needed`).

    A second person looks at one plan, not at a thousand: what is refused is asked for by itself.
    """
    held = _held(merchant_id, wishes, rules, at, rate_of, locked=True)
    allowed = [wish for i, wish in enumerate(wishes) if i not in held]
    done = iter(confirm_many(merchant_id=merchant_id, wishes=allowed, by=by, at=at, rate_of=rate_of))
    return [held[i] if i in held else next(done) for i in range(len(wishes))]


def judge_many_allowed(
    *,
    merchant_id: int,
    wishes: Sequence[Wish],
    rules: Sequence[Rule],
    at: datetime,
    rate_of: RateOf | None = None,
) -> list[Answer]:
    """This will say what `confirm_many_allowed` would answer, and write nothing: the dry run."""
    held = _held(merchant_id, wishes, rules, at, rate_of, locked=False)
    allowed = [wish for i, wish in enumerate(wishes) if i not in held]
    judged = iter(judge_many(merchant_id=merchant_id, wishes=allowed, at=at))
    return [held[i] if i in held else next(judged) for i in range(len(wishes))]


def _held(
    merchant_id: int,
    wishes: Sequence[Wish],
    rules: Sequence[Rule],
    at: datetime,
    rate_of: RateOf | None,
    *,
    locked: bool,
) -> dict[int, Refusal]:
    """What rules hold back, by place. One held back changes what the next of its order is planned on, so
    the rest is judged again until nothing more bites."""
    held: dict[int, Refusal] = {}
    if not any(judging.concerning(rules, role=wish.ask.role) for wish in wishes):
        return held
    if locked:
        ledgers.lock(merchant_id=merchant_id, order_ids=list({wish.order_id for wish in wishes}))
    while True:
        left = [i for i in range(len(wishes)) if i not in held]
        judged = judge_many(merchant_id=merchant_id, wishes=[wishes[i] for i in left], at=at)
        found = {
            i: needed(why)
            for i, answer in zip(left, judged, strict=True)
            if isinstance(answer, Confirmed) and (why := _why(answer.plan, rules, merchant_id, rate_of))
        }
        if not found:
            return held
        held |= found


def _why(plan: Plan, rules: Sequence[Rule], merchant_id: int, rate_of: RateOf | None) -> tuple[Rule, ...]:
    role, rate = plan.ask.role, RateView()
    if rate_of and any(rule.kind == "rate" for rule in judging.concerning(rules, role=role)):
        ledger = plan.ledger
        now = rate_of(merchant_id=merchant_id, channel=ledger.channel, terms=ledger.terms, at=plan.at)
        after = now.after(
            placed_on=ledger.order.placed_on,
            # The plan was applied in memory: an order that counts once by now is a new one in the rate.
            new_order=ledger.order.counted == 1,
            articles=sum(planned.quantity for planned in plan.lines),
        )
        rate = RateView(now.before, after, now.limit)
    return why_cancel(plan, rate, rules, role=role)


def needed(why: Sequence[Rule]) -> Refusal:
    """This will make the refusal of what rules hold back and cannot be asked for here: whose eyes it takes, and why."""
    approver = judging.approver_of(why)
    return Refusal(
        "approval_needed",
        f"a {approver} has to approve: cancel this order by itself",
        facts={"approver": approver, "why": judging.rows_of(why)},
    )
