"""Verbs of a case handed over: any order, to a person or a role, with a note (SH-12)."""

from datetime import datetime
from uuid import UUID

from countermand import lifecycle, sql
from countermand.approvals.models import HandOver
from countermand.events.record import event, record
from countermand.merchants.models import Member
from countermand.merchants.roles import ROLES, allows
from countermand.orders.models import Order
from countermand.refusals import Refusal, fits


@sql.verb
def hand_over(
    *,
    merchant_id: int,
    order_id: UUID,
    note: str,
    to_by: str = "",
    to_role: str = "",
    by: str,
    at: datetime,
) -> HandOver:
    """This will hand a case over: to one member (`to_by`, their address) or to whoever has a role (or more).

    Changes nothing of the order. Refuses `not_found`, `text_required`, `text_too_long`, `unknown_member`,
    `unknown_role`.
    """
    if not note.strip():
        raise Refusal("text_required", "say what is to be done", field="note")
    fits(note, field="note")
    if bool(to_by) == bool(to_role):
        raise Refusal("unknown_member", "to one person, or to a role", field="to")
    if to_role and (to_role not in ROLES or not allows(to_role, "contact")):
        raise Refusal("unknown_role", "agent, manager or owner", field="to")
    if to_by and not Member.objects.filter(merchant_id=merchant_id, user__email=to_by).exists():
        raise Refusal("unknown_member", "nobody here has this address", field="to")
    if not Order.of(merchant_id).filter(id=order_id).exists():
        raise Refusal("not_found", "no such order")
    case = HandOver.of(merchant_id).create(
        merchant_id=merchant_id,
        order_id=order_id,
        note=note.strip(),
        to_by=to_by,
        to_role=to_role,
        from_by=by,
        at=at,
    )
    _said("case.handed_over", case, by=by, at=at)
    return case


@sql.verb
def take(*, merchant_id: int, case_id: UUID, by: str, role: str, at: datetime) -> HandOver:
    """This will take a case that was handed to oneself, to one's role, or that a manager takes for another.

    Refuses `not_found`, `already_decided` when somebody else has it, `forbidden` when it was handed to another.
    """
    case = _locked(merchant_id, case_id)
    if case.state == "taken" and case.taken_by == by:
        return case
    if not lifecycle.may(lifecycle.HAND_OVER, case.state, "taken"):
        raise Refusal("already_decided", f"it is {case.state}", facts={"state": case.state})
    mine = case.to_by == by or (case.to_role and ROLES.index(role) >= ROLES.index(case.to_role))
    if not mine and not allows(role, "approve"):
        raise Refusal("forbidden", "it was handed to somebody else")
    case.state, case.taken_by, case.taken_at = "taken", by, at
    case.save(update_fields=["state", "taken_by", "taken_at"])
    _said("case.taken", case, by=by, at=at)
    return case


@sql.verb
def finish(*, merchant_id: int, case_id: UUID, by: str, role: str, at: datetime) -> HandOver:
    """This will note that a case is dealt with: by who took it, who handed it over, or a manager.

    Refuses `not_found`, `already_decided`, `forbidden`.
    """
    case = _locked(merchant_id, case_id)
    if not lifecycle.may(lifecycle.HAND_OVER, case.state, "done"):
        raise Refusal("already_decided", "it is done", facts={"state": case.state})
    concerned = by in (case.taken_by, case.to_by, case.from_by)
    for_role = case.to_role and ROLES.index(role) >= ROLES.index(case.to_role)
    if not (concerned or for_role or allows(role, "approve")):
        raise Refusal("forbidden", "it was handed to somebody else")
    case.state, case.done_by, case.done_at = "done", by, at
    case.save(update_fields=["state", "done_by", "done_at"])
    _said("case.done", case, by=by, at=at)
    return case


def _locked(merchant_id: int, case_id: UUID) -> HandOver:
    case = HandOver.of(merchant_id).select_for_update(no_key=True).filter(id=case_id).first()
    if case is None:
        raise Refusal("not_found", "no such case")
    return case


def _said(kind: str, case: HandOver, *, by: str, at: datetime) -> None:
    happened = event(
        kind=kind,
        merchant_id=case.merchant_id,
        at=at,
        by=by,
        order_id=case.order_id,
        subject=("hand_over", case.id),
        **({"to_role": case.to_role} if case.to_role else {}),
    )
    record([happened])
