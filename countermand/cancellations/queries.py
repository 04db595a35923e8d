"""Questions about cancellations."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from countermand import sql

DONE = """
SELECT source, id, refund_minor, currency FROM cancellation WHERE merchant_id = %(m)s AND source = ANY(%(sources)s)
UNION ALL
SELECT r.source, c.id, r.amount_minor, c.currency
FROM cancellation_row r JOIN cancellation c ON c.id = r.cancellation_id
WHERE r.merchant_id = %(m)s AND r.source = ANY(%(sources)s)
"""


@dataclass(frozen=True, slots=True)
class AlreadyDone:
    """The cancellation that a file row made before, and what went back for that row."""

    id: UUID
    refund_minor: int
    currency: str


def done_by_source(*, merchant_id: int, sources: Sequence[str]) -> dict[str, AlreadyDone]:
    """This will say which file rows were done before: identity -> what it made."""
    if not sources:
        return {}
    found = sql.tuples(DONE, {"m": merchant_id, "sources": list(sources)})
    return {source: AlreadyDone(*rest) for source, *rest in found}
