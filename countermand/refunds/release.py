"""The undo window is over: what was held goes on its way."""

from datetime import datetime
from uuid import UUID

from countermand import sql

# Whoever undoes one of them right now holds its row: it is theirs, and skipped.
RELEASE = """
WITH due AS (
    SELECT id FROM cancellation WHERE state = 'held' AND undo_until <= %(at)s
    ORDER BY undo_until LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
), begun AS (
    UPDATE cancellation c SET state = 'in_progress' FROM due WHERE c.id = due.id RETURNING c.id
), the_refunds AS (
    UPDATE refund r SET state = 'planned', not_before = least(r.not_before, %(at)s)
    FROM due WHERE r.cancellation_id = due.id AND r.state = 'held'
), the_messages AS (
    UPDATE message m SET state = 'planned', not_before = least(m.not_before, %(at)s)
    FROM due WHERE m.cancellation_id = due.id AND m.state = 'held'
)
SELECT id FROM begun
"""


@sql.verb
def release_held(*, at: datetime, limit: int = 500) -> list[UUID]:
    """This will begin cancellations whose undo window is over, and say which: conclude them next."""
    return [row[0] for row in sql.tuples(RELEASE, {"at": at, "limit": limit})]
