"""A payment provider that behaves like a real one without leaving the machine.

The beginning of a payment's reference steers it (docs/api.md, Sandbox payment provider). Each call is
one committed transaction of the provider's own.
"""

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction

from countermand import faults, sql
from countermand.payments.providers.port import (
    Declined,
    Found,
    NotNow,
    Outcome,
    Paid,
    Pending,
    Succeeded,
    Unanswered,
)
from countermand.payments.providers.sandbox import books

SLOW_SECONDS = 2
LATE_SECONDS = 5
FLAKY_TRIES = 2

LOOK_UP = """
SELECT p.captured_minor, p.voided, p.refunded_minor, b.id, b.amount_minor, b.state, b.settles_at
FROM sandbox_payment p
LEFT JOIN LATERAL (SELECT * FROM sandbox_refund b WHERE b.refund_id = %s AND b.payment_id = p.id
    AND b.state <> 'attempted' ORDER BY b.id LIMIT 1) b ON true
WHERE p.account = %s AND p.reference = %s
"""
# The common case in one statement: it waits for a call on the same payment and then judges anew. A key
# that was used before breaks its uniqueness, and so the whole of it.
GIVE_BACK = """
WITH paid AS (
    UPDATE sandbox_payment SET calls = calls + 1, refunded_minor = refunded_minor + %(amount)s
    WHERE account = %(account)s AND reference = %(reference)s AND NOT voided
        AND refunded_minor + %(amount)s <= captured_minor AND (NOT %(whole)s OR captured_minor = %(amount)s)
    RETURNING id
)
INSERT INTO sandbox_refund (payment_id, key, refund_id, amount_minor, state, settles_at, tries)
SELECT id, %(key)s, %(refund)s, %(amount)s, %(state)s, %(settles_at)s, 0 FROM paid RETURNING id
"""
SAME = (
    "SELECT id, amount_minor, state, settles_at, tries FROM sandbox_refund WHERE payment_id = %s AND key = %s"
)
# `tries` counts the failed tries of a flaky payment, which are kept as a row that is no refund yet.
TRIED = """
INSERT INTO sandbox_refund (payment_id, key, refund_id, amount_minor, state, tries)
VALUES (%s, %s, %s, %s, 'attempted', 1)
ON CONFLICT (payment_id, key) DO UPDATE SET tries = sandbox_refund.tries + 1
"""
WORKS_NOW = "UPDATE sandbox_refund SET state = 'succeeded' WHERE id = %s"
COUNT = "UPDATE sandbox_payment SET refunded_minor = refunded_minor + %s WHERE id = %s"


class Sandbox:
    """See `Provider` for when each method is called."""

    def look_up(self, *, payment: Paid, refund_id: UUID) -> Found | None:
        _not_inside()
        found = sql.one(LOOK_UP, (str(refund_id), payment.account, payment.reference))
        if found is None:
            return None
        refund = _outcome(found) if found["id"] else None
        return Found(
            captured_minor=found["captured_minor"],
            voided=found["voided"],
            refunded_minor=found["refunded_minor"],
            refund=refund,
            refund_minor=found["amount_minor"] if refund else 0,
        )

    def refund(self, *, payment: Paid, refund_id: UUID, key: UUID, amount_minor: int) -> Outcome:
        _wait(payment)
        _not_inside()
        answer: Outcome | NotNow | None = None
        if not payment.reference.startswith(("decline", "flaky")):
            answer = _at_once(payment, str(refund_id), str(key), amount_minor)
        if answer is None:
            with transaction.atomic():
                answer = _considered(payment, str(refund_id), str(key), amount_minor)
        faults.point("sandbox.after_refund")
        return _sent_back(payment, answer)

    def void(self, *, payment: Paid, key: UUID) -> Outcome:
        _wait(payment)
        _not_inside()
        with transaction.atomic():
            answer = _let_go(payment)
        faults.point("sandbox.after_void")
        return _sent_back(payment, answer)

    def capture(self, *, payment: Paid, key: UUID, amount_minor: int) -> Outcome:
        _wait(payment)
        _not_inside()
        with transaction.atomic():
            known = books.called(account=payment.account, reference=payment.reference)
            if known is None or known["voided"] or amount_minor > known["amount_minor"]:
                return Declined("not_capturable")
            if payment.reference.startswith("decline"):
                return Declined("declined")
            if not known["captured_minor"]:
                books.capture(account=payment.account, reference=payment.reference, amount_minor=amount_minor)
        faults.point("sandbox.after_capture")
        # Taken on: that it is drawn is seen when it is looked up.
        return _sent_back(payment, Pending() if payment.reference.startswith("late") else Succeeded())


