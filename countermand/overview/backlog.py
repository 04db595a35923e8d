"""What the workers have before them, of all merchants: for `doctor` and for whoever watches the house."""

from datetime import UTC, datetime
from typing import Any

from countermand import sql

# Each of these reads one small index: rows that are over stand in none of them.
COUNTS = """
SELECT
    (SELECT count(*) FROM refund WHERE state IN ('planned', 'sent', 'unknown') AND method <> 'manual'
        AND not_before <= %(at)s) AS refunds_due,
    (SELECT min(not_before) FROM refund WHERE state IN ('planned', 'sent', 'unknown') AND method <> 'manual') AS oldest_refund,
    (SELECT count(*) FROM message WHERE state IN ('held', 'planned', 'sending') AND not_before <= %(at)s) AS messages_due,
    (SELECT min(not_before) FROM message WHERE state IN ('held', 'planned', 'sending')) AS oldest_message,
    (SELECT count(*) FROM cancellation WHERE state = 'held' AND undo_until <= %(at)s) AS undo_windows_over
"""


def counts(*, at: datetime | None = None) -> dict[str, Any]:
    """This will count what is due, and say how many seconds the oldest of it has waited."""
    at = at or datetime.now(UTC)
    row = sql.one(COUNTS, {"at": at}) or {}
    return {
        "refunds due": row["refunds_due"],
        "oldest refund, seconds late": _late(row["oldest_refund"], at),
        "messages due": row["messages_due"],
        "oldest message, seconds late": _late(row["oldest_message"], at),
        "undo windows over": row["undo_windows_over"],
    }


def _late(since: datetime | None, at: datetime) -> int:
    return max(0, int((at - since).total_seconds())) if since else 0
