"""Carrying runs out: rows are claimed in batches, and each batch is one transaction with all that it does.

A worker may die anywhere: before the commit nothing of the batch stands, after it everything does, and the source
of each wish says what was done before (docs/decisions/0001).
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from countermand import faults, heartbeat, sql
from countermand.approvals.many import confirm_many_allowed
from countermand.approvals.rules import concerning
from countermand.bulk import steps
from countermand.bulk.choices import Choices
from countermand.bulk.judging import rules_of, wishes_of
from countermand.bulk.models import BulkRow, BulkRun
from countermand.cancellations.actions import Confirmed
from countermand.performance.queries import rate_of
from countermand.refusals import Refusal

log = logging.getLogger(__name__)

Going = Callable[[], bool]

BATCH = 50
MOST_RUNS = 20  # that take turns, a batch each: a large one holds up no other
LEASE_SECONDS = 120
MOST_TRIES = 5

RUNNING = "SELECT id FROM bulk_run WHERE state = 'running' ORDER BY started_at LIMIT %s"
CLAIM = """
UPDATE bulk_row SET state = 'running', tries = bulk_row.tries + 1, lease_by = %(worker)s,
    lease_until = %(at)s::timestamptz + make_interval(secs => %(lease)s)
FROM (
    SELECT r.id FROM bulk_row r
    WHERE r.run_id = %(run)s AND (r.state = 'planned' OR (r.state = 'running' AND r.lease_until < %(at)s))
        AND EXISTS (SELECT 1 FROM bulk_run b WHERE b.id = r.run_id AND b.state = 'running')
    ORDER BY r.position LIMIT %(limit)s FOR NO KEY UPDATE OF r SKIP LOCKED
) due
WHERE bulk_row.id = due.id
RETURNING bulk_row.id, bulk_row.tries
"""
# Ours still: `tries` is the fence against whoever took the row over when our lease was past.
OURS = """
SELECT r.id FROM bulk_row r JOIN jsonb_to_recordset(%s) AS x(id uuid, tries int) ON x.id = r.id
WHERE r.state = 'running' AND r.tries = x.tries ORDER BY r.id FOR NO KEY UPDATE OF r
"""
SETTLE = """
UPDATE bulk_row r SET state = x.state, code = x.code, cancellation_id = x.cancellation_id, undo_until = x.undo_until,
    refund_minor = coalesce(x.refund_minor, r.refund_minor), ended_at = %(at)s, lease_until = NULL,
    lease_by = NULL
FROM jsonb_to_recordset(%(rows)s) AS x(id uuid, state text, code text, cancellation_id uuid, undo_until timestamptz,
    refund_minor bigint)
WHERE r.id = x.id
"""
AGAIN = """
UPDATE bulk_row r SET lease_until = %(at)s::timestamptz + interval '5 seconds', lease_by = NULL
WHERE r.id = %(id)s AND r.state = 'running'
"""
# Who died in a run that was stopped meanwhile had done nothing of its batch.
LEFT = """
UPDATE bulk_row r SET state = 'stopped', ended_at = %(at)s, lease_until = NULL, lease_by = NULL FROM bulk_run b
WHERE b.id = r.run_id AND b.state = 'stopped' AND b.ended_at > %(at)s::timestamptz - interval '1 day'
    AND r.state = 'running' AND r.lease_until < %(at)s
"""
OVER = """
UPDATE bulk_run b SET state = 'done', ended_at = %(at)s
WHERE b.state = 'running' AND NOT EXISTS (
    SELECT 1 FROM bulk_row r WHERE r.run_id = b.id AND r.state IN ('planned', 'running'))
