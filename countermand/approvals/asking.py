"""Which rules hold a plan back, and the row that keeps it until somebody has looked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from countermand import ids
from countermand.approvals import rules as judging
from countermand.approvals.asks import digest_of, frozen_ask, frozen_wish
from countermand.approvals.deeds import Gift, frozen
from countermand.approvals.models import Approval
from countermand.approvals.queries import refund_failed
from countermand.approvals.rules import Case, Rule
from countermand.approvals.shape import refund_plan
from countermand.cancellations.actions import RateView
from countermand.cancellations.planned import Plan
from countermand.cancellations.shape import plan_shape
from countermand.events.record import event, record
from countermand.payments.facts import Ledger
from countermand.refunds.actions import GiveBack, Reimbursed

DAYS_TO_DECIDE = 7


def why_cancel(plan: Plan, rate: RateView, rules: Sequence[Rule], *, role: str) -> tuple[Rule, ...]:
    """This will say which rules hold a plan of somebody of a role back."""
    concerned = judging.concerning(rules, role=role)
    case = Case(
        amount_minor=plan.refund + plan.waived,
        currency=plan.ledger.order.currency,
        reason=plan.ask.reason,
        refund_failed=_failed(plan.ledger, concerned),
        counts=plan.counts_in_rate,
        rate_after=rate.after,
        rate_limit=rate.limit,
        rate_warn=plan.ledger.terms.warn,
    )
    return judging.biting(concerned, role=role, case=case)


def why_refund(made: Reimbursed, wish: GiveBack, rules: Sequence[Rule], *, role: str) -> tuple[Rule, ...]:
    """This will say which rules hold a wish to give back of somebody of a role back."""
    concerned = judging.concerning(rules, role=role)
    case = Case(
        amount_minor=made.amount_minor,
        currency=made.currency,
        goodwill=wish.is_goodwill,
        refund_failed=_failed(made.ledger, concerned),
    )
    return judging.biting(concerned, role=role, case=case)


def asked(
    plan: Plan,
    rate: RateView,
    why: Sequence[Rule],
    *,
    by: str,
    at: datetime,
    source: str | None,
    gift: Gift | None = None,
) -> Approval:
    """This will keep a wish to cancel with its plan, in the caller's transaction."""
    shown = plan_shape(plan, rate=rate)
    for shown_part, part in zip(shown["refund"]["parts"], plan.parts, strict=True):
        shown_part["paid_by"] = part.share.method
    voucher = frozen(gift)
    shown["voucher"] = voucher
    return _kept(
        plan.ledger,
        why,
        kind="cancellation",
        ask=frozen_ask(plan.ask) | {"voucher": voucher},
        plan=shown,
        plan_hash=plan.digest,
        amount_minor=plan.refund,
        asked_by=by,
        asked_role=plan.ask.role,
        at=at,
        source=source,
    )


def asked_refund(
    made: Reimbursed,
    wish: GiveBack,
    why: Sequence[Rule],
    *,
    role: str,
    by: str,
    at: datetime,
    source: str | None,
) -> Approval:
    """This will keep a wish to give back with what would go back, in the caller's transaction."""
    digest = digest_of(made)
    return _kept(
        made.ledger,
        why,
        kind="refund",
        ask=frozen_wish(wish),
        plan=refund_plan(made, wish, digest=digest),
        plan_hash=digest,
        amount_minor=made.amount_minor,
        asked_by=by,
        asked_role=role,
        at=at,
        source=source,
    )


def said(kind: str, approval: Approval, *, by: str, at: datetime, **facts: Any) -> None:
    """This will write into the history what became of an approval."""
    happened = event(
        kind=kind,
        merchant_id=approval.merchant_id,
        at=at,
        by=by,
        order_id=approval.order_id,
        subject=("approval", approval.id),
        **facts,
    )
    record([happened])


def _kept(ledger: Ledger, why: Sequence[Rule], *, at: datetime, **facts: Any) -> Approval:
    order = ledger.order
    approval = Approval.across_merchants.create(
        id=ids.new(),
        merchant_id=order.merchant_id,
        order_id=order.id,
        why=judging.rows_of(why),
        approver=judging.approver_of(why),
        currency=order.currency,
        asked_at=at,
        expires_at=at + timedelta(days=DAYS_TO_DECIDE),
        **facts,
    )
    said(
        "approval.asked",
        approval,
        by=approval.asked_by,
        at=at,
        about=approval.kind,
        amount_minor=approval.amount_minor,
        approver=approval.approver,
        why=[rule.kind for rule in why],
    )
    return approval


def _failed(ledger: Ledger, concerned: Sequence[Rule]) -> bool:
    """Asked only where a rule wants to know."""
    order = ledger.order
    return any(rule.kind == "refund_failed" for rule in concerned) and refund_failed(
        merchant_id=order.merchant_id, order_id=order.id
    )
