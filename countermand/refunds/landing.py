"""Bringing home what became of claimed refunds: one transaction per merchant, as sets.

What changes money is done under the orders' locks; what only waits touches the refund's row alone,
and comes last.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from countermand import faults, sql
from countermand.events.following import follow
from countermand.events.record import event, record
from countermand.payments import rules
from countermand.payments.providers.port import Declined, Pending, Succeeded
from countermand.refunds.amounts import take
from countermand.refunds.changes import Changes
from countermand.refunds.claim import Claim
from countermand.refunds.facts import RefundFacts
from countermand.refunds.outcomes import NOT_FOUND_YET, Again, Captured, Outcome, Unknown
from countermand.refunds.waiting import ARRIVED_SECONDS, STUBBORN_TRIES, wait_seconds
from countermand.refunds.wish import owed_targets

WAIT = """
UPDATE refund r SET state = x.state, not_before = x.not_before, lease_until = NULL, lease_by = NULL,
    error = x.error
FROM jsonb_to_recordset(%s) AS x(id uuid, tries int, state text, not_before timestamptz, error text)
WHERE r.id = x.id AND r.tries = x.tries AND r.state IN ('sent', 'unknown')
RETURNING r.id, r.cancellation_id
"""
ATTEMPTS = """
UPDATE refund_attempt a SET ended_at = %s, outcome = x.outcome, error = x.error
FROM jsonb_to_recordset(%s) AS x(id bigint, outcome text, error text) WHERE a.id = x.id
"""


class Landed(NamedTuple):
    """The cancellations and reimbursements whose money moved."""

    cancellation_ids: set[UUID]
    reimbursement_ids: set[UUID]


@sql.verb
def land(*, merchant_id: int, results: Sequence[tuple[Claim, Outcome]], by: str, at: datetime) -> Landed:
    """This will write the outcomes of one merchant's refunds. What is no longer held by its claim is left alone."""
    moving = [(claim, outcome) for claim, outcome in results if _moves_money(claim, outcome)]
    waiting = [(claim, outcome) for claim, outcome in results if not _moves_money(claim, outcome)]
    landed = Landed(set(), set())
    end_attempts(results, at=at)
    if moving:
        changes = Changes(
            merchant_id=merchant_id, order_ids=[claim.order_id for claim, _ in moving], by=by, at=at
        )
        refunds = changes.read([claim.id for claim, _ in moving])
        for claim, outcome in moving:
            refund = refunds[claim.id]
            if refund.tries == claim.tries and refund.state in ("sent", "unknown"):
                _apply(changes, refund, outcome)
        changes.write()
        landed = Landed(changes.cancellations, changes.reimbursements)
    if waiting:
        landed.cancellation_ids.update(_wait(waiting, by=by, at=at))
    faults.point("refund.in_landing")
    return landed


def end_attempts(results: Sequence[tuple[Claim, object]], *, at: datetime) -> None:
    """This will write what came of the calls, in the caller's transaction."""
    ended = [
        {
            "id": claim.attempt,
            "outcome": type(outcome).__name__.lower(),
            "error": _words(outcome)[:500],
        }
        for claim, outcome in results
        if claim.attempt is not None
    ]
    if ended:
        sql.execute(ATTEMPTS, (at, sql.json(ended)))


def _moves_money(claim: Claim, outcome: Outcome) -> bool:
    if claim.kind == "void" and isinstance(outcome, Declined):
        return outcome.reason == "unknown_payment"  # otherwise captured meanwhile: look again
    return isinstance(outcome, Succeeded | Declined | Captured)


def _apply(changes: Changes, refund: RefundFacts, outcome: Outcome) -> None:
    if isinstance(outcome, Succeeded):
        changes.succeed(refund, reference=outcome.reference)
    elif isinstance(outcome, Declined):
        changes.fail(refund, reason=outcome.reason)
    elif isinstance(outcome, Captured):
        changes.note_capture(refund, captured=outcome.minor)
        ledger = changes.ledgers[refund.order_id]
        amount = min(refund.amount_minor, changes.share_of(refund).free, rules.to_give_back(ledger))
        if amount > 0:
            changes.refund_instead(refund, targets=take(owed_targets(ledger), amount))
        else:
            changes.fail(refund, reason="captured_nothing_owed")


def _wait(waiting: Sequence[tuple[Claim, Outcome]], *, by: str, at: datetime) -> set[UUID]:
    """Puts refunds off; those that have been tried in vain too often come before a person."""
    rows = []
    for claim, outcome in waiting:
        at_once = isinstance(outcome, Again) and not outcome.error
        rows.append(
            {
                "id": claim.id,
                "tries": claim.tries,
                "state": _waits_as(claim, outcome),
                "not_before": at if at_once else _next_try(claim, outcome, at=at),
                "error": _words(outcome)[:500],
            }
        )
    ours = {row[0]: row[1] for row in sql.tuples(WAIT, (sql.json(rows),))}
    record(
        event(
            kind="refund.unknown",
            merchant_id=claim.merchant_id,
            at=at,
            by=by,
            order_id=claim.order_id,
            subject=("refund", claim.id),
            amount_minor=claim.amount_minor,
        )
        for claim, outcome in waiting
        if isinstance(outcome, Unknown) and claim.before != "unknown" and claim.id in ours
    )
    stubborn = {ours.get(claim.id) for claim, _ in waiting if claim.tries >= STUBBORN_TRIES} - {None}
    if stubborn:
        follow("refunds.moved", cancellation_ids=stubborn, at=at)
    return {cancellation for cancellation in stubborn if cancellation}


def _next_try(claim: Claim, outcome: Outcome, *, at: datetime) -> datetime:
    """Ever later; but look-ups, which clear up what had happened, make no provider busier, and what was
    not found yet is looked for again when it must have arrived."""
    if isinstance(outcome, Again) and claim.call != "look_up":
        return at + timedelta(seconds=wait_seconds(claim.asked + 1))
    later = at + timedelta(seconds=wait_seconds(claim.tries))
    if outcome == Unknown(NOT_FOUND_YET) and claim.asked_at is not None:
        return min(later, claim.asked_at + timedelta(seconds=ARRIVED_SECONDS))
    return later


def _waits_as(claim: Claim, outcome: Outcome) -> str:
    if isinstance(outcome, Again):
        return "planned"
    if isinstance(outcome, Pending):
        return "unknown" if claim.before == "unknown" else "sent"
    return "unknown"


def _words(outcome: object) -> str:
    return str(getattr(outcome, "error", "") or getattr(outcome, "reason", ""))
