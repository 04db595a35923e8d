"""The customer service's queue: refunds that a platform was asked for, let go, settled with evidence, or sent back to
the merchant with what is missing (RK-5, EM-10).

Who may see a refund is decided by its order's channel having a seat here; what may be done with it, by `refunds`.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.events.ping import ping
from countermand.marketplace import letters, scope
from countermand.marketplace.journal import as_merchants_read, write
from countermand.marketplace.models import Seat
from countermand.refunds import service as refunds
from countermand.refunds.models import Refund
from countermand.refusals import Refusal

# What waits for a person here: asked for, to be paid by hand, or refused for good by the provider.
WAITS = """(r.state = 'held' AND r.asked_at IS NOT NULL)
    OR (r.carried_by <> 'merchant' AND ((r.state = 'planned' AND r.method = 'manual') OR r.state = 'failed'))"""
# What it sent back: the merchant's turn, until they ask again.
THEIRS = "r.state = 'held' AND r.asked_at IS NULL AND r.sent_back_at IS NOT NULL"
QUEUE = f"""
WITH {scope.SEATED}
SELECT r.id, r.merchant_id, r.order_id, s.seat_id, r.kind, r.method, r.amount_minor, r.currency, r.state, r.error,
    r.asked_at, r.due_at, r.created_at, r.carried_by, r.sent_back_at, r.sent_back_because, r.answer, o.number, o.verification, m.name AS merchant_name,
    ch.name AS channel_name, c.reason, c.initiated_by, c.at AS cancelled_at, c.by AS cancelled_by, c.counts_in_rate,
    c.official_request, c.case_reference, c.case_at, (SELECT string_agg(k.quantity || ' × ' || l.title, ', ' ORDER BY l.position)
        FROM cancelled_line k JOIN order_line l ON l.id = k.line_id WHERE k.cancellation_id = c.id) AS articles,
    coalesce(r.due_at, r.asked_at, r.created_at) AS turn
FROM seated s
JOIN "order" o ON o.merchant_id = s.merchant_id AND o.channel_id = s.channel_id
JOIN refund r ON r.merchant_id = o.merchant_id AND r.order_id = o.id
JOIN merchant m ON m.id = s.merchant_id JOIN channel ch ON ch.id = s.channel_id
LEFT JOIN cancellation c ON c.id = r.cancellation_id AND c.merchant_id = r.merchant_id
WHERE ([whose]) AND [which]
ORDER BY coalesce(r.due_at, r.asked_at, r.created_at), r.id LIMIT %(limit)s
"""
AFTER = "(coalesce(r.due_at, r.asked_at, r.created_at), r.id) > (%(turn)s::timestamptz, %(id)s::uuid)"


def queue(
    *, marketplace_id: int, sent_back: bool = False, after: Sequence[str] = (), limit: int
) -> list[dict[str, Any]]:
    """This will list refunds that wait for the customer service, the soonest due first. One statement.

    `sent_back`: those that wait for their merchant's answer instead. Amounts in minor units. No row tells of the
    buyer: for that there is the merchant.
    """
    asked: dict[str, Any] = {"marketplace": marketplace_id, "limit": limit}
    if after:
        asked |= {"turn": after[0], "id": after[1]}
    return sql.rows(_written(THEIRS if sent_back else WAITS, AFTER if after else "true"), asked, kept=False)


def _written(whose: str, which: str) -> str:
    return QUEUE.replace("[whose]", whose).replace("[which]", which)


def refund(*, marketplace_id: int, refund_id: UUID) -> dict[str, Any]:
    """This will give one refund that waits here, or for its merchant's answer. Refuses `not_found`."""
    asked = {"marketplace": marketplace_id, "limit": 1, "one": refund_id}
    found = sql.rows(_written(f"({WAITS}) OR ({THEIRS})", "r.id = %(one)s"), asked, kept=False)
    if not found:
        raise Refusal("not_found", "no such refund waits here")
    return found[0]


@sql.verb
def let_go_asked(*, marketplace_id: int, refund_id: UUID, by: str, at: datetime) -> None:
    """This will have a refund carried out that was asked for. Refuses `not_found`, `not_settleable`."""
    seat, found = _here(marketplace_id, refund_id)
    refunds.let_go(
        merchant_id=seat.merchant_id, refund_id=refund_id, by=as_merchants_read(by, seat=seat), at=at
    )
    _tell("service.let_go", seat, found, by=by, at=at)


@sql.verb
def settle_asked(
    *, marketplace_id: int, refund_id: UUID, settled_at: datetime, evidence: str, by: str, at: datetime
) -> None:
    """This will count a refund as paid by the platform, with its evidence.

    Refuses `not_found`, and what `refunds.service.settle_service` refuses.
    """
    seat, found = _here(marketplace_id, refund_id)
    refunds.settle_service(
        merchant_id=seat.merchant_id,
        refund_id=refund_id,
        settled_at=settled_at,
        evidence=evidence,
        by=as_merchants_read(by, seat=seat),
        at=at,
    )
    _tell("service.settled", seat, found, by=by, at=at)


@sql.verb
def send_back_asked(*, marketplace_id: int, refund_id: UUID, because: str, by: str, at: datetime) -> None:
    """This will send a refund back to the merchant who asked for it; the owners read by mail what is missing.

    Refuses `not_found`, and what `refunds.service.send_back` refuses.
    """
    seat, found = _here(marketplace_id, refund_id)
    ours = as_merchants_read(by, seat=seat)
    refunds.send_back(merchant_id=seat.merchant_id, refund_id=refund_id, because=because, by=ours, at=at)
    _tell("service.sent_back", seat, found, by=by, at=at, told=True)
    letters.sent_back(found, seat=seat, because=because.strip(), at=at)
    ping()


@sql.verb
def ask_service_again(*, merchant_id: int, refund_id: UUID, answer: str, by: str, at: datetime) -> None:
    """This will ask once more for a refund that was sent back, with the merchant's answer (RK-5).

    Refuses `not_found`, and what `refunds.service.ask_again` refuses.
    """
    refunds.ask_again(merchant_id=merchant_id, refund_id=refund_id, answer=answer, by=by, at=at)
    found = Refund.of(merchant_id).select_related("order__channel").get(id=refund_id)
    seat = scope.seat_of(found.order.channel)
    if seat is not None:
        _tell("service.asked_again", seat, found, by=by, at=at, told=True)


def _here(marketplace_id: int, refund_id: UUID) -> tuple[Seat, Refund]:
    found = scope.seated(Refund, marketplace_id, by="order__channel_id").select_related("order")
    there = found.filter(id=refund_id).first()
    if there is None:
        raise Refusal("not_found", "no such refund here")
    ours = scope.seats(marketplace_id).select_related("merchant", "channel", "marketplace")
    seat = ours.get(channel_id=there.order.channel_id)
    return seat, there


def _tell(kind: str, seat: Seat, found: Refund, *, by: str, at: datetime, told: bool = False) -> None:
    """`told`: the order's history has it already, in the refund's own words."""
    facts: dict[str, Any] = {"amount_minor": found.amount_minor, "currency": found.currency}
    about = ("refund", found.id)
    write(kind, seat=seat, by=by, at=at, about=about, order_id=None if told else found.order_id, **facts)
