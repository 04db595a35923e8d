"""The platform's verdict on the payment of an order: verified, or failed and then called off by the platform."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from countermand import ids, sql
from countermand.cancellations.actions import Wish, confirm_many
from countermand.cancellations.ask import Ask
from countermand.events.following import follow
from countermand.events.record import event, record
from countermand.orders import permitted, rated, search
from countermand.orders.models import Line, Order
from countermand.payments import ledger as ledgers
from countermand.payments.facts import Ledger
from countermand.refusals import Refusal, fits
from countermand.verification.models import Verdict

# Until now neither name nor address could be searched for: verifying writes the words anew (AZ-11).
OPENED = """
WITH found_by AS (UPDATE order_words SET words = array_to_tsvector(%(words)s::text[])
    WHERE merchant_id = %(m)s AND id = %(id)s)
UPDATE "order" SET verification = 'verified', status = %(status)s, version = version + 1
WHERE merchant_id = %(m)s AND id = %(id)s
"""
FAILED = "UPDATE \"order\" SET verification = 'failed' WHERE merchant_id = %s AND id = ANY(%s)"


@sql.verb
def verify(
    *, merchant_id: int, order_id: UUID, note: str = "", role: str = "", by: str, at: datetime
) -> Verdict:
    """This will open an order whose payment the platform has verified: it may be shipped or called off (AZ-12).

    Refuses `not_found`, `forbidden`, `already_verified`, `already_cancelled`, `text_too_long`.
    """
    order = _judged(merchant_id, order_id, note=note, role=role).order
    row = Order.of(merchant_id).get(id=order_id)
    words = search.lexemes(
        merchant_id=merchant_id,
        number=row.number,
        name=row.customer_name,
        email=row.customer_email,
        phone=row.customer_phone,
        skus=Line.of(merchant_id).filter(order_id=order_id).values_list("sku", flat=True),
    )
    # What was imported as sent already keeps the state of its units; what waits goes on to its next door.
    then = order.status if order.status != "pending" else "open" if order.accepted else "awaiting_acceptance"
    sql.execute(OPENED, {"m": merchant_id, "id": order_id, "status": then, "words": words})
    rated.enter(merchant_id=merchant_id, order_ids=[order_id])
    if then == "awaiting_acceptance":
        follow("orders.waiting", merchant_id=merchant_id, order_ids=[order_id], at=at)
    record([event(kind="order.verified", merchant_id=merchant_id, at=at, by=by, order_id=order_id)])
    verdict = _verdict(merchant_id, order_id, "verified", how="said", note=note, by=by, at=at)
    verdict.save(force_insert=True)
    return verdict


@sql.verb
def fail(
    *, merchant_id: int, order_id: UUID, note: str = "", role: str = "", by: str, at: datetime
) -> Verdict:
    """This will call an order off for the platform, which could not verify its payment.

    The buyer stays hidden, and the cancellation counts in no rate where verified orders alone enter it. Refuses
    what `verify` refuses, and what `confirm` refuses while money is on its way (`in_progress`).
    """
    _judged(merchant_id, order_id, note=note, role=role)
    [answer] = fail_together(merchant_id=merchant_id, order_ids=[order_id], note=note, by=by, at=at)
    if isinstance(answer, Refusal):
        raise answer
    return answer


@sql.verb
def fail_together(
    *,
    merchant_id: int,
    order_ids: Sequence[UUID],
    how: str = "said",
    note: str = "",
    by: str,
    at: datetime,
) -> list[Verdict | Refusal]:
    """This will call off orders whose verification failed or ran out of days (AZ-14), each judged by itself."""
    ask = Ask(
        reason="payment_declined", initiated_by="platform", role=permitted.PLATFORM, notify=False, note=note
    )
    ledgers.lock(merchant_id=merchant_id, order_ids=order_ids)
    waiting = set(
        Order.of(merchant_id)
        .filter(id__in=order_ids, verification="pending")
        .exclude(status__in=("cancelled", "refused"))
        .values_list("id", flat=True)
    )
    asked = [order_id for order_id in order_ids if order_id in waiting]
    wishes = [Wish(order_id, ask, source=f"verification:{order_id}") for order_id in asked]
    answers = dict(
        zip(asked, confirm_many(merchant_id=merchant_id, wishes=wishes, by=by, at=at), strict=True)
    )
    done = {order_id: answer.id for order_id, answer in answers.items() if not isinstance(answer, Refusal)}
    sql.execute(FAILED, (merchant_id, list(done)))
    record(
        event(
            kind="order.verification_failed",
            merchant_id=merchant_id,
            at=at,
            by=by,
            order_id=order_id,
            how=how,
            cancellation=cancellation_id,
        )
        for order_id, cancellation_id in done.items()
    )
    verdicts = {
        order_id: _verdict(merchant_id, order_id, "failed", how=how, note=note, by=by, at=at)
        for order_id in done
    }
    Verdict.across_merchants.bulk_create(verdicts.values())
    late = Refusal("already_verified", permitted.DETAILS["already_verified"])
    return [verdicts.get(order_id) or _refusal(answers.get(order_id), late) for order_id in order_ids]


def _refusal(answer: object, otherwise: Refusal) -> Refusal:
    return answer if isinstance(answer, Refusal) else otherwise


def _judged(merchant_id: int, order_id: UUID, *, note: str, role: str) -> Ledger:
    fits(note, field="note")
    if order_id not in ledgers.lock(merchant_id=merchant_id, order_ids=[order_id]):
        raise Refusal("not_found", "no such order")
    ledger = ledgers.read(merchant_id=merchant_id, order_ids=[order_id])[order_id]
    state = permitted.state_of(status=ledger.order.status, verification=ledger.order.verification)
    permitted.judge(ledger.terms, state, "verify", role)
    return ledger


def _verdict(
    merchant_id: int, order_id: UUID, verdict: str, *, how: str, note: str, by: str, at: datetime
) -> Verdict:
    return Verdict(
        id=ids.new(),
        merchant_id=merchant_id,
        order_id=order_id,
        verdict=verdict,
        how=how,
        note=note,
        by=by,
        at=at,
    )
