"""Cancellations whose story is over although nobody has said so: a process died in between."""

from uuid import UUID

from countermand import sql

UNFINISHED = """
SELECT c.id FROM cancellation c
WHERE c.state IN ('in_progress', 'needs_person')
    AND NOT EXISTS (SELECT FROM refund r WHERE r.cancellation_id = c.id
        AND r.state IN ('held', 'planned', 'sent', 'unknown'))
    AND NOT EXISTS (SELECT FROM refund r WHERE r.cancellation_id = c.id
        AND r.state IN ('failed', 'bounced') AND c.state = 'needs_person')
    AND NOT EXISTS (SELECT FROM message m WHERE m.cancellation_id = c.id
        AND (m.state IN ('held', 'planned', 'sending')
            OR (m.state IN ('failed', 'bounced') AND c.state = 'needs_person')))
LIMIT %s
"""


def unfinished(*, limit: int = 500) -> list[UUID]:
    """This will find cancellations that wait for nothing any more and are not concluded: conclude them."""
    return [row[0] for row in sql.tuples(UNFINISHED, (limit,))]
