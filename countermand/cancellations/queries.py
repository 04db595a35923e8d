"""Questions about cancellations."""

from collections.abc import Sequence
from dataclasses import dataclass
from json import loads
from uuid import UUID

from countermand import sql

DONE = """
SELECT source, id, refund_minor, currency FROM cancellation WHERE merchant_id = %(m)s AND source = ANY(%(sources)s)
UNION ALL
SELECT r.source, c.id, r.amount_minor, c.currency
FROM cancellation_row r JOIN cancellation c ON c.id = r.cancellation_id
WHERE r.merchant_id = %(m)s AND r.source = ANY(%(sources)s)
"""

# Never called off: what is left of a line when all that any cancellation took, undone ones too, is taken off. A
# parcel that came back unshipped opens units again, so such an order says nothing about what was left then.
MADE = """
WITH found AS (
    SELECT source, id, order_id, true AS alone FROM cancellation
    WHERE merchant_id = %(m)s AND source = ANY(%(sources)s)
    UNION ALL
    SELECT r.source, c.id, c.order_id, false FROM cancellation_row r JOIN cancellation c ON c.id = r.cancellation_id
    WHERE r.merchant_id = %(m)s AND r.source = ANY(%(sources)s)
)
SELECT f.source, o.number, f.alone, (
    SELECT jsonb_agg(jsonb_build_array(l.reference, l.sku, x.here, CASE WHEN EXISTS (
        SELECT FROM fulfilment p WHERE p.order_id = o.id AND p.back_at IS NOT NULL
    ) THEN 0 ELSE greatest(0, l.quantity - l.shipped - x.ever) END))
    FROM order_line l CROSS JOIN LATERAL (
        SELECT coalesce(sum(quantity), 0) AS ever,
            coalesce(sum(quantity) FILTER (WHERE cancellation_id = f.id), 0) AS here
        FROM cancelled_line WHERE line_id = l.id
    ) x
    WHERE l.order_id = o.id
)
FROM found f JOIN "order" o ON o.id = f.order_id
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


@dataclass(frozen=True, slots=True)
class MadeLine:
    """A line of an order: `quantity` units that one cancellation took, `left` that none ever did."""

    reference: str
    sku: str
    quantity: int
    left: int


@dataclass(frozen=True, slots=True)
class Made:
    """What a file row took part in: `order` is the number; not `alone`: other rows of its file took part too."""

    order: str
    alone: bool
    lines: tuple[MadeLine, ...]


def made_by_source(*, merchant_id: int, sources: Sequence[str]) -> dict[str, Made]:
    """This will say what file rows that were done called off: identity -> order and its lines."""
    if not sources:
        return {}
    found = sql.tuples(MADE, {"m": merchant_id, "sources": list(sources)})
    return {
        source: Made(number, alone, tuple(MadeLine(*line) for line in loads(lines) or ()))
        for source, number, alone, lines in found
    }
