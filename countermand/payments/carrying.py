"""Captured money goes along from an order to the one that takes its place: the payment stays, its shares change.

Nothing moves at the provider and no credit is made, so what is later given back on the new order goes back
by the means by which it came (docs/decisions/0006-exchange.md). In the caller's verb, both orders locked.
"""

from datetime import datetime
from typing import Any

from countermand import ids, sql
from countermand.events.record import event, record
from countermand.payments import ledger as ledgers
from countermand.payments.adding import next_reference
from countermand.payments.facts import Ledger, ShareFacts
from countermand.payments.models import PaymentShare
from countermand.refusals import Refusal

LEAVES = """
UPDATE payment_share SET amount_minor = amount_minor - %(amount)s, captured_minor = captured_minor - %(amount)s
WHERE id = %(share)s
"""


def can_be_carried(ledger: Ledger) -> int:
    """This will say how much captured money of an order nothing has been given back of."""
    order = ledger.order
    return max(
        0, min(sum(share.free for share in ledger.shares), order.captured - order.refunded - order.in_flight)
    )


def carry(*, old: Ledger, new: Ledger, amount: int, by: str, at: datetime) -> None:
    """This will move `amount` (minor units) of captured money from one locked order to another of the same currency.

    Refuses `amount_too_large` above what can be carried.
    """
    if amount > can_be_carried(old):
        raise Refusal("amount_too_large", "more than is captured and not given back")
    left = amount
    taken = []
    for share in sorted(old.shares, key=lambda share: -share.free):
        part = min(left, share.free)
        if part:
            taken.append((share, part))
            left -= part
    for share, part in taken:
        sql.execute(LEAVES, {"share": share.id, "amount": part})
        share.amount -= part
        share.captured -= part
        new.shares.append(_share(new, share, part))
    old.order.captured -= amount
    new.order.captured += amount
    ledgers.write([old, new])
    record(
        [
            _event(old, amount, by=by, at=at, to_order=new.order.id),
            _event(new, amount, by=by, at=at, from_order=old.order.id),
        ]
    )


def _share(new: Ledger, of: ShareFacts, part: int) -> ShareFacts:
    reference = next_reference({share.reference for share in new.shares})
    made = PaymentShare.across_merchants.create(
        id=ids.new(),
        merchant_id=new.order.merchant_id,
        payment_id=of.payment_id,
        order_id=new.order.id,
        reference=reference,
        position=len(new.shares) + 1,
        amount_minor=part,
        captured_minor=part,
    )
    return ShareFacts(
        id=made.id,
        payment_id=of.payment_id,
        reference=reference,
        provider=of.provider,
        provider_reference=of.provider_reference,
        method=of.method,
        state=of.state,
        amount=part,
        captured=part,
        reserved=0,
        elsewhere=0,
        payment_free=of.payment_free,
        partial=of.partial,
    )


def _event(ledger: Ledger, amount: int, *, by: str, at: datetime, **other: Any) -> dict[str, Any]:
    order = ledger.order
    return event(
        kind="payment.carried",
        merchant_id=order.merchant_id,
        at=at,
        by=by,
        order_id=order.id,
        amount_minor=amount,
        **other,
    )
