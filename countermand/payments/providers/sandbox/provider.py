"""A payment provider that behaves like a real one without leaving the machine.

The beginning of a payment's reference steers it (api.md, Sandbox payment provider). Each call is
one committed transaction of the provider's own.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

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
SELECT p.captured_minor, p.voided,
    (SELECT coalesce(sum(r.amount_minor), 0)::bigint FROM sandbox_refund r
     WHERE r.payment_id = p.id AND r.state <> 'attempted') AS refunded,
    b.id, b.amount_minor, b.state, b.settles_at
FROM sandbox_payment p
LEFT JOIN LATERAL (SELECT * FROM sandbox_refund b WHERE b.refund_id = %s AND b.payment_id = p.id
    AND b.state <> 'attempted' ORDER BY b.id LIMIT 1) b ON true
WHERE p.account = %s AND p.reference = %s
"""
REFUNDS = "SELECT id, key, amount_minor, state, settles_at, tries FROM sandbox_refund WHERE payment_id = %s"
# `tries` counts the failed tries of a flaky payment, which are kept as a row that is no refund yet.
KEEP = """
INSERT INTO sandbox_refund (payment_id, key, refund_id, amount_minor, state, settles_at, tries)
VALUES (%s, %s, %s, %s, %s, %s, %s)
ON CONFLICT (payment_id, key) DO UPDATE
    SET state = excluded.state, settles_at = excluded.settles_at, tries = excluded.tries
RETURNING id
"""


class Sandbox:
    """See `Provider` for when each method is called."""

    def look_up(self, *, payment: Paid, refund_id: UUID) -> Found | None:
        with _own_books():
            found = sql.one(LOOK_UP, (str(refund_id), payment.account, payment.reference))
        if found is None:
            return None
        refund = _outcome(found) if found["id"] else None
        return Found(
            captured_minor=found["captured_minor"],
            voided=found["voided"],
            refunded_minor=found["refunded"],
            refund=refund,
            refund_minor=found["amount_minor"] if refund else 0,
        )

    def refund(self, *, payment: Paid, refund_id: UUID, key: UUID, amount_minor: int) -> Outcome:
        _wait(payment)
        with _own_books():
            answer = _give_back(payment, str(refund_id), str(key), amount_minor)
        faults.point("sandbox.after_refund")
        return _sent_back(payment, answer)

    def void(self, *, payment: Paid, key: UUID) -> Outcome:
        _wait(payment)
        with _own_books():
            answer = _let_go(payment)
        faults.point("sandbox.after_void")
        return _sent_back(payment, answer)

    def capture(self, *, payment: Paid, key: UUID, amount_minor: int) -> Outcome:
        _wait(payment)
        with _own_books():
            known = books.called(account=payment.account, reference=payment.reference)
            if known is None or known["voided"] or amount_minor > known["amount_minor"]:
                return Declined("not_capturable")
            if not known["captured_minor"]:
                books.capture(account=payment.account, reference=payment.reference, amount_minor=amount_minor)
        return _sent_back(payment, Succeeded())


def _give_back(payment: Paid, refund_id: str, key: str, amount: int) -> Outcome | NotNow:
    known = books.called(account=payment.account, reference=payment.reference)
    if known is None:
        return Declined("unknown_payment")
    # Read after the lock, in a statement of its own: its snapshot holds what the last caller did.
    refunds = sql.rows(REFUNDS, (known["id"],))
    same = next((refund for refund in refunds if refund["key"] == key), None)
    if same and same["state"] != "attempted":
        return _outcome(same) if same["amount_minor"] == amount else Declined("key_reused")
    refunded = sum(refund["amount_minor"] for refund in refunds if refund["state"] != "attempted")
    if payment.reference.startswith("decline"):
        return Declined("declined")
    if known["voided"] or refunded + amount > known["captured_minor"]:
        return Declined("more_than_left")
    if payment.reference.startswith("full") and amount != known["captured_minor"]:
        return Declined("whole_only")
    tries = same["tries"] if same else 0
    if payment.reference.startswith("flaky") and tries < FLAKY_TRIES:
        sql.execute(KEEP, (known["id"], key, refund_id, amount, "attempted", None, tries + 1))
        return NotNow("busy")
    late = payment.reference.startswith("late")
    state, settles_at = ("pending", _now() + timedelta(seconds=LATE_SECONDS)) if late else ("succeeded", None)
    kept = sql.one(KEEP, (known["id"], key, refund_id, amount, state, settles_at, tries))
    return _outcome({"id": kept and kept["id"], "state": state, "settles_at": settles_at})


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


@contextmanager
def _own_books() -> Iterator[None]:
    if connection.in_atomic_block:
        raise RuntimeError("a provider is never called inside a transaction of ours")
    with transaction.atomic():
        yield
