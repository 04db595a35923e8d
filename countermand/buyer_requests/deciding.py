"""Verbs of who answers a request: approved, and the order is called off with it; or declined, with a word to the buyer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.approvals.actions import Gift, Held, confirm_or_hold
from countermand.approvals.queries import waiting_for_request
from countermand.approvals.rules import Rule
from countermand.buyer_requests.models import BuyerRequest
from countermand.buyer_requests.rows import close, judge_open, locked_request, told
from countermand.buyer_requests.taking_back import coming, parted, take_back
from countermand.cancellations.actions import Confirmed, RateOf
from countermand.cancellations.ask import Ask
from countermand.cancellations.queries import AlreadyDone, done_by_source
from countermand.events.record import record
from countermand.payments import ledger as ledgers
from countermand.refusals import Refusal, fits
from countermand.returns.actions import Both
from countermand.threads.actions import write_message

# The kind of message with which a buyer who asked is answered: the first that the channel lets pass.
ANSWERS = ("answer", "free")


def as_asked(request: BuyerRequest, ask: Ask) -> Ask:
    """This will fill in what a wish to cancel leaves open with what the buyer asked for."""
    lines = ask.lines
    if lines is None and request.lines is not None:
        lines = tuple((line, units) for line, units in request.lines)
    return replace(
        ask, request_id=request.id, lines=lines, initiated_by="buyer", reason=ask.reason or request.reason
    )


@sql.verb
def approve_request(
    *,
    merchant_id: int,
    request_id: UUID,
    ask: Ask,
    rules: Sequence[Rule] = (),
    by: str,
    at: datetime,
    rate_of: RateOf | None = None,
    source: str | None = None,
    gift: Gift | None = None,
) -> Confirmed | AlreadyDone | Held | Both:
    """This will call off what the buyer asked for, and answer the request with it: both or neither (AZ-6).

    `ask` may change lines and reason; what it leaves out is as asked. A withdrawal from what has left asks it back
    besides, or instead where all of it left (SH-16): `Both`. Where a rule holds it (SH-12), the request stays open
    until somebody has looked. Refuses `not_found`, `already_decided`, and what a cancellation refuses.
    """
    request = locked_request(merchant_id, request_id)
    if request.state != "open":
        if source and (done := done_by_source(merchant_id=merchant_id, sources=[source])):
            return done[source]
        raise Refusal("already_decided", f"it is {request.state}", facts={"state": request.state})
    if waits := waiting_for_request(
        merchant_id=merchant_id, order_id=request.order_id, request_id=request_id
    ):
        return Held(waits, again=True)
    wish = as_asked(request, ask)

    def cancel(wish: Ask = wish) -> Confirmed | AlreadyDone | Held:
        return confirm_or_hold(
            merchant_id=merchant_id,
            order_id=request.order_id,
            ask=wish,
            rules=rules,
            by=by,
            at=at,
            rate_of=rate_of,
            source=source,
            gift=gift,
        )

    if request.kind == "withdrawal":
        ledger = ledgers.read(merchant_id=merchant_id, order_ids=[request.order_id])[request.order_id]
        off, back = parted(ledger, wish.lines)
        if back:
            rest = replace(wish, lines=tuple(off))
            return take_back(
                merchant_id=merchant_id,
                request_id=request_id,
                cancel=(lambda: cancel(rest)) if off else None,
                coming=coming(
                    back,
                    reason=wish.reason,
                    asked_at=request.requested_at,
                    message=wish.message,
                    notify=wish.notify is not False,
                ),
                by=by,
                at=at,
            )
    return cancel()


@sql.verb
def decline_request(
    *, merchant_id: int, request_id: UUID, reason: str, message: str = "", by: str, at: datetime
) -> BuyerRequest:
    """This will say no to what the buyer asked, with the reason kept; twice is once.

    `message`: written to the buyer too, where the channel's terms let it pass. Refuses `not_found`,
    `already_decided`, `reason_required`, `text_too_long`, and what `threads.write_message` refuses.
    """
    reason, message = reason.strip(), message.strip()
    if not reason:
        raise Refusal("reason_required", "say why", field="reason")
    fits(reason, field="reason")
    fits(message, field="message")
    request = locked_request(merchant_id, request_id)
    if request.state == "declined":
        return request
    judge_open(request, "declined")
    request.answer, request.message = reason, message
    close(request, "declined", by=by, at=at)
    record([told("request.declined", request, by=by, at=at)])
    if message:
        _write(request, message, by=by, at=at)
    return request


def _write(request: BuyerRequest, message: str, *, by: str, at: datetime) -> None:
    ledger = ledgers.read(merchant_id=request.merchant_id, order_ids=[request.order_id])[request.order_id]
    allowed = [kind for kind in ANSWERS if kind in ledger.terms.message_kinds]
    try:
        write_message(
            merchant_id=request.merchant_id,
            order_id=request.order_id,
            kind=allowed[0] if allowed else ANSWERS[0],
            text=message,
            source=f"request:{request.id}",
            by=by,
            at=at,
        )
    except Refusal as refusal:
        # Said of the question that was asked here; nothing of the no is written.
        refusal.field = "message"
        raise
