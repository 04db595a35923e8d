"""Undo within the window: a new fact that takes the first one back; both stay in the history."""

from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.cancellations.models import Cancellation, CancelledLine
from countermand.events.following import follow
from countermand.events.record import event, record
from countermand.payments import ledger as ledgers
from countermand.payments.facts import Ledger
from countermand.refusals import Refusal

# What the cancellation moved is moved back: its movements, negated.
TAKE_BACK = """
WITH moved AS (
    SELECT item_id, sum(on_hand_delta)::int AS h, sum(allocated_delta)::int AS a
    FROM movement WHERE merchant_id = %(m)s AND order_id = %(order)s AND cancellation_id = %(id)s
    GROUP BY item_id
), locked AS (
    SELECT i.id FROM item i JOIN moved ON moved.item_id = i.id ORDER BY i.id FOR NO KEY UPDATE OF i
), changed AS (
    UPDATE item i SET on_hand = i.on_hand - moved.h, allocated = i.allocated - moved.a, updated_at = now()
    FROM moved WHERE i.id = moved.item_id AND i.id IN (SELECT id FROM locked)
    RETURNING i.id, moved.h, moved.a
)
INSERT INTO movement (merchant_id, item_id, kind, on_hand_delta, allocated_delta, order_id, cancellation_id, at, by, note)
SELECT %(m)s, id, 'undone', -h, -a, %(order)s, %(id)s, %(at)s, %(by)s, '' FROM changed ORDER BY id
"""

WITHDRAW = """
WITH gone AS (
    UPDATE refund SET state = 'withdrawn', settled_at = %(at)s, lease_until = NULL
    WHERE merchant_id = %(m)s AND cancellation_id = %(id)s AND state = 'held'
    RETURNING id, share_id, kind, amount_minor
), silent AS (
    UPDATE message SET state = 'withdrawn' WHERE merchant_id = %(m)s AND cancellation_id = %(id)s AND state = 'held'
), back AS (
    SELECT share_id, sum(amount_minor)::bigint AS amount FROM gone WHERE kind = 'refund' GROUP BY share_id
), shares AS (
    UPDATE payment_share s SET reserved_minor = s.reserved_minor - back.amount FROM back WHERE s.id = back.share_id
    RETURNING s.payment_id, back.amount
), payments AS (
    UPDATE payment p SET reserved_minor = p.reserved_minor - x.amount
    FROM (SELECT payment_id, sum(amount)::bigint AS amount FROM shares GROUP BY payment_id) x
    WHERE p.id = x.payment_id
), kept AS (
    UPDATE payment p SET state = 'pending' WHERE p.id = ANY(%(dropped)s) AND p.state = 'voided'
)
SELECT g.id, g.kind, g.amount_minor, t.target, t.line_id, t.amount_minor, t.tax_minor
FROM gone g LEFT JOIN refund_target t ON t.refund_id = g.id
"""

RATE = """
INSERT INTO rate_change (merchant_id, channel_id, day, orders, articles, orders_cancelled, articles_cancelled)
VALUES (%s, %s, %s, 0, 0, %s, %s)
"""


@sql.verb
def undo(*, merchant_id: int, cancellation_id: UUID, by: str, at: datetime) -> Ledger:
    """This will take back a cancellation whose undo window is open: units, stock, refunds, mail and rate.

    Refuses `not_found`, `already_undone`, and `too_late` once its window is over or anything has left.
    """
    found = Cancellation.of(merchant_id).filter(id=cancellation_id).values_list("order_id", flat=True).first()
    if found is None:
        raise Refusal("not_found", "no such cancellation")
    ledgers.lock(merchant_id=merchant_id, order_ids=[found])
    # After the order, and against the worker that ends the window at this very moment.
    cancellation = Cancellation.of(merchant_id).select_for_update(no_key=True).get(id=cancellation_id)
    if cancellation.state == "undone":
        raise Refusal("already_undone", "it has been taken back before")
    if cancellation.state != "held" or cancellation.undo_until is None or cancellation.undo_until <= at:
        raise Refusal("too_late", "its undo window is over: place the order again instead")
    ledger = ledgers.read(merchant_id=merchant_id, order_ids=[found])[found]
    units = _units_back(merchant_id, cancellation, ledger)
    _money_back(merchant_id, cancellation, ledger, at)
    order = ledger.order
    order.status = "open"
    order.cancelled_at = None
    order.cancel_reason = _reason_before(merchant_id, cancellation)
    Cancellation.of(merchant_id).filter(id=cancellation_id).update(state="undone", concluded_at=at)
    if cancellation.counts_in_rate:
        order.counted -= 1
        last = -1 if order.counted == 0 else 0
        sql.execute(RATE, (merchant_id, ledger.channel.id, order.placed_on, last, -units))
    ledgers.write([ledger], lines=ledger.lines)
    subject = ("cancellation", cancellation_id)
    record(
        [
            event(
                kind="cancellation.undone",
                merchant_id=merchant_id,
                at=at,
                by=by,
                order_id=found,
                subject=subject,
            )
        ]
    )
    follow("cancellations.undone", cancellation_ids=[cancellation_id], by=by, at=at)
    moved: dict[str, Any] = {"m": merchant_id, "order": found, "id": cancellation_id, "at": at, "by": by}
    sql.execute(TAKE_BACK, moved)
    return ledger


def _units_back(merchant_id: int, cancellation: Cancellation, ledger: Ledger) -> int:
    lines = {line.id: line for line in ledger.lines}
    units = 0
    for cancelled in CancelledLine.of(merchant_id).filter(cancellation=cancellation):
        line = lines[cancelled.line_id]
        line.cancelled -= cancelled.quantity
        line.restocked -= cancelled.restocked
        line.gone_worth -= cancelled.worth_minor
        line.gone_tax -= cancelled.tax_minor
        units += cancelled.quantity
    return units


def _money_back(merchant_id: int, cancellation: Cancellation, ledger: Ledger, at: datetime) -> None:
    order = ledger.order
    lines = {line.id: line for line in ledger.lines}
    order.shipping_released -= cancellation.shipping_minor
    order.fees_released -= cancellation.fees_minor
    order.retained -= cancellation.fee_minor
    order.waived -= cancellation.waived_minor
    dropped = [UUID(payment) for payment in cancellation.dropped]
    for share in ledger.shares:
        if share.payment_id in dropped and share.state == "voided":
            share.state = "pending"
    params = {"m": merchant_id, "id": cancellation.id, "at": at, "dropped": dropped}
    seen = set()
    for refund_id, kind, whole, target, line_id, amount, tax in sql.tuples(WITHDRAW, params):
        if kind == "refund" and refund_id not in seen:
            seen.add(refund_id)
            order.in_flight -= whole
        if target == "line":
            lines[line_id].given -= amount
            lines[line_id].given_tax -= tax
        elif target == "shipping":
            order.shipping_given -= amount
            order.shipping_given_tax -= tax
        elif target == "fees":
            order.fees_given -= amount


def _reason_before(merchant_id: int, cancellation: Cancellation) -> str:
    standing = Cancellation.of(merchant_id).filter(order_id=cancellation.order_id).exclude(state="undone")
    before = standing.exclude(id=cancellation.id).order_by("-at").values_list("reason", flat=True).first()
    return before or ""
