"""The rows of requests: locked behind their order, and told in its row as often as one of them changes."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import lifecycle, sql
from countermand.buyer_requests.models import BuyerRequest
from countermand.events.record import event
from countermand.payments import ledger as ledgers
from countermand.payments.facts import Ledger
from countermand.refusals import Refusal

# Told anew from the rows, under the order's lock, so that the counter is what it counts.
TELL = """
UPDATE "order" o SET requests = x.open, open_requests = coalesce(jsonb_array_length(x.open), 0)
FROM unnest(%(orders)s::uuid[]) AS wanted(id)
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('id', r.id, 'kind', r.kind, 'route', r.route, 'official', r.official,
        'lines', r.lines, 'reason', r.reason, 'case_reference', r.case_reference, 'case_at', r.case_at,
        'requested_at', r.requested_at) ORDER BY r.official DESC, r.requested_at, r.id) AS open
    FROM buyer_request r WHERE r.order_id = wanted.id AND r.state = 'open'
) x ON true
WHERE o.id = wanted.id AND o.merchant_id = %(m)s
"""


def tell(*, merchant_id: int, order_ids: Iterable[UUID]) -> None:
    """This will bring the rows of orders up to date with their open requests, in the caller's transaction."""
    sql.execute(TELL, {"m": merchant_id, "orders": sorted(set(order_ids))})


def locked_order(merchant_id: int, order_id: UUID) -> Ledger:
    """This will lock an order with its payments. Refuses `not_found`."""
    if order_id not in ledgers.lock(merchant_id=merchant_id, order_ids=[order_id]):
        raise Refusal("not_found", "no such order")
    return ledgers.read(merchant_id=merchant_id, order_ids=[order_id])[order_id]


def locked_request(merchant_id: int, request_id: UUID) -> BuyerRequest:
    """This will lock a request behind its order: every verb that changes one holds the order. Refuses `not_found`."""
    order_id = BuyerRequest.of(merchant_id).filter(id=request_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise Refusal("not_found", "no such request")
    ledgers.lock(merchant_id=merchant_id, order_ids=[order_id])
    return BuyerRequest.of(merchant_id).get(id=request_id)


def judge_open(request: BuyerRequest, then: str) -> None:
    """This will refuse (`already_decided`) what has had its answer."""
    if not lifecycle.may(lifecycle.REQUEST, request.state, then):
        raise Refusal("already_decided", f"it is {request.state}", facts={"state": request.state})


def close(request: BuyerRequest, state: str, *, by: str, at: datetime) -> None:
    """This will write an answer, in the caller's transaction and under the order's lock."""
    request.state, request.answered_by, request.answered_at, request.due_at = state, by, at, None
    request.save()
    tell(merchant_id=request.merchant_id, order_ids=[request.order_id])


def told(kind: str, request: BuyerRequest, *, by: str, at: datetime, **facts: Any) -> dict[str, Any]:
    """This will make the fact of something that happened to a request."""
    return event(
        kind=kind,
        merchant_id=request.merchant_id,
        at=at,
        by=by,
        order_id=request.order_id,
        subject=("request", request.id),
        official=request.official,
        **facts,
    )
