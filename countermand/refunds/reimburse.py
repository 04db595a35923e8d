"""Giving back outside a cancellation: what is owed, lines, shipping, or a free amount (SG-2, SH-10)."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from countermand import faults, ids, sql
from countermand.events.ping import ping
from countermand.law import refund_clock
from countermand.orders import permitted
from countermand.payments import ledger as ledgers
from countermand.payments import rules
from countermand.payments.facts import Ledger, ShareFacts
from countermand.refunds.amounts import Target, take
from countermand.refunds.carriers import Who, asks, judge_member
from countermand.refunds.changes import Changes
from countermand.refunds.models import Reimbursement
from countermand.refunds.split import split
from countermand.refunds.wish import GiveBack, judge_method, wanted
from countermand.refusals import Refusal, fits

# Asked in SQL: cancellations and returns stand above this room. A return that is inspected or counted in is owed for.
OWED_UNTIL = """
SELECT min(x.due_on) FROM (
    SELECT c.due_on FROM cancellation c WHERE c.merchant_id = %(m)s AND c.order_id = %(order)s AND c.state <> 'undone'
    UNION ALL
    SELECT r.due_on FROM "return" r WHERE r.merchant_id = %(m)s AND r.order_id = %(order)s
        AND r.state IN ('received', 'inspected')
) x
"""


@dataclass(frozen=True, slots=True)
class Part:
    """One movement that will be made; `id` None in a preview."""

    share: ShareFacts
    method: str
    amount_minor: int
    targets: list[Target]
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reimbursed:
    """A wish worked out (`id` None: a preview) or written. The ledger is as it is after it when written."""

    order_id: UUID
    currency: str
    amount_minor: int
    method: str
    parts: list[Part]
    ledger: Ledger
    id: UUID | None = None


def preview_reimbursement(
    *, merchant_id: int, order_id: UUID, wish: GiveBack, who: Who = "merchant"
) -> Reimbursed:
    """This will show what would go back, over which payments, and how (SG-3). Nothing is written.

    Refuses whatever `reimburse` would refuse.
    """
    found = ledgers.read(merchant_id=merchant_id, order_ids=[order_id], locked=False)
    if order_id not in found:
        raise Refusal("not_found", "no such order")
    return _worked_out(found[order_id], wish, who)


@sql.verb
def reimburse(
    *, merchant_id: int, order_id: UUID, wish: GiveBack, by: str, at: datetime, who: Who = "merchant"
) -> Reimbursed:
    """This will plan refunds for a wish, reserved on their payments; the worker carries them through.

    `who` wants it: where the terms have the platform refund, a merchant is refused, and what follows from the
    terms waits for the customer service where that is who refunds (RK-5).

    Refuses `not_found`, `not_verified_yet`, `nothing_to_refund`, `terms_forbid`, and with 422 `amount_too_large`,
    `consent_required`, `email_required`, `unknown_line`, `duplicate_line`, `quantity_too_large`, `text_too_long`.
    """
    changes = Changes(merchant_id=merchant_id, order_ids=[order_id], by=by, at=at)
    made = _worked_out(changes.ledgers[order_id], wish, who)
    terms, due_on = made.ledger.terms, _due_on(changes.ledgers[order_id], wish, at)
    asked = asks(terms.refunds_by, who=who)
    reimbursement = Reimbursement.across_merchants.create(
        id=ids.new(),
        merchant_id=merchant_id,
        order_id=order_id,
        amount_minor=made.amount_minor,
        method=wish.method,
        reason=wish.reason,
        consent=wish.consent,
        notify=terms.notify == "always" or (terms.notify == "choice" and wish.notify),
        by=by,
        at=at,
    )
    parts = [
        Part(
            share=part.share,
            method=part.method,
            amount_minor=part.amount_minor,
            targets=part.targets,
            id=changes.plan(
                order_id=order_id,
                share=part.share,
                method=part.method,
                amount=part.amount_minor,
                targets=part.targets,
                reimbursement_id=reimbursement.id,
                reason=wish.reason,
                due_on=due_on,
                carried_by=terms.refunds_by,
                asked=asked,
            ),
        )
        for part in made.parts
    ]
    changes.write()
    faults.point("reimburse.before_commit")
    ping()
    return Reimbursed(
        order_id=order_id,
        currency=made.currency,
        amount_minor=made.amount_minor,
        method=wish.method,
        parts=parts,
        ledger=made.ledger,
        id=reimbursement.id,
    )


def _due_on(ledger: Ledger, wish: GiveBack, at: datetime) -> date:
    """Until when the law wants it back: what was owed before keeps the clock that began then."""
    clock = refund_clock(at=at, timezone=ledger.channel.timezone, buyer_withdraws=False)
    if wish.is_goodwill or not rules.to_give_back(ledger):
        return clock.due_on
    about = {"m": ledger.order.merchant_id, "order": ledger.order.id}
    began: date | None = sql.tuples(OWED_UNTIL, about)[0][0]
    return min(began, clock.due_on) if began else clock.due_on


def _worked_out(ledger: Ledger, wish: GiveBack, who: Who) -> Reimbursed:
    if who == "merchant":
        order = ledger.order
        state = permitted.state_of(status=order.status, verification=order.verification)
        permitted.judge(ledger.terms, state, "refund")
    fits(wish.reason, field="reason")
    judge_member(ledger.terms.refunds_by, as_platform=who != "merchant")
    judge_method(wish, ledger)
    targets = wanted(wish, ledger)
    amount = sum(target.amount for target in targets)
    parts = [
        Part(move.share, move.method, move.amount, take(targets, move.amount))
        for move in split(ledger.shares, amount, method=wish.method)
    ]
    return Reimbursed(ledger.order.id, ledger.order.currency, amount, wish.method, parts, ledger)
