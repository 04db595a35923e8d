"""The desk looks at every seat's rate by the clock: raises alerts, closes them, proposes suspensions (RK-9, RK-10).

The seat's row is locked while it is judged, and what is raised is written with its letters in one transaction: two
workers, or one that dies half-way, raise an alert once.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.marketplace import letters, scope
from countermand.marketplace.journal import BY_THE_CLOCK, write
from countermand.marketplace.models import Alert, Seat, Suspension
from countermand.marketplace.rates import Judged, judged, numbers
from countermand.marketplace.rules import Crossing, closes, crossings
from countermand.marketplace.states import OPEN
from countermand.performance.guard import TooMany

EVERY = timedelta(minutes=1)
BATCH = 200


@sql.verb
def judge_seats(*, at: datetime, limit: int = BATCH) -> int:
    """This will judge the seats that nobody looked at for a minute, and say how many there were.

    Source: RK-9 (an alert once per crossing, with advice), RK-10 (a proposal, which a person decides).
    """
    due = scope.to_judge(at=at, every=EVERY, limit=limit)
    if not due:
        return 0
    found = judged(due, at=at)
    counted = numbers(found, at=at)
    standing = _open_alerts(due)
    for each, many in zip(found, counted, strict=True):
        _judge(each, standing[each.seat.id], many, at=at)
    for each in found:
        rate = each.standing.rate
        each.seat.cancelled, each.seat.total, each.seat.danger = (
            rate.cancelled,
            rate.total,
            each.standing.danger,
        )
        each.seat.judged_at = at
    Seat.across_merchants.bulk_update(due, ["cancelled", "total", "danger", "judged_at"])
    return len(due)


def _judge(each: Judged, standing: list[Alert], counted: list[TooMany], *, at: datetime) -> None:
    """One seat: what is newly crossed is raised, what is back is closed, what is beyond its limit is proposed."""
    crossed = crossings(each.standing, terms=each.terms, numbers=counted)
    known = {(alert.kind, alert.subject) for alert in standing}
    over = [alert for alert in standing if _is_over(alert, each, crossed)]
    # Who comes down from the limit is still near it, and knows: nobody is written to for having done better.
    better = any(alert.kind == "limit" for alert in over)
    for crossing in crossed:
        if (crossing.kind, crossing.subject) not in known:
            raised = _raise(each, crossing, known_already=better and crossing.kind == "warn", at=at)
            standing = [*standing, raised]
    for alert in over:
        _close(alert, each.seat, at=at)
    for alert in standing:
        if alert.kind == "limit" and alert.closed_at is None:
            _propose(alert, each, at=at)


def _is_over(alert: Alert, each: Judged, crossed: list[Crossing]) -> bool:
    if alert.kind == "number":
        return all((one.kind, one.subject) != (alert.kind, alert.subject) for one in crossed)
    return closes(alert.kind, each.standing)


def _raise(each: Judged, crossing: Crossing, *, known_already: bool, at: datetime) -> Alert:
    seat = each.seat
    raised = Alert.across_merchants.create(
        merchant_id=seat.merchant_id,
        marketplace_id=seat.marketplace_id,
        seat=seat,
        channel_id=seat.channel_id,
        kind=crossing.kind,
        subject=crossing.subject,
        facts=dict(crossing.facts),
        raised_at=at,
        **({"acknowledged_at": at, "acknowledged_by": BY_THE_CLOCK} if known_already else {}),
    )
    about = ("alert", raised.id)
    told: dict[str, Any] = {"what": raised.kind, "article": raised.subject, **raised.facts}
    write("alert.raised", seat=seat, by=BY_THE_CLOCK, at=at, about=about, **told)
    if not known_already:
        letters.alert(raised, seat=seat, terms=each.terms, at=at)
    return raised


def _close(alert: Alert, seat: Seat, *, at: datetime) -> None:
    alert.closed_at = at
    alert.save(update_fields=["closed_at"])
    write("alert.closed", seat=seat, by=BY_THE_CLOCK, at=at, about=("alert", alert.id), what=alert.kind)
    proposed = Suspension.of(seat.merchant_id).select_for_update(no_key=True)
    for suspension in proposed.filter(alert=alert, state="proposed"):
        suspension.state, suspension.closed_at, suspension.closed_by = "lapsed", at, BY_THE_CLOCK
        suspension.save(update_fields=["state", "closed_at", "closed_by"])
        about = ("suspension", suspension.id)
        write("suspension.lapsed", seat=seat, by=BY_THE_CLOCK, at=at, about=about, inside=True)


def _propose(alert: Alert, each: Judged, *, at: datetime) -> None:
    """Once for each crossing, and never beside one that is open: a person decides (RK-10)."""
    seat = each.seat
    there = Suspension.of(seat.merchant_id).filter(channel_id=seat.channel_id)
    if there.filter(alert=alert).exists() or there.filter(state__in=OPEN).exists():
        return
    propose_for(seat, alert=alert, facts=alert.facts, by=BY_THE_CLOCK, at=at)


def propose_for(
    seat: Seat, *, alert: Alert | None, facts: dict[str, Any], by: str, at: datetime
) -> Suspension:
    """This will put a suspension up for a person's decision, in the caller's transaction; the seat is locked."""
    made = Suspension.across_merchants.create(
        merchant_id=seat.merchant_id,
        marketplace_id=seat.marketplace_id,
        seat=seat,
        channel_id=seat.channel_id,
        alert=alert,
        state="proposed",
        facts=facts,
        proposed_at=at,
        proposed_by=by,
    )
    write("suspension.proposed", seat=seat, by=by, at=at, about=("suspension", made.id), inside=True, **facts)
    return made


def _open_alerts(due: list[Seat]) -> dict[UUID, list[Alert]]:
    found: dict[UUID, list[Alert]] = defaultdict(list)
    ours = [seat.id for seat in due]
    for alert in Alert.across_merchants.filter(seat_id__in=ours, closed_at=None).order_by("raised_at", "id"):
        found[alert.seat_id].append(alert)
    return found
