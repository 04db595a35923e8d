"""Verbs of who looks: approve, decline; of who asked: withdraw, has read it; and the plan made anew (SH-12)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import faults, sql
from countermand.approvals import rules as judging
from countermand.approvals.asking import asked, asked_refund, said, why_cancel, why_refund
from countermand.approvals.asks import ask_of, digest_of, wish_of
from countermand.approvals.deeds import cancel, of_frozen
from countermand.approvals.models import Approval
from countermand.approvals.rules import Rule
from countermand.cancellations.actions import RateOf, RateView, Wish, preview
from countermand.merchants.roles import allows
from countermand.payments import ledger as ledgers
from countermand.refunds.actions import preview_reimbursement, reimburse
from countermand.refusals import Refusal, fits

# Refusals of who asks or when; any other says that the facts moved (see `renew`).
NOT_THE_FACTS = (
    "not_found",
    "already_decided",
    "approval_expired",
    "own_approval",
    "forbidden",
    "in_progress",
)


@sql.verb
def approve(
    *,
    merchant_id: int,
    approval_id: UUID,
    by: str,
    role: str,
    at: datetime,
    rate_of: RateOf | None = None,
) -> Approval:
    """This will do what was asked, exactly as its frozen plan says, together with the approval.

    Refuses `not_found`, `already_decided`, `approval_expired`, `own_approval`, `forbidden` for too low a role,
    `plan_changed` when facts moved (see `renew`), and what the deed itself refuses.
    """
    approval = _with_order(merchant_id, approval_id)
    _judge(approval, by=by, role=role, at=at)
    if approval.kind == "cancellation":
        ask = ask_of(approval.ask, plan=approval.plan_hash)
        wish = Wish(approval.order_id, ask, approval.source)
        gift = of_frozen(approval.ask["voucher"], free_hand=allows(role, "goodwill"))
        done = cancel(merchant_id=merchant_id, wish=wish, gift=gift, by=by, at=at, rate_of=rate_of)
        approval.cancellation_id = done.id
    else:
        wanted = wish_of(approval.ask)
        made = preview_reimbursement(merchant_id=merchant_id, order_id=approval.order_id, wish=wanted)
        if digest_of(made) != approval.plan_hash:
            raise Refusal("plan_changed", "facts moved since it was asked")
        given = reimburse(merchant_id=merchant_id, order_id=approval.order_id, wish=wanted, by=by, at=at)
        approval.reimbursement_id = given.id
    faults.point("approve.done")
    _decide(approval, "approved", by=by, at=at)
    return approval


@sql.verb
def decline(
    *, merchant_id: int, approval_id: UUID, note: str = "", by: str, role: str, at: datetime
) -> Approval:
    """This will turn down what was asked; nothing had moved. Refuses as `approve` does, and `text_too_long`."""
    fits(note, field="note")
    approval = _locked(merchant_id, approval_id)
    _judge(approval, by=by, role=role, at=at)
    approval.note = note.strip()
    _decide(approval, "declined", by=by, at=at)
    return approval


@sql.verb
def withdraw(*, merchant_id: int, approval_id: UUID, by: str, at: datetime) -> Approval:
    """This will take one's own question back. Refuses `not_found`, `already_decided`, and `forbidden` for another's."""
    approval = _locked(merchant_id, approval_id)
    if approval.asked_by != by:
        raise Refusal("forbidden", "only who asked takes it back")
    if approval.state != "waiting":
        raise Refusal("already_decided", f"it is {approval.state}", facts={"state": approval.state})
    approval.told_at = at
    _decide(approval, "withdrawn", by=by, at=at)
    return approval


@sql.verb
def renew(
    *,
    merchant_id: int,
    approval_id: UUID,
    rules: tuple[Rule, ...],
    by: str,
    at: datetime,
    rate_of: RateOf | None = None,
) -> Approval:
    """This will make the plan anew where facts moved since it was asked: the old one is stale, the new one waits.

    What can no longer be done at all is stale with the reason in `refusal`, and nothing takes its place.
    Where nothing moved, the approval is handed back as it is. Refuses `not_found`, `already_decided`.
    """
    old = _with_order(merchant_id, approval_id)
    if old.state != "waiting":
        raise Refusal("already_decided", f"it is {old.state}", facts={"state": old.state})
    try:
        new = _asked_anew(old, rules, at=at, rate_of=rate_of)
    except Refusal as refusal:
        if refusal.code == "in_progress":
            raise
        old.refusal = refusal.code[:40]
        _decide(old, "stale", by=by, at=at, refusal=refusal.code)
        return old
    if new is None:
        return old
    old.replaced_by_id, old.told_at = new.id, at
    _decide(old, "stale", by=by, at=at)
    # One press of a button is one question: its identity goes on with the new plan.
    if source := old.source:
        Approval.of(merchant_id).filter(id=old.id).update(source=None)
        Approval.of(merchant_id).filter(id=new.id).update(source=source)
        new.source = source
    return new


@sql.verb
def acknowledge(*, merchant_id: int, approval_id: UUID, by: str, at: datetime) -> Approval:
    """This will note that who asked has read the outcome. Refuses `not_found`, and `forbidden` for another's."""
    approval = _locked(merchant_id, approval_id)
    if approval.asked_by != by:
        raise Refusal("forbidden", "only who asked is told")
    if approval.state != "waiting" and approval.told_at is None:
        approval.told_at = at
        approval.save(update_fields=["told_at"])
    return approval


