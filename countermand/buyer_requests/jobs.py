"""What the clock does with requests: one that nobody answers is brought up again or called off, as the terms say
(AZ-22); one of which nothing is left is over."""

from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.buyer_requests import letters
from countermand.buyer_requests.deciding import as_asked
from countermand.buyer_requests.models import BuyerRequest
from countermand.buyer_requests.rows import locked_request, tell, told
from countermand.cancellations.actions import RateOf, confirm
from countermand.cancellations.ask import Ask
from countermand.events.record import event, record
from countermand.payments import ledger as ledgers
from countermand.payments.facts import Ledger
from countermand.refusals import Refusal

BY = "clock"
DUE = """
SELECT merchant_id, id FROM buyer_request WHERE due_at <= %s ORDER BY due_at LIMIT %s
"""
# Sales that were refused, and orders that the platform called off, end what was asked of them.
OVER = """
WITH over AS (
    SELECT o.id FROM "order" o
    WHERE o.open_requests > 0 AND o.status IN ('refused', 'cancelled')
    ORDER BY o.id LIMIT %(limit)s FOR NO KEY UPDATE OF o SKIP LOCKED
)
UPDATE buyer_request r SET state = 'expired', answered_at = %(at)s, answered_by = %(by)s, due_at = NULL
FROM over WHERE r.order_id = over.id AND r.state = 'open'
RETURNING r.id, r.merchant_id, r.order_id, r.official
"""


def drain(*, at: datetime, limit: int = 100, rate_of: RateOf | None = None) -> int:
    """This will attend to requests whose time is over, each in a transaction of its own."""
    due = sql.tuples(DUE, (at, limit))
    for merchant_id, request_id in due:
        attend_request(merchant_id=merchant_id, request_id=request_id, at=at, rate_of=rate_of)
    return len(due)


@sql.verb
def attend_request(
    *, merchant_id: int, request_id: UUID, at: datetime, rate_of: RateOf | None = None
) -> BuyerRequest:
    """This will do once what the terms say of a request that nobody has answered: call it off, or bring it up again.

    What cannot be called off any more is brought up. One that was answered meanwhile is left alone.
    """
    request = locked_request(merchant_id, request_id)
    if request.state != "open" or request.due_at is None or request.due_at > at:
        return request
    ledger = ledgers.read(merchant_id=merchant_id, order_ids=[request.order_id])[request.order_id]
    if request.due_then == "cancel" and _called_off(request, ledger, at=at, rate_of=rate_of):
        request.refresh_from_db()
        return request
    request.reminded_at, request.due_at = at, None
    request.save(update_fields=["reminded_at", "due_at"])
    record([told("request.reminded", request, by=BY, at=at)])
    letters.remind(request, ledger, at=at)
    return request


@sql.verb
def end_requests(*, at: datetime, limit: int = 100) -> int:
    """This will end open requests on orders of which nothing is left to be called off."""
    rows = sql.rows(OVER, {"at": at, "by": BY, "limit": limit})
    for merchant_id in sorted({row["merchant_id"] for row in rows}):
        tell(
            merchant_id=merchant_id,
            order_ids=[row["order_id"] for row in rows if row["merchant_id"] == merchant_id],
        )
    record(
        event(
            kind="request.expired",
            merchant_id=row["merchant_id"],
            at=at,
            by=BY,
            order_id=row["order_id"],
            subject=("request", row["id"]),
            official=row["official"],
        )
        for row in rows
    )
    return len(rows)


def _called_off(request: BuyerRequest, ledger: Ledger, *, at: datetime, rate_of: RateOf | None) -> bool:
    words = letters.unanswered(ledger.order.language) if ledger.terms.message_required else ""
    ask = as_asked(request, Ask(reason="", message=words))
    try:
        confirm(
            merchant_id=request.merchant_id,
            order_id=request.order_id,
            ask=ask,
            by=BY,
            at=at,
            rate_of=rate_of,
        )
    except Refusal:
        return False
    return True