"""


def drain(*, at: datetime, going: Going = lambda: True, limit: int = BATCH) -> int:
    """This will carry out a batch of each run that is under way, and end those that are through."""
    taken = 0
    for (run_id,) in sql.tuples(RUNNING, (MOST_RUNS,)):
        if not going():
            break
        with transaction.atomic():
            due = claim(run_id=run_id, at=at, limit=limit)
        faults.point("bulk.claimed")
        if due:
            _carried(run_id, due)
            taken += len(due)
    if taken or sql.tuples(RUNNING, (1,)):
        sql.execute(OVER, {"at": at})
        sql.execute(LEFT, {"at": at})
    return taken


def claim(*, run_id: UUID, at: datetime, limit: int = BATCH) -> list[tuple[UUID, int]]:
    """This will take due rows of a run for this process: (row, tries) each."""
    asked = {"run": run_id, "at": at, "lease": LEASE_SECONDS, "limit": limit, "worker": heartbeat.number()}
    return [(row_id, tries) for row_id, tries in sql.tuples(CLAIM, asked)]


def _carried(run_id: UUID, due: Sequence[tuple[UUID, int]]) -> None:
    """One odd order must not hold up its batch: where that breaks, each is carried out by itself."""
    at = datetime.now(UTC)
    try:
        carry_rows(run_id=run_id, due=due, at=at)
    except Exception as error:
        if not connection.is_usable():
            raise
        if len(due) > 1:
            for one in due:
                _carried(run_id, [one])
            return
        [(row_id, tries)] = due
        log.error("a row of a bulk run broke: %s", type(error).__name__)
        if tries < MOST_TRIES:
            sql.execute(AGAIN, {"at": at, "id": row_id})
        else:
            sql.execute(SETTLE, {"at": at, "rows": sql.json([_refused(row_id, "broken")])})


@sql.verb
def carry_rows(*, run_id: UUID, due: Iterable[tuple[UUID, int]], at: datetime) -> int:
    """This will call off the orders of these rows and write down what became of each, in one transaction.

    Rows that are no longer ours are left alone. Each order is judged against the plan that was shown.
    """
    wanted = sql.json([{"id": row_id, "tries": tries} for row_id, tries in due])
    ours = [row_id for (row_id,) in sql.tuples(OURS, (wanted,))]
    if not ours:
        return 0
    run = BulkRun.across_merchants.get(id=run_id)
    rows = list(BulkRow.of(run.merchant_id).filter(id__in=ours).order_by("position"))
    rules = rules_of(run)
    open_steps = steps.open_steps(
        order_ids=[row.order_id for row in rows], reason=run.reason, initiated_by=run.initiated_by
    )
    answers = confirm_many_allowed(
        merchant_id=run.merchant_id,
        wishes=wishes_of(run=run, rows=rows, choices=choices_of(run), bound=True),
        rules=rules,
        by=run.by,
        at=at,
        rate_of=rate_of if concerning(rules, role=run.role) else None,
    )
    done = {
        row.order_id: open_steps[row.order_id]
        for row, answer in zip(rows, answers, strict=True)
        if isinstance(answer, Confirmed)
    }
    steps.skip(merchant_id=run.merchant_id, steps=done, reason=run.skip_reason, by=run.by, at=at)
    outcomes = [_outcome(row, answer) for row, answer in zip(rows, answers, strict=True)]
    sql.execute(SETTLE, {"at": at, "rows": sql.json(outcomes)})
    faults.point("bulk.settled")
    return len(outcomes)


def choices_of(run: BulkRun) -> Choices:
    """This will read a run's choices back from its row."""
    return Choices(**{name: getattr(run, name) for name in Choices.__dataclass_fields__})


def _outcome(row: BulkRow, answer: Any) -> dict[str, Any]:
    if isinstance(answer, Refusal):
        return _refused(row.id, "nothing_open" if answer.code == "invalid_lines" else answer.code)
    if isinstance(answer, Confirmed):
        return _done(row.id, answer.id, answer.plan.refund, answer.plan.undo_until)
    return _done(row.id, answer.id, answer.refund_minor, None)


def _done(row_id: UUID, cancellation_id: UUID, refund: int, undo_until: datetime | None) -> dict[str, Any]:
    return {
        "id": row_id,
        "state": "done",
        "code": "",
        "cancellation_id": cancellation_id,
        "undo_until": undo_until,
        "refund_minor": refund,
    }


def _refused(row_id: UUID, code: str) -> dict[str, Any]:
    return {
        "id": row_id,
        "state": "refused",
        "code": code,
        "cancellation_id": None,
        "undo_until": None,
        "refund_minor": None,
    }
