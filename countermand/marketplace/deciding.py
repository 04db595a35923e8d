"""Suspension as people decide it (RK-10): decided or dismissed, answered to once, lifted early, or ended by the clock.

Lock order: seat, suspension, channel. What a suspension does to a channel is one pair of instants on it
(`channels.selling`), written with the decision: there is no moment between the two.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from countermand import lifecycle, sql
from countermand.channels.selling import keep_from_selling, sell_again
from countermand.events.ping import ping
from countermand.marketplace import letters, scope
from countermand.marketplace.journal import BY_THE_CLOCK, write
from countermand.marketplace.judging import propose_for
from countermand.marketplace.models import Seat, Suspension
from countermand.marketplace.states import HOLDING, OPEN
from countermand.refusals import Refusal, words

LONGEST = timedelta(days=366)
BATCH = 50


@sql.verb
def propose(*, marketplace_id: int, seat_id: UUID, by: str, at: datetime) -> Suspension:
    """This will put a suspension up for decision by hand. Refuses `not_found`, `already_suspended`."""
    seat = scope.seats(marketplace_id).select_for_update(no_key=True).filter(id=seat_id).first()
    if seat is None:
        raise Refusal("not_found", "no such merchant here")
    if Suspension.of(seat.merchant_id).filter(channel_id=seat.channel_id, state__in=OPEN).exists():
        raise Refusal("already_suspended", "one is open for this channel")
    return propose_for(seat, alert=None, facts={}, by=by, at=at)


@sql.verb
def decide(
    *,
    marketplace_id: int,
    suspension_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    by: str,
    at: datetime,
) -> Suspension:
    """This will suspend a merchant's channel from one moment to another, for a reason that the merchant reads.

    A start that has passed is now. Refuses `not_found`, `already_decided`, `say_why`, `text_too_long`,
    `wrong_period` (it ends before it starts or has ended, or lasts longer than a year).
    """
    starts_at, said = max(starts_at, at), words(reason, field="reason")
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise Refusal("wrong_period", "it ends after it starts, within a year", field="ends_at")
    suspension = _locked(marketplace_id, suspension_id)
    _to(suspension, "decided", otherwise="already_decided")
    suspension.starts_at, suspension.ends_at, suspension.reason = starts_at, ends_at, said
    suspension.decided_at, suspension.decided_by = at, by
    if starts_at <= at:
        _to(suspension, "running", otherwise="already_decided")
    suspension.save()
    seat = suspension.seat
    keep_from_selling(
        merchant_id=seat.merchant_id, channel_id=seat.channel_id, start=starts_at, until=ends_at
    )
    _tell("suspension.decided", suspension, by=by, at=at, starts_at=starts_at, ends_at=ends_at)
    letters.decided(suspension, seat=seat, at=at)
    ping()
    return suspension


@sql.verb
def dismiss(*, marketplace_id: int, suspension_id: UUID, reason: str, by: str, at: datetime) -> Suspension:
    """This will leave a proposal be, with a reason. Refuses `not_found`, `already_decided`, `say_why`."""
    said = words(reason, field="reason")
    suspension = _locked(marketplace_id, suspension_id)
    _to(suspension, "dismissed", otherwise="already_decided")
    _close(suspension, said, by=by, at=at)
    _tell("suspension.dismissed", suspension, by=by, at=at, inside=True)
    return suspension


@sql.verb
def lift(*, marketplace_id: int, suspension_id: UUID, reason: str, by: str, at: datetime) -> Suspension:
    """This will end a suspension early. Refuses `not_found`, `suspension_over`, `say_why`, `text_too_long`."""
    said = words(reason, field="reason")
    suspension = _locked(marketplace_id, suspension_id)
    return _lifted(suspension, said, by=by, at=at)


@sql.verb
def appeal(*, merchant_id: int, suspension_id: UUID, text: str, by: str, at: datetime) -> Suspension:
    """This will keep what the merchant says to a suspension, once, while it lasts.

    Refuses `not_found`, `suspension_over`, `already_appealed`, `say_why`, `text_too_long`.
    """
    said = words(text, field="text")
    found = Suspension.of(merchant_id).select_for_update(no_key=True, of=("self",))
    suspension = found.select_related("seat").filter(id=suspension_id).first()
    if suspension is None:
        raise Refusal("not_found", "no such suspension")
    if not _lasts(suspension, at):
        raise Refusal("suspension_over", "it is over, or was never decided")
    if suspension.appealed_at is not None:
        raise Refusal("already_appealed", "it was answered to before: once each")
    suspension.appeal, suspension.appealed_at, suspension.appealed_by = said, at, by
    suspension.save(update_fields=["appeal", "appealed_at", "appealed_by"])
    _tell("suspension.appealed", suspension, by=by, at=at)
    return suspension


@sql.verb
def answer(
    *, marketplace_id: int, suspension_id: UUID, lifts: bool, text: str, by: str, at: datetime
) -> Suspension:
    """This will answer an appeal: the suspension is lifted, or it stands; the merchant reads why.

    Refuses `not_found`, `nothing_appealed`, `appeal_answered`, `suspension_over`, `say_why`, `text_too_long`.
    """
    said = words(text, field="text")
    suspension = _locked(marketplace_id, suspension_id)
    if suspension.appealed_at is None:
        raise Refusal("nothing_appealed", "the merchant has not answered")
    if suspension.answered_at is not None:
        raise Refusal("appeal_answered", "it has its answer")
    if not _lasts(suspension, at):
        raise Refusal("suspension_over", "it is over")
    suspension.answer, suspension.answered = said, "lifted" if lifts else "upheld"
    suspension.answered_at, suspension.answered_by = at, by
    suspension.save(update_fields=["answer", "answered", "answered_at", "answered_by"])
    _tell("suspension.answered", suspension, by=by, at=at, answered=suspension.answered)
    if lifts:
        return _lifted(suspension, said, by=by, at=at)
    letters.upheld(suspension, seat=suspension.seat, at=at)
    ping()
    return suspension


@sql.verb
def carry_suspensions(*, at: datetime, limit: int = BATCH) -> int:
    """This will begin and end suspensions whose moment has come, and say how many there were.

    Listings ask the instants themselves (`channels.selling.sells`): a worker that is late sells nothing too long.
    """
    due = scope.to_carry(at=at, limit=limit)
    for suspension in due:
        if suspension.state == "decided":
            _to(suspension, "running", otherwise="suspension_over")
            suspension.save(update_fields=["state"])
            _tell("suspension.began", suspension, by=BY_THE_CLOCK, at=at)
        else:
            _to(suspension, "ended", otherwise="suspension_over")
            _close(suspension, "", by=BY_THE_CLOCK, at=at)
            sell_again(merchant_id=suspension.merchant_id, channel_id=suspension.channel_id)
            _tell("suspension.ended", suspension, by=BY_THE_CLOCK, at=at)
            letters.over(suspension, seat=suspension.seat, at=at)
    return len(due)


def _lifted(suspension: Suspension, said: str, *, by: str, at: datetime) -> Suspension:
    if not _lasts(suspension, at):
        raise Refusal("suspension_over", "it is over, or was never decided")
    _to(suspension, "lifted", otherwise="suspension_over")
    _close(suspension, said, by=by, at=at)
    sell_again(merchant_id=suspension.merchant_id, channel_id=suspension.channel_id)
    _tell("suspension.lifted", suspension, by=by, at=at)
    letters.over(suspension, seat=suspension.seat, at=at)
    ping()
    return suspension


def _lasts(suspension: Suspension, at: datetime) -> bool:
    """Whether it is still to come or on: one whose end has passed is over, also before the worker says so."""
    return suspension.state in HOLDING and suspension.ends_at is not None and at < suspension.ends_at


def _locked(marketplace_id: int, suspension_id: UUID) -> Suspension:
    found = scope.rows(Suspension, marketplace_id).select_for_update(no_key=True, of=("self",))
    known = found.select_related("seat__merchant", "seat__channel", "seat__marketplace")
    suspension = known.filter(id=suspension_id).first()
    if suspension is None:
        raise Refusal("not_found", "no such suspension here")
    return suspension


def _to(suspension: Suspension, state: str, *, otherwise: str) -> None:
    if not lifecycle.may(lifecycle.SUSPENSION, suspension.state, state):
        raise Refusal(otherwise, f"it is {suspension.state}")
    suspension.state = state


def _close(suspension: Suspension, because: str, *, by: str, at: datetime) -> None:
    suspension.closed_at, suspension.closed_by, suspension.closed_because = at, by, because
    suspension.save(update_fields=["state", "closed_at", "closed_by", "closed_because"])


def _tell(kind: str, suspension: Suspension, *, by: str, at: datetime, **facts: Any) -> None:
    seat: Seat = suspension.seat
    write(kind, seat=seat, by=by, at=at, about=("suspension", suspension.id), **facts)
