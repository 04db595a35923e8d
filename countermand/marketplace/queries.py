"""What an operator reads. Every question goes through `scope`, bound to one marketplace: what is not seated there
is not there. Each page takes a fixed number of statements, however many merchants there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from countermand import sql
from countermand.marketplace import scope
from countermand.marketplace.models import Alert, Operator, Seat, Step, Suspension
from countermand.marketplace.rates import Judged, judged
from countermand.marketplace.states import OPEN
from countermand.procedure.models import SupportTicket
from countermand.refusals import Refusal

Place = tuple[str, ...]
WEEKS = """
SELECT date_trunc('week', day)::date AS week, sum(orders)::bigint AS orders, sum(articles)::bigint AS articles,
    sum(orders_cancelled)::bigint AS orders_cancelled, sum(articles_cancelled)::bigint AS articles_cancelled
FROM (
    SELECT d.* FROM (SELECT merchant_id, channel_id, day, orders, articles, orders_cancelled, articles_cancelled
        FROM rate_day UNION ALL
        SELECT merchant_id, channel_id, day, orders, articles, orders_cancelled, articles_cancelled FROM rate_change) d
    JOIN seat s ON s.merchant_id = d.merchant_id AND s.channel_id = d.channel_id
    WHERE s.id = %(seat)s AND s.marketplace_id = %(marketplace)s AND d.merchant_id = %(m)s
        AND d.channel_id = %(channel)s AND d.day > %(at)s::date - 84
) days GROUP BY 1 ORDER BY 1
"""
COUNTS = f"""
WITH {scope.SEATED}
SELECT (SELECT count(*) FROM alert WHERE marketplace_id = %(marketplace)s AND closed_at IS NULL
        AND acknowledged_at IS NULL),
    (SELECT count(*) FROM suspension WHERE marketplace_id = %(marketplace)s
        AND (state = 'proposed' OR (state IN ('decided', 'running') AND appealed_at IS NOT NULL AND answered_at IS NULL))),
    (SELECT count(*) FROM seated s JOIN refund r ON r.merchant_id = s.merchant_id
        JOIN "order" o ON o.id = r.order_id AND o.channel_id = s.channel_id
        WHERE r.state = 'held' AND r.asked_at IS NOT NULL),
    (SELECT count(*) FROM support_ticket t WHERE t.state = 'open'
        AND t.merchant_id IN (SELECT merchant_id FROM seated)
        AND (t.order_id IS NULL OR EXISTS (SELECT 1 FROM "order" o JOIN seated s ON s.channel_id = o.channel_id
            WHERE o.id = t.order_id AND o.merchant_id = t.merchant_id)))
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A merchant's seat as the list shows it."""

    judged: Judged
    suspension: Suspension | None
    alerts: int

    @property
    def seat(self) -> Seat:
        return self.judged.seat


def operators_of(*, user_id: int) -> list[Operator]:
    """This will list where a person works as an operator, and their colleagues there, in one question."""
    found = Operator.objects.filter(marketplace__operators__user=user_id).select_related(
        "marketplace", "user"
    )
    return list(found.order_by("marketplace__name", "marketplace_id", "id"))


def waiting(*, marketplace_id: int) -> dict[str, int]:
    """This will count what waits for the operator: alerts nobody read, suspensions, refunds asked for, tickets."""
    found = sql.tuples(COUNTS, {"marketplace": marketplace_id})[0]
    return dict(zip(("alerts", "suspensions", "service", "tickets"), found, strict=True))


def seats_page(
    *, marketplace_id: int, at: datetime, text: str = "", after: Place = (), limit: int
) -> list[Row]:
    """This will list merchants, the nearest to their limit first, with the rate of the moment. Four statements.

    The order is that of the last judgement, a minute ago at most; the figures are true at once.
    """
    found = scope.seats(marketplace_id).select_related("merchant", "channel", "marketplace")
    for word in text.split()[:5]:
        found = found.filter(Q(merchant__name__icontains=word) | Q(channel__name__icontains=word))
    if after:
        danger, last = int(after[0]), UUID(after[1])
        found = found.filter(Q(danger__lt=danger) | Q(danger=danger, id__gt=last))
    seats = list(found.order_by("-danger", "id")[:limit])
    return _rows(marketplace_id, seats, at)


def _rows(marketplace_id: int, seats: Sequence[Seat], at: datetime) -> list[Row]:
    ours = [seat.id for seat in seats]
    held = {
        each.seat_id: each
        for each in scope.rows(Suspension, marketplace_id).filter(seat_id__in=ours, state__in=OPEN)
    }
    alerts: dict[UUID, int] = {}
    for seat_id in (
        scope.rows(Alert, marketplace_id)
        .filter(seat_id__in=ours, closed_at=None)
        .values_list("seat_id", flat=True)
    ):
        alerts[seat_id] = alerts.get(seat_id, 0) + 1
    return [Row(each, held.get(each.seat.id), alerts.get(each.seat.id, 0)) for each in judged(seats, at=at)]


def seat(*, marketplace_id: int, seat_id: UUID) -> Seat:
    """This will find one seat with its merchant and its channel. Refuses `not_found`."""
    return scope.seat(marketplace_id=marketplace_id, seat_id=seat_id)


def seat_row(*, marketplace_id: int, seat_id: UUID, at: datetime) -> Row:
    """This will give one seat as the list has it. Refuses `not_found`."""
    found = scope.seat(marketplace_id=marketplace_id, seat_id=seat_id)
    return _rows(marketplace_id, [found], at)[0]


