"""What the clock does with the memory of writes."""

from datetime import datetime, timedelta

from countermand import sql

KEPT_DAYS = 30  # docs/api.md: an Idempotency-Key is kept 30 days

FORGET = """
DELETE FROM idempotency WHERE scope IN (
    SELECT scope FROM idempotency WHERE created_at < %s ORDER BY created_at LIMIT %s FOR UPDATE SKIP LOCKED
)
"""


def forget_old_answers(*, at: datetime, limit: int = 5000) -> int:
    """This will forget one chunk of answers older than 30 days and say how many there were."""
    return sql.execute(FORGET, (at - timedelta(days=KEPT_DAYS), limit))
