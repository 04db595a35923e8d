"""The delivery table as a queue: claim due rows, write down what became of them. No thinking here."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import heartbeat, sql

BATCH = 20
LEASE_SECONDS = 120

# Active, awake, and with a row that is due. Who was served longest ago comes first.
DUE = """
SELECT w.id FROM webhook w
WHERE w.state = 'active' AND (w.rests_until IS NULL OR w.rests_until <= %(at)s) AND NOT (w.id = ANY(%(busy)s))
    AND EXISTS (
        SELECT 1 FROM webhook_delivery d
        WHERE d.webhook_id = w.id AND d.state IN ('planned', 'sending') AND d.not_before <= %(at)s
            AND (d.state <> 'sending' OR d.lease_until < %(at)s)
    )
ORDER BY w.served_at NULLS FIRST, w.id LIMIT %(limit)s
"""

# What is `sending` with its lease over belonged to a process that died: it is sent again under the same key.
CLAIM = """
WITH due AS (
    SELECT d.id FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id
    WHERE d.webhook_id = %(webhook)s AND w.state = 'active' AND d.state IN ('planned', 'sending')
        AND d.not_before <= %(at)s AND (d.state <> 'sending' OR d.lease_until < %(at)s)
    ORDER BY d.not_before, d.id LIMIT %(limit)s FOR NO KEY UPDATE OF d SKIP LOCKED
), mine AS (
    UPDATE webhook_delivery d SET state = 'sending', tries = d.tries + 1, lease_by = %(worker)s,
        begun_at = COALESCE(d.begun_at, %(at)s), lease_until = %(at)s::timestamptz + make_interval(secs => %(lease)s)
    FROM due WHERE d.id = due.id
    RETURNING d.id, d.webhook_id, d.merchant_id, d.key, d.payload, d.tries, d.begun_at, d.not_before
)
SELECT mine.*, w.url, w.salt, w.fingerprint, w.old_salt, w.old_until
FROM mine JOIN webhook w ON w.id = mine.webhook_id ORDER BY mine.not_before, mine.id
"""

# `tries` is the fence: who lost the lease meanwhile has an older number and writes nothing.
SETTLE = """
UPDATE webhook_delivery SET state = %(state)s, not_before = COALESCE(%(not_before)s, not_before), lease_until = NULL,
    lease_by = NULL, tried_at = %(at)s, status = %(status)s, answer = %(answer)s, error = %(error)s, took_ms = %(took_ms)s
WHERE id = %(id)s AND state = 'sending' AND tries = %(tries)s
"""
LEAVE = """
UPDATE webhook_delivery d SET state = 'planned', lease_until = NULL, lease_by = NULL, tries = d.tries - 1,
    begun_at = CASE WHEN d.tries = 1 THEN NULL ELSE d.begun_at END
FROM jsonb_to_recordset(%s) AS x(id uuid, tries int)
WHERE d.id = x.id AND d.state = 'sending' AND d.tries = x.tries
"""

FORGET = """
DELETE FROM webhook_delivery WHERE id IN (
    SELECT id FROM webhook_delivery WHERE created_at < %s AND state IN ('delivered', 'failed')
    ORDER BY created_at LIMIT %s FOR UPDATE SKIP LOCKED
)
"""


def due(*, at: datetime, limit: int, busy: Collection[UUID] = ()) -> list[UUID]:
    """This will list subscriptions with something to send now, besides those that are `busy`."""
    found = sql.tuples(DUE, {"at": at, "limit": limit, "busy": list(busy)})
    return [row[0] for row in found]


def claim(*, webhook_id: UUID, at: datetime, limit: int = BATCH) -> list[dict[str, Any]]:
    """This will take a subscription's due rows for this process, each with all that its sending needs."""
    taking = {
        "webhook": webhook_id,
        "at": at,
        "limit": limit,
        "lease": LEASE_SECONDS,
        "worker": heartbeat.number(),
    }
    return sql.rows(CLAIM, taking)


def settle(**outcome: Any) -> bool:
    """This will write down what became of one row, and say whether it still was ours."""
    return sql.execute(SETTLE, outcome) == 1


def leave(rows: list[dict[str, Any]]) -> None:
    """This will put rows back that were not tried, as if they had not been claimed."""
    if rows:
        sql.execute(LEAVE, (sql.json([{"id": row["id"], "tries": row["tries"]} for row in rows]),))


def forget(*, before: datetime, limit: int) -> int:
    """This will forget one chunk of what was settled before a moment."""
    return sql.execute(FORGET, (before, limit))
