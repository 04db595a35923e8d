"""A return is asked for, proved to be on its way, or withdrawn (SH-16): units are expected, no money moves."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from countermand import ids, lifecycle, sql
from countermand.correspondence.models import Message
from countermand.events.ping import ping
from countermand.events.record import event, record
from countermand.law import SEND_BACK_TIME
from countermand.orders.models import Fulfilment
from countermand.orders.permitted import judge, state_of
from countermand.payments import ledger as ledgers
from countermand.payments.facts import Ledger
from countermand.refusals import Refusal, fits
from countermand.returns import rules
from countermand.returns.models import Intercept, Return, ReturnLine
from countermand.returns.wishes import Coming

ASKED = """
SELECT l.reference, sum(x.asked)::int FROM return_line x
JOIN "return" r ON r.id = x.part_of_id JOIN order_line l ON l.id = x.line_id
WHERE r.merchant_id = %s AND r.order_id = %s AND r.state = 'asked' GROUP BY 1
"""


@sql.verb
def ask_return(*, merchant_id: int, order_id: UUID, coming: Coming, by: str, at: datetime) -> Return:
    """This will open a return of units that left, and write to the buyer how to send them where that is wished.

    Refuses `not_found`, `not_verified_yet`, `nothing_shipped`, `shipment_unconfirmed`, `return_open`,
    `unknown_line`, `quantity_too_large`, `unknown_kind`, `reason_required`, `unknown_reason`, `text_too_long`.
    """
    ledger = locked(merchant_id, order_id)
    free, unconfirmed = free_units(ledger)
    return write_return(
        ledger, coming, rules.wanted(coming.lines, ledger.lines, free, unconfirmed=unconfirmed), by=by, at=at
    )


@sql.verb
def withdraw_return(*, merchant_id: int, return_id: UUID, by: str, at: datetime) -> Return:
    """This will end a return that will not come: the buyer keeps the articles. Refuses `not_found`, `return_over`."""
    found, _ledger = locked_return(merchant_id, return_id)
    if found.state == "withdrawn":
        return found
    move(found, "withdrawn")
    found.ended_at = at
    found.save(update_fields=["state", "ended_at"])
    record([told("return.withdrawn", found, by=by, at=at)])
    return found


@sql.verb
def note_proof(
    *, merchant_id: int, return_id: UUID, proof: str, proof_at: datetime, by: str, at: datetime
) -> Return:
    """This will write down that the buyer proved to have sent it: the law's clock waits no longer (L221-24).

    Refuses `not_found`, `return_over`, `text_required`, `text_too_long`, `naive_time`, `not_yet`.
    """
    if not proof.strip():
        raise Refusal("text_required", "say what proves it: a number, a receipt", field="proof")
    fits(proof, field="proof")
    if proof_at.tzinfo is None:
        raise Refusal("naive_time", "a time carries its offset", field="at")
    if proof_at > at:
        raise Refusal("not_yet", "this moment has not come", field="at")
    found, ledger = locked_return(merchant_id, return_id)
    if found.state != "asked":
        raise Refusal("return_over", f"it is {found.state}")
    found.proof, found.proof_at = proof.strip(), proof_at.astimezone(UTC)
    set_clock(found, ledger)
    found.save(update_fields=["proof", "proof_at", "due_on", "due_article"])
    record([told("return.sent", found, by=by, at=at)])
    return found


def locked(merchant_id: int, order_id: UUID) -> Ledger:
    """This will lock an order with its payments and read it. Refuses `not_found`."""
    if order_id not in ledgers.lock(merchant_id=merchant_id, order_ids=[order_id]):
        raise Refusal("not_found", "no such order")
    return ledgers.read(merchant_id=merchant_id, order_ids=[order_id])[order_id]


def locked_return(merchant_id: int, return_id: UUID) -> tuple[Return, Ledger]:
    """This will lock a return behind its order. Refuses `not_found`."""
    order_id = Return.of(merchant_id).filter(id=return_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise Refusal("not_found", "no such return")
    ledger = locked(merchant_id, order_id)
    return Return.of(merchant_id).select_for_update(no_key=True).get(id=return_id), ledger


def free_units(ledger: Ledger) -> tuple[dict[str, int], dict[str, int]]:
    """This will say how many units of each line may be asked back, and how many left unconfirmed (AZ-4).

    Refuses what the state of the order forbids.
    """
    order = ledger.order
    parcels = list(
        Fulfilment.of(order.merchant_id).filter(order_id=order.id, confirmed=False, back_at__isnull=True)
    )
    state = state_of(status=order.status, verification=order.verification, unconfirmed=bool(parcels))
    judge(ledger.terms, state, "return")
    unconfirmed = units_of(parcels)
    asked = dict(sql.tuples(ASKED, (order.merchant_id, order.id)))
    return rules.may_come(ledger.lines, unconfirmed=unconfirmed, asked=asked), unconfirmed


def units_of(parcels: Iterable[Fulfilment]) -> dict[str, int]:
    """This will count the units of parcels: line reference -> units."""
    units: dict[str, int] = {}
    for parcel in parcels:
        for entry in parcel.lines:
            reference = str(entry["line"])
            units[reference] = units.get(reference, 0) + int(entry["quantity"])
    return units


def write_return(
    ledger: Ledger,
    coming: Coming,
    units: dict[str, int],
    *,
    by: str,
    at: datetime,
    intercept: Intercept | None = None,
) -> Return:
    """This will write a return of units that were judged, in the caller's verb."""
    rules.judge_words(kind=coming.kind, reason=coming.reason)
    fits(coming.note, field="note")
    fits(coming.message, field="message")
    order = ledger.order
    informed = coming.informed_at or at
    if informed.tzinfo is None:
        raise Refusal("naive_time", "a time carries its offset", field="informed_at")
    if informed > at:
        raise Refusal("not_yet", "this moment has not come", field="informed_at")
    made = Return(
        id=ids.new(),
        merchant_id=order.merchant_id,
        order_id=order.id,
        kind=coming.kind,
        state="asked",
        reason=coming.reason,
        intercept=intercept,
        informed_at=informed.astimezone(UTC),
        currency=order.currency,
        notify=may_tell(ledger, coming.notify),
        note=coming.note,
        by=by,
        at=at,
    )
    made.save(force_insert=True)
    lines = [line for line in ledger.lines if line.reference in units]
    ReturnLine.across_merchants.bulk_create(
        [
            ReturnLine(
                id=ids.new(),
                merchant_id=order.merchant_id,
                part_of_id=made.id,
                line_id=line.id,
                asked=units[line.reference],
            )
            for line in lines
        ]
    )
    record([told("return.asked", made, by=by, at=at, about=made.kind, units=units)])
    if made.notify and intercept is None:
        shown = [{"title": line.title, "sku": line.sku, "quantity": units[line.reference]} for line in lines]
        write_to_the_buyer(
            made,
            ledger,
            step="asked",
            lines=shown,
            message=coming.message,
            by=by,
            at=at,
            **_what_is_asked(made, ledger, units),
        )
    return made


