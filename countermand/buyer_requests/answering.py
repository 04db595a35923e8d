"""What cancellations do to requests: they answer one, leave nothing of others, and ask again when they are undone.

Set off by `events/following.py`, inside the cancellation's own transaction and under the order's lock.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from countermand import sql
from countermand.buyer_requests.rows import tell
from countermand.cancellations.write import AskedFor
from countermand.events.record import event, record

ANSWER = """
UPDATE buyer_request r SET state = x.state, cancellation_id = x.cancellation_id, answered_at = %(at)s,
    answered_by = %(by)s, due_at = NULL
FROM jsonb_to_recordset(%(answers)s) AS x(id uuid, state text, cancellation_id uuid)
WHERE r.id = x.id AND r.merchant_id = %(m)s AND r.state = 'open'
RETURNING r.id, r.order_id, r.state, r.official, r.cancellation_id
"""
# It had been answered in time: the clock begins anew with the day on which nobody has answered it any more.
AGAIN = """
UPDATE buyer_request r SET state = 'open', cancellation_id = NULL, answered_at = NULL, answered_by = '',
    due_at = CASE WHEN r.due_then = '' THEN NULL ELSE %(due)s END
WHERE r.cancellation_id = ANY(%(ids)s) AND r.state IN ('approved', 'expired')
RETURNING r.id, r.merchant_id, r.order_id, r.official
"""
ASKED_AGAIN = timedelta(days=1)


def answer_with(*, merchant_id: int, cancellations: Sequence[AskedFor], by: str, at: datetime) -> None:
    """This will mark what cancellations answer as approved, and what they leave nothing of as over."""
    answers = []
    for done in cancellations:
        after = {each.id for each in done.after}
        for each in done.before:
            if each.id in after:
                continue
            state = "approved" if done.answers and each.id == done.answers.id else "expired"
            answers.append({"id": each.id, "state": state, "cancellation_id": done.cancellation_id})
    if not answers:
        return
    params = {"m": merchant_id, "answers": sql.json(answers), "at": at, "by": by}
    rows = sql.rows(ANSWER, params)
    tell(merchant_id=merchant_id, order_ids=[row["order_id"] for row in rows])
    record(
        event(
            kind=f"request.{row['state']}",
            merchant_id=merchant_id,
            at=at,
            by=by,
            order_id=row["order_id"],
            subject=("request", row["id"]),
            official=row["official"],
            cancellation=str(row["cancellation_id"]),
        )
        for row in rows
    )


def ask_again(*, cancellation_ids: Sequence[UUID], by: str, at: datetime) -> None:
    """This will open what cancellations that were undone had answered."""
    rows = sql.rows(AGAIN, {"ids": list(cancellation_ids), "due": at + ASKED_AGAIN})
    for merchant_id in {row["merchant_id"] for row in rows}:
        tell(merchant_id=merchant_id, order_ids=[row["order_id"] for row in rows])
    record(
        event(
            kind="request.reopened",
            merchant_id=row["merchant_id"],
            at=at,
            by=by,
            order_id=row["order_id"],
            subject=("request", row["id"]),
            official=row["official"],
        )
        for row in rows
    )
