"""A parcel is asked back on its way, answered for, and is here again (AZ-4, AZ-17 to AZ-19).

Home again, it is a cancellation where its shipment was never confirmed, and a return where it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import ids, lifecycle, sql
from countermand.approvals.actions import Held, confirm_or_hold
from countermand.approvals.rules import Rule
from countermand.cancellations.actions import Confirmed, RateOf
from countermand.cancellations.ask import Ask
from countermand.cancellations.queries import AlreadyDone
from countermand.events.record import event, record
from countermand.orders.actions.bring_back import bring_back
from countermand.orders.models import Fulfilment
from countermand.orders.permitted import judge, state_of
from countermand.payments.facts import Ledger
from countermand.reasons import judge_reason
from countermand.refusals import Refusal, fits
from countermand.returns.asking import free_units, locked, units_of, write_return
from countermand.returns.models import ASKED_OF, OPEN_INTERCEPT, Intercept, Return
from countermand.returns.receiving import receive_return
from countermand.returns.wishes import Arrived, Coming, Verdict

ANSWERS = ("accepted", "refused", "lost")


@dataclass(frozen=True, slots=True)
class Home:
    """A parcel that is back: the cancellation that it led to (or what waits for a second person), or the return."""

    intercept: Intercept
    cancelled: Confirmed | AlreadyDone | Held | None = None
    came: Return | None = None


@sql.verb
def ask_intercept(
    *,
    merchant_id: int,
    order_id: UUID,
    parcel: str,
    asked_of: str = "carrier",
    reason: str = "customer_changed_mind",
    note: str = "",
    by: str,
    at: datetime,
) -> Intercept:
    """This will write down that a parcel is asked back: of its carrier, or of the buyer who is about to get it.

    Refuses `not_found`, `unknown_parcel`, `parcel_back`, `intercept_open`, `unknown_means`, `unknown_reason`, `text_too_long`,
    and what the order's state forbids (`nothing_shipped`, `terms_forbid`).
    """
    ledger = locked(merchant_id, order_id)
    parcels = list(Fulfilment.of(merchant_id).filter(order_id=order_id))
    _judge_state(ledger, parcels)
    if asked_of not in ASKED_OF:
        raise Refusal("unknown_means", f"one of {', '.join(ASKED_OF)}", field="asked_of")
    judge_reason(reason)
    fits(note, field="note")
    found = next((one for one in parcels if one.reference == parcel), None)
    if found is None:
        raise Refusal("unknown_parcel", f"no parcel {parcel!r}", field="parcel")
    if found.back_at is not None:
        raise Refusal("parcel_back", "this parcel is back already")
    if Intercept.of(merchant_id).filter(fulfilment_id=found.id, state__in=OPEN_INTERCEPT).exists():
        raise Refusal("intercept_open", "this parcel is asked back already")
    if found.confirmed and not _returnable(ledger, found):
        raise Refusal("return_open", "its units are asked back already")
    made = Intercept.across_merchants.create(
        id=ids.new(),
        merchant_id=merchant_id,
        order_id=order_id,
        fulfilment_id=found.id,
        asked_of=asked_of,
        state="asked",
        reason=reason,
        note=note,
        by=by,
        at=at,
    )
    record([_told("intercept.asked", made, by=by, at=at, asked_of=asked_of, confirmed=found.confirmed)])
    return made


@sql.verb
def answer_intercept(
    *, merchant_id: int, intercept_id: UUID, answer: str, note: str = "", by: str, at: datetime
) -> Intercept:
    """This will write down what came of it: accepted, refused, or lost. The same answer twice is one.

    Refuses `not_found`, `unknown_answer`, `intercept_over`, `text_too_long`.
    """
    if answer not in ANSWERS:
        raise Refusal("unknown_answer", f"one of {', '.join(ANSWERS)}", field="answer")
    fits(note, field="note")
    found, _ledger = _locked(merchant_id, intercept_id)
    if found.state == answer:
        return found
    _move(found, answer)
    found.answer_note, found.answered_by, found.answered_at = note, by, at
    found.save()
    record([_told(f"intercept.{answer}", found, by=by, at=at)])
    return found


@sql.verb
def parcel_home(
    *,
    merchant_id: int,
    intercept_id: UUID,
    ask: Ask,
    held_by: Sequence[Rule] = (),
    rate_of: RateOf | None = None,
    by: str,
    at: datetime,
) -> Home:
    """This will write down that a parcel is back. Never confirmed as shipped, its units are open again and called off by
    `ask`, through the ordinary cancellation with its counting, and no fee is taken (AZ-4). Confirmed, they are received
    as a return, to be inspected (AZ-18, AZ-19).

    Refuses `not_found`, `intercept_over`, and what the cancellation or the return refuses.
    """
    found, ledger = _locked(merchant_id, intercept_id)
    _move(found, "back")
    found.back_at = at
    parcel = Fulfilment.of(merchant_id).get(id=found.fulfilment_id)
    if parcel.confirmed:
        came = _as_return(found, ledger, parcel, by=by, at=at)
        found.save()
        record([_told("intercept.back", found, by=by, at=at)])
        received = receive_return(
            merchant_id=merchant_id, return_id=came.id, arrived=Arrived(), verdict=Verdict(), by=by, at=at
        )
        return Home(found, came=received.found)
    if ask.fee not in ("", "0"):
        raise Refusal("fee_not_allowed", "shipment was never confirmed: no fee", field="refund.fee")
    common: dict[str, Any] = {"merchant_id": merchant_id, "order_id": found.order_id, "by": by, "at": at}
    bring_back(fulfilment_id=parcel.id, **common)
    units = tuple(units_of([parcel]).items())
    answer = confirm_or_hold(
        ask=replace(ask, lines=units, reason=ask.reason or found.reason),
        rules=held_by,
        rate_of=rate_of,
        source=f"intercept:{found.id}",
        **common,
    )
    if isinstance(answer, Confirmed):
        found.cancellation_id = answer.id
    found.save()
    record([_told("intercept.back", found, by=by, at=at)])
    return Home(found, cancelled=answer)


def _as_return(found: Intercept, ledger: Ledger, parcel: Fulfilment, *, by: str, at: datetime) -> Return:
    units = _returnable(ledger, parcel)
    if not units:
        raise Refusal("return_open", "its units are asked back already: receive that return")
    coming = Coming(kind="intercepted", reason=found.reason, note=found.note)
    return write_return(ledger, coming, units, by=by, at=at, intercept=found)


def _returnable(ledger: Ledger, parcel: Fulfilment) -> dict[str, int]:
    free, _ = free_units(ledger)
    return {
        reference: least
        for reference, quantity in units_of([parcel]).items()
        if (least := min(quantity, free.get(reference, 0)))
    }


def _judge_state(ledger: Ledger, parcels: Sequence[Fulfilment]) -> None:
    unconfirmed = any(not one.confirmed and one.back_at is None for one in parcels)
    order = ledger.order
    state = state_of(status=order.status, verification=order.verification, unconfirmed=unconfirmed)
    judge(ledger.terms, state, "intercept")


def _locked(merchant_id: int, intercept_id: UUID) -> tuple[Intercept, Ledger]:
    order_id = Intercept.of(merchant_id).filter(id=intercept_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise Refusal("not_found", "no such intercept")
    ledger = locked(merchant_id, order_id)
    return Intercept.of(merchant_id).select_for_update(no_key=True).get(id=intercept_id), ledger


def _move(found: Intercept, state: str) -> None:
    if not lifecycle.may(lifecycle.INTERCEPT, found.state, state):
        raise Refusal("intercept_over", f"it is {found.state}", facts={"state": found.state})
    found.state = state


def _told(kind: str, found: Intercept, *, by: str, at: datetime, **facts: Any) -> dict[str, Any]:
    return event(
        kind=kind,
        merchant_id=found.merchant_id,
        at=at,
        by=by,
        order_id=found.order_id,
        subject=("intercept", found.id),
        **facts,
    )