def seat_whole(*, marketplace_id: int, seat_id: UUID, at: datetime, few: int) -> dict[str, Any]:
    """This will give one seat with its latest alerts and suspensions. Four statements. Refuses `not_found`."""
    found = scope.seat(marketplace_id=marketplace_id, seat_id=seat_id)
    here: dict[str, Any] = {"marketplace_id": marketplace_id, "seat_id": seat_id, "limit": few}
    alerts = alerts_page(**here, only_open=False)
    suspensions = suspensions_page(**here)
    held = next((each for each in suspensions if each.state in OPEN), None)
    count = sum(alert.closed_at is None for alert in alerts)
    return {"row": Row(judged([found], at=at)[0], held, count), "alerts": alerts, "suspensions": suspensions}


def weeks(*, seat: Seat, at: datetime) -> list[dict[str, Any]]:
    """This will add up the last twelve weeks of a seat, oldest first."""
    asked = {"seat": seat.id, "marketplace": seat.marketplace_id, "m": seat.merchant_id}
    return sql.rows(WEEKS, {**asked, "channel": seat.channel_id, "at": at})


def alerts_page(
    *,
    marketplace_id: int,
    only_open: bool = True,
    seat_id: UUID | None = None,
    after: Place = (),
    limit: int,
) -> list[Alert]:
    """This will list alerts, newest first. One statement."""
    found = scope.rows(Alert, marketplace_id).select_related("merchant", "channel")
    if only_open:
        found = found.filter(closed_at=None)
    if seat_id:
        found = found.filter(seat_id=seat_id)
    if after:
        moment, last = datetime.fromisoformat(after[0]), UUID(after[1])
        found = found.filter(Q(raised_at__lt=moment) | Q(raised_at=moment, id__lt=last))
    return list(found.order_by("-raised_at", "-id")[:limit])


def suspensions_page(
    *,
    marketplace_id: int,
    states: Sequence[str] = (),
    seat_id: UUID | None = None,
    after: Place = (),
    limit: int,
) -> list[Suspension]:
    """This will list suspensions, newest first. One statement."""
    found = scope.rows(Suspension, marketplace_id).select_related("merchant", "channel")
    if states:
        found = found.filter(state__in=states)
    if seat_id:
        found = found.filter(seat_id=seat_id)
    if after:
        moment, last = datetime.fromisoformat(after[0]), UUID(after[1])
        found = found.filter(Q(proposed_at__lt=moment) | Q(proposed_at=moment, id__lt=last))
    return list(found.order_by("-proposed_at", "-id")[:limit])


def suspension(*, marketplace_id: int, suspension_id: UUID) -> Suspension:
    """This will find a suspension. Refuses `not_found`."""
    found = scope.rows(Suspension, marketplace_id).filter(id=suspension_id)
    there = found.select_related("merchant", "channel", "seat", "marketplace").first()
    if there is None:
        raise Refusal("not_found", "no such suspension here")
    return there


def tickets_page(
    *, marketplace_id: int, states: Sequence[str], after: Place = (), limit: int
) -> list[SupportTicket]:
    """This will list tickets of the merchants who sell here, oldest first (EM-7). One statement.

    One that names an order is seen where that order was sold; one that names none, wherever the merchant sells.
    """
    found = _tickets(marketplace_id).filter(state__in=list(states))
    if after:
        moment, last = datetime.fromisoformat(after[0]), UUID(after[1])
        found = found.filter(Q(opened_at__gt=moment) | Q(opened_at=moment, id__gt=last))
    return list(found.order_by("opened_at", "id")[:limit])


def ticket(*, marketplace_id: int, ticket_id: UUID) -> SupportTicket:
    """This will find a ticket. Refuses `not_found`."""
    found = _tickets(marketplace_id).filter(id=ticket_id).first()
    if found is None:
        raise Refusal("not_found", "no such ticket here")
    return found


def _tickets(marketplace_id: int) -> Any:
    return scope.tickets(marketplace_id).select_related("merchant")


def journal_page(
    *,
    marketplace_id: int,
    seat_id: UUID | None = None,
    subject_id: UUID | None = None,
    after: Place = (),
    limit: int,
) -> list[Step]:
    """This will list what was done here, newest first. One statement."""
    found = Step.objects.filter(marketplace_id=marketplace_id).select_related("merchant", "seat__channel")
    if seat_id:
        found = found.filter(seat_id=seat_id)
    if subject_id:
        found = found.filter(subject_id=subject_id)
    if after:
        found = found.filter(id__lt=int(after[0]))
    return list(found.order_by("-id")[:limit])


# What the merchant reads of it: their own rows, by the one door of every merchant.


def of_merchant(*, merchant_id: int) -> dict[str, Any]:
    """This will give a merchant their seats, the alerts that stand, and their suspensions. Three statements."""
    return {
        "seats": list(
            Seat.of(merchant_id).select_related("merchant", "channel", "marketplace").order_by("id")
        ),
        "alerts": list(
            Alert.of(merchant_id)
            .filter(closed_at=None)
            .select_related("channel", "marketplace")
            .order_by("-raised_at", "-id")[:50]
        ),
        "suspensions": list(
            Suspension.of(merchant_id)
            .exclude(state__in=("proposed", "dismissed", "lapsed"))
            .select_related("channel", "marketplace")
            .order_by("-proposed_at", "-id")[:50]
        ),
    }
