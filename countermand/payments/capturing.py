"""How an authorised amount is drawn, seen from our tables: begun before the provider is asked, landed after.

Between the two the payment is `capturing`, and any process may die: `jobs` carries on.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from countermand import heartbeat, sql
from countermand.events.following import follow
from countermand.events.record import event, record
from countermand.payments import ledger as ledgers
from countermand.payments.facts import Ledger, ShareFacts
from countermand.payments.models import Capture

LEASE_SECONDS = 30
ASKED_AGAIN_SECONDS = 5

PAYMENT = "UPDATE payment SET state = %s, captured_minor = captured_minor + %s WHERE id = %s"
SHARE = "UPDATE payment_share SET captured_minor = captured_minor + %s WHERE id = %s"
AGAIN = "UPDATE capture SET lease_until = %s, lease_by = NULL WHERE id = %s AND state = 'sent'"
SETTLE = "UPDATE capture SET state = %s, error = %s, settled_at = %s, lease_by = NULL WHERE id = %s AND state = 'sent'"
FOUND = "SELECT merchant_id, order_id FROM capture WHERE id = %s"
CLAIM = """
WITH due AS (
    SELECT id FROM capture WHERE state = 'sent' AND lease_until <= %(at)s
    ORDER BY lease_until LIMIT %(limit)s FOR UPDATE SKIP LOCKED
)
UPDATE capture c SET lease_until = %(until)s, lease_by = %(worker)s, tries = c.tries + 1
FROM due WHERE c.id = due.id RETURNING c.id
"""


def begin(
    *, ledger: Ledger, share: ShareFacts, amount: int, by: str, at: datetime, now: bool = False
) -> UUID:
    """This will put a payment into `capturing` and commit to drawing `amount`, inside the caller's verb.

    The caller holds the ledger locked, has judged it, and writes it. `now`: the caller carries it by
    itself after commit; otherwise the worker does.
    """
    share.state = "capturing"
    sql.execute(PAYMENT, ("capturing", 0, share.payment_id))
    capture = Capture.across_merchants.create(
        merchant_id=ledger.order.merchant_id,
        order_id=ledger.order.id,
        share_id=share.id,
        amount_minor=amount,
        state="sent",
        lease_until=at + timedelta(seconds=LEASE_SECONDS) if now else at,
        created_at=at,
        by=by,
    )
    record([payment_event("payment.capturing", ledger, share, by=by, at=at, amount_minor=amount)])
    return capture.id


def add_captured(*, ledger: Ledger, share: ShareFacts, amount: int, by: str, at: datetime) -> None:
    """This will write down that an amount was captured, inside the caller's verb, who writes the ledger."""
    share.state = "captured"
    share.captured += amount
    share.payment_free += amount
    ledger.order.captured += amount
    sql.execute(PAYMENT, ("captured", amount, share.payment_id))
    sql.execute(SHARE, (amount, share.id))
    record([payment_event("payment.captured", ledger, share, by=by, at=at, amount_minor=amount)])


def claim(*, at: datetime, limit: int) -> list[UUID]:
    """This will take captures that nobody carries, under a lease of our own."""
    until = at + timedelta(seconds=LEASE_SECONDS)
    due = {"at": at, "limit": limit, "until": until, "worker": heartbeat.number()}
    return [row[0] for row in sql.tuples(CLAIM, due)]


def ask_again(*, capture_id: UUID, at: datetime, tries: int) -> None:
    """This will have a capture without an answer looked up soon, and later each time that there is none."""
    seconds = min(LEASE_SECONDS * 10, ASKED_AGAIN_SECONDS * 2 ** min(tries, 6))
    sql.execute(AGAIN, (at + timedelta(seconds=seconds), capture_id))


@sql.verb
def land(*, capture_id: UUID, captured: int | None, reason: str = "", at: datetime) -> None:
    """This will write down what the provider did: the amount captured, or None for a definite no.

    Landed before, nothing happens.
    """
    merchant_id, order_id = sql.tuples(FOUND, (capture_id,))[0]
    ledgers.lock(merchant_id=merchant_id, order_ids=[order_id])
    capture = Capture.of(merchant_id).get(id=capture_id)
    state = "failed" if captured is None else "succeeded"
    if not sql.execute(SETTLE, (state, reason[:500], at, capture_id)):
        return
    ledger = ledgers.read(merchant_id=merchant_id, order_ids=[order_id])[order_id]
    share = next(share for share in ledger.shares if share.id == capture.share_id)
    # A void of the same payment may have found the capture at the provider and noted it meanwhile.
    more = min(captured or 0, share.amount) - share.captured
    if captured is None:
        if share.state == "capturing":
            share.state = "authorized"
            sql.execute(PAYMENT, ("authorized", 0, share.payment_id))
        record(
            [
                payment_event(
                    "payment.capture_failed", ledger, share, by=capture.by, at=at, reason=reason[:100]
                )
            ]
        )
    elif more > 0:
        add_captured(ledger=ledger, share=share, amount=more, by=capture.by, at=at)
    follow("capture.landed", ledger=ledger, by=capture.by, at=at)
    ledgers.write([ledger])


def payment_event(
    kind: str, ledger: Ledger, share: ShareFacts, *, by: str, at: datetime, **facts: Any
) -> dict[str, Any]:
    """This will make the row of a fact about one payment of an order."""
    order = ledger.order
    subject = ("payment", share.id)
    return event(
        kind=kind, merchant_id=order.merchant_id, at=at, by=by, order_id=order.id, subject=subject, **facts
    )
