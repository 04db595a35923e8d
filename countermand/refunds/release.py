"""The undo window is over: what was held goes on its way."""

from datetime import datetime
from uuid import UUID

from countermand import sql

# Whoever undoes one of them right now holds its row: it is theirs, and skipped.
# What the customer service gives back stays held, and from now on it is asked for it (RK-5).
ASKED = "r.carried_by = 'customer_service' AND r.kind = 'refund'"
RELEASE = f"""
WITH due AS (
    SELECT id FROM cancellation WHERE state = 'held' AND undo_until <= %(at)s
    ORDER BY undo_until LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
), begun AS (
    UPDATE cancellation c SET state = 'in_progress' FROM due WHERE c.id = due.id RETURNING c.id
), the_refunds AS (
    UPDATE refund r SET not_before = least(r.not_before, %(at)s),
        state = CASE WHEN {ASKED} THEN 'held' ELSE 'planned' END,
        asked_at = CASE WHEN {ASKED} THEN %(at)s END
    FROM due WHERE r.cancellation_id = due.id AND r.state = 'held'
    RETURNING r.id, r.merchant_id, r.order_id, r.amount_minor, r.asked_at
), the_messages AS (
    UPDATE message m SET state = 'planned', not_before = least(m.not_before, %(at)s)
    FROM due WHERE m.cancellation_id = due.id AND m.state = 'held'
), told AS (
    INSERT INTO event (merchant_id, at, kind, by, order_id, subject_type, subject_id, facts)
    SELECT merchant_id, %(at)s, 'refund.asked', 'worker', order_id, 'refund', id,
        jsonb_build_object('amount_minor', amount_minor)
    FROM the_refunds WHERE asked_at IS NOT NULL
)
SELECT id FROM begun
"""


@sql.verb
def release_held(*, at: datetime, limit: int = 500) -> list[UUID]:
    """This will begin cancellations whose undo window is over, and say which: conclude them next."""
    return [row[0] for row in sql.tuples(RELEASE, {"at": at, "limit": limit})]
