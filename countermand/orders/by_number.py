"""Orders found by what a file knows of them: their channel and their number. One statement for any count."""

from collections.abc import Mapping
from dataclasses import dataclass
from json import loads
from uuid import UUID

from countermand import sql

FIND = """
SELECT asked.channel_id, asked.number, o.id, CASE WHEN asked.with_lines THEN (
    SELECT jsonb_agg(jsonb_build_array(l.reference, l.sku, l.quantity - l.cancelled - l.shipped) ORDER BY l.position)
    FROM order_line l WHERE l.order_id = o.id) END
FROM unnest(%(channels)s::uuid[], %(numbers)s::text[], %(lines)s::boolean[]) AS asked(channel_id, number, with_lines)
JOIN "order" o ON o.merchant_id = %(m)s AND o.channel_id = asked.channel_id AND o.number = asked.number
"""


@dataclass(slots=True)
class KnownLine:
    """A line as it stood when it was looked up; `open` units could still be called off."""

    reference: str
    sku: str
    open: int


@dataclass(slots=True)
class KnownOrder:
    """An order as it stood when it was looked up; `lines` is empty where they were not asked for."""

    id: UUID
    lines: list[KnownLine]


def find_by_number(
    *, merchant_id: int, wanted: Mapping[tuple[UUID, str], bool]
) -> dict[tuple[UUID, str], KnownOrder]:
    """This will find orders by (channel id, number), with their lines where the mapping says True.

    Nothing is locked: what is decided on it is judged again under the order's lock.
    """
    if not wanted:
        return {}
    found = sql.tuples(
        FIND,
        {
            "m": merchant_id,
            "channels": [channel for channel, _ in wanted],
            "numbers": [number for _, number in wanted],
            "lines": list(wanted.values()),
        },
    )
    return {
        (channel, number): KnownOrder(order, [KnownLine(*line) for line in loads(lines)] if lines else [])
        for channel, number, order, lines in found
    }