def _asked_anew(
    old: Approval, rules: tuple[Rule, ...], *, at: datetime, rate_of: RateOf | None
) -> Approval | None:
    """None where nothing moved. Rules of today hold it too; those that held it go on to."""
    kept = judging.of_rows(old.why)
    common: dict[str, Any] = {"merchant_id": old.merchant_id, "order_id": old.order_id}
    if old.kind == "cancellation":
        ask = ask_of(old.ask, plan=None)
        plan, rate = preview(**common, ask=ask, at=at, rate_of=rate_of)
        if plan.digest == old.plan_hash:
            return None
        why = _both(kept, why_cancel(plan, rate, rules, role=old.asked_role))
        # Vouchers were judged when it was asked; the plan's own words are what moved.
        gift = of_frozen(old.ask["voucher"], free_hand=True)
        return asked(plan, rate or RateView(), why, by=old.asked_by, at=at, source=None, gift=gift)
    wish = wish_of(old.ask)
    made = preview_reimbursement(**common, wish=wish)
    if digest_of(made) == old.plan_hash:
        return None
    why = _both(kept, why_refund(made, wish, rules, role=old.asked_role))
    return asked_refund(made, wish, why, role=old.asked_role, by=old.asked_by, at=at, source=None)


def _both(kept: tuple[Rule, ...], found: tuple[Rule, ...]) -> tuple[Rule, ...]:
    return kept + tuple(rule for rule in found if rule not in kept)


def _with_order(merchant_id: int, approval_id: UUID) -> Approval:
    """Where the order is acted on or planned, it is locked first, as every verb does."""
    order_id = Approval.of(merchant_id).filter(id=approval_id).values_list("order_id", flat=True).first()
    if order_id is not None:
        ledgers.lock(merchant_id=merchant_id, order_ids=[order_id])
    return _locked(merchant_id, approval_id)


def _locked(merchant_id: int, approval_id: UUID) -> Approval:
    found = Approval.of(merchant_id).select_for_update(no_key=True).filter(id=approval_id).first()
    if found is None:
        raise Refusal("not_found", "no such approval")
    return found


def _judge(approval: Approval, *, by: str, role: str, at: datetime) -> None:
    if approval.state != "waiting":
        raise Refusal("already_decided", f"it is {approval.state}", facts={"state": approval.state})
    if approval.expires_at <= at:
        raise Refusal("approval_expired", "nobody decided in time: ask again")
    if approval.asked_by == by:
        raise Refusal("own_approval", "nobody approves their own")
    if not judging.may_approve(role, approver=approval.approver):
        raise Refusal("forbidden", f"it takes the role {approval.approver}")


def _decide(approval: Approval, state: str, *, by: str, at: datetime, **facts: str) -> None:
    approval.state, approval.decided_by, approval.decided_at = state, by, at
    approval.save()
    said(f"approval.{state}", approval, by=by, at=at, about=approval.kind, **facts)