def may_tell(ledger: Ledger, wish: bool) -> bool:
    """This will say whether the desk writes to the buyer here: never where the channel does, always where terms say so."""
    how = ledger.terms.notify
    return bool(ledger.order.email.strip()) and (how == "always" or (how == "choice" and wish))


def _what_is_asked(found: Return, ledger: Ledger, units: dict[str, int]) -> dict[str, Any]:
    """Until when a withdrawal's articles are sent (L221-23), and what goes back once they are here."""
    told_on = found.informed_at.astimezone(ZoneInfo(ledger.channel.timezone)).date()
    coming, shipping = rules.worth_of(ledger, units, kind=found.kind, reason=found.reason)
    order = ledger.order
    paid = order.captured - order.refunded - order.in_flight
    worth = min(sum(each.amount for each in coming) + shipping, max(0, paid))
    return {
        "informed_on": told_on.isoformat(),
        "send_by": (told_on + SEND_BACK_TIME).isoformat() if found.kind == "withdrawal" else None,
        "worth_minor": worth,
        "platform": ledger.terms.refunds_by != "merchant",
    }


def write_to_the_buyer(
    found: Return,
    ledger: Ledger,
    *,
    step: str,
    lines: list[dict[str, Any]],
    message: str = "",
    by: str,
    at: datetime,
    **more: Any,
) -> None:
    """This will plan the mail that says that a return is expected, or that it came; its refund has a mail of its own (SG-8)."""
    planned = Message.across_merchants.create(
        merchant_id=found.merchant_id,
        order_id=found.order_id,
        kind="return",
        facts={
            "step": step,
            "return": str(found.id),
            "number": ledger.order.number,
            "kind": found.kind,
            "lines": lines,
            "amount_minor": found.refund_minor,
            "currency": found.currency,
            "message": message,
            **more,
        },
        state="planned",
        not_before=at,
        created_at=at,
    )
    record(
        [
            event(
                kind="message.planned",
                merchant_id=found.merchant_id,
                at=at,
                by=by,
                order_id=found.order_id,
                subject=("message", planned.id),
                about="return",
            )
        ]
    )
    ping()


def set_clock(found: Return, ledger: Ledger) -> None:
    """This will bring the date by which money must be back up to date with what is known."""
    clock = rules.clock(
        kind=found.kind,
        informed_at=found.informed_at,
        back_at=found.back_at,
        proof_at=found.proof_at,
        timezone=ledger.channel.timezone,
    )
    found.due_on, found.due_article = (clock.due_on, clock.article) if clock else (None, "")


def move(found: Return, state: str) -> None:
    """This will move a return on. Refuses `return_over` where its life does not lead there."""
    if not lifecycle.may(lifecycle.RETURN, found.state, state):
        raise Refusal("return_over", f"it is {found.state}", facts={"state": found.state})
    found.state = state


def told(kind: str, found: Return, *, by: str, at: datetime, **facts: Any) -> dict[str, Any]:
    """This will make the fact of something that happened to a return."""
    return event(
        kind=kind,
        merchant_id=found.merchant_id,
        at=at,
        by=by,
        order_id=found.order_id,
        subject=("return", found.id),
        **facts,
    )