def _at_once(payment: Paid, refund_id: str, key: str, amount: int) -> Outcome | None:
    """A refund that nothing speaks against; None where something does."""
    late = payment.reference.startswith("late")
    refund = {
        "account": payment.account,
        "reference": payment.reference,
        "whole": payment.reference.startswith("full"),
        "key": key,
        "refund": refund_id,
        "amount": amount,
        "state": "pending" if late else "succeeded",
        "settles_at": _now() + timedelta(seconds=LATE_SECONDS) if late else None,
    }
    try:
        made = sql.one(GIVE_BACK, refund)
    except IntegrityError:
        return None  # this key again
    return _outcome(refund | made) if made else None


def _considered(payment: Paid, refund_id: str, key: str, amount: int) -> Outcome | NotNow:
    """A refund with something to say about: a key that was used, a temper, a definite no."""
    known = books.called(account=payment.account, reference=payment.reference)
    if known is None:
        return Declined("unknown_payment")
    # Read after the lock, in a statement of its own: its snapshot holds what the last caller did.
    same = sql.one(SAME, (known["id"], key))
    if same and same["state"] != "attempted":
        return _outcome(same) if same["amount_minor"] == amount else Declined("key_reused")
    if payment.reference.startswith("decline"):
        return Declined("declined")
    if known["voided"] or known["refunded_minor"] + amount > known["captured_minor"]:
        return Declined("more_than_left")
    if payment.reference.startswith("full") and amount != known["captured_minor"]:
        return Declined("whole_only")
    if same is None or same["tries"] < FLAKY_TRIES:
        sql.execute(TRIED, (known["id"], key, refund_id, amount))
        return NotNow("busy")
    sql.execute(WORKS_NOW, (same["id"],))
    sql.execute(COUNT, (amount, known["id"]))
    return Succeeded(f"sandbox-{same['id']}")


def _let_go(payment: Paid) -> Outcome | NotNow:
    known = books.called(account=payment.account, reference=payment.reference)
    if known is None:
        return Declined("unknown_payment")
    if known["captured_minor"]:
        return Declined("captured")
    if payment.reference.startswith("flaky") and known["calls"] <= FLAKY_TRIES:
        return NotNow("busy")
    books.void(account=payment.account, reference=payment.reference)
    return Succeeded()


def _outcome(refund: dict[str, Any]) -> Succeeded | Pending:
    reference = f"sandbox-{refund['id']}"
    if refund["state"] == "pending" and refund["settles_at"] > _now():
        return Pending(reference)
    return Succeeded(reference)


def _sent_back(payment: Paid, answer: Outcome | NotNow) -> Outcome:
    """The way of the answer over the wire, on which a `lost` one never arrives."""
    if isinstance(answer, NotNow):
        raise answer
    if payment.reference.startswith("lost") and not isinstance(answer, Declined):
        raise Unanswered("no answer")
    return answer


def _wait(payment: Paid) -> None:
    if payment.reference.startswith("slow"):
        time.sleep(SLOW_SECONDS)


def _now() -> datetime:
    return datetime.now(UTC)  # the provider's own clock: it is another house


def _not_inside() -> None:
    if connection.in_atomic_block:
        raise RuntimeError("a provider is never called inside a transaction of ours")
