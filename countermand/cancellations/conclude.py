"""When a cancellation is over: its money is back and its message is out, or a person must look.

Asked after every change of a refund or message, in its transaction; set-based; harmless twice.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.events.record import event, record
from countermand.law import Clock
from countermand.refunds.waiting import STUBBORN_TRIES

LOCK = """
SELECT id FROM cancellation WHERE id = ANY(%s) AND state IN ('in_progress', 'needs_person', 'done')
ORDER BY id FOR NO KEY UPDATE
"""
# A statement of its own, so that its snapshot is younger than the lock: of two that conclude at
# once, the second sees what the first one's transaction did.
# A refund that failed or came back is dealt with once nothing is owed any more: it was given back another way.
JUDGE = f"""
WITH money AS (
    SELECT r.cancellation_id AS id,
        bool_or(
            (r.state IN ('failed', 'bounced') AND (r.kind = 'void' OR o.to_give_back_minor > 0))
            OR (r.state = 'planned' AND r.method = 'manual')
            OR (r.state IN ('planned', 'unknown') AND r.tries >= {STUBBORN_TRIES})
        ) AS person,
        bool_or(r.state IN ('held', 'planned', 'sent', 'unknown')) AS going
    FROM refund r JOIN "order" o ON o.id = r.order_id
    WHERE r.cancellation_id = ANY(%(ids)s) GROUP BY 1
), words AS (
    SELECT m.cancellation_id AS id,
        bool_or(m.state IN ('failed', 'bounced')) AS person,
        bool_or(m.state IN ('held', 'planned', 'sending')) AS going
    FROM message m WHERE m.cancellation_id = ANY(%(ids)s) GROUP BY 1
), judged AS (
    SELECT c.id, c.concluded_at AS before,
        CASE WHEN money.person OR words.person THEN 'needs_person'
             WHEN money.going OR words.going THEN 'in_progress'
             ELSE 'done' END AS state
    FROM cancellation c LEFT JOIN money USING (id) LEFT JOIN words USING (id)
    WHERE c.id = ANY(%(ids)s)
)
UPDATE cancellation c SET state = j.state,
    concluded_at = CASE WHEN j.state = 'done' THEN coalesce(c.concluded_at, %(at)s) ELSE c.concluded_at END
FROM judged j WHERE j.id = c.id AND c.state <> j.state
RETURNING c.id, c.merchant_id, c.order_id, c.state, j.before
"""
GIVES_BACK = """
UPDATE cancellation c SET refund_minor = c.refund_minor + x.amount, due_on = coalesce(c.due_on, x.due_on),
    due_article = CASE WHEN c.due_on IS NULL THEN x.article ELSE c.due_article END
FROM jsonb_to_recordset(%s) AS x(id uuid, amount bigint, due_on date, article text) WHERE c.id = x.id
"""


@sql.verb
def conclude(*, cancellation_ids: Iterable[UUID], at: datetime) -> None:
    """This will bring the states of cancellations up to date with their refunds and messages.

    `cancellation.done` is recorded the first time one is done, and never again.
    """
    ids = sorted(set(cancellation_ids))
    locked = [row[0] for row in sql.tuples(LOCK, (ids,))] if ids else []
    if not locked:
        return
    record(
        event(
            kind="cancellation.done",
            merchant_id=row["merchant_id"],
            at=at,
            by="worker",
            order_id=row["order_id"],
            subject=("cancellation", row["id"]),
        )
        for row in sql.rows(JUDGE, {"ids": locked, "at": at})
        if row["state"] == "done" and row["before"] is None
    )


def gives_back(*, owed: Mapping[UUID, tuple[int, Clock]]) -> None:
    """This will add to what cancellations give back: captured money where a void was planned, and its clock."""
    rows = [
        {"id": id, "amount": amount, "due_on": clock.due_on, "article": clock.article}
        for id, (amount, clock) in owed.items()
    ]
    sql.execute(GIVES_BACK, (sql.json(rows),))
