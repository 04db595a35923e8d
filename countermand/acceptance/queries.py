"""What was decided about sales, and until when they are to be decided."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.acceptance import rules
from countermand.acceptance.models import AwaitedSale, DecidedLine
from countermand.orders.facts import LineFacts, OrderFacts
from countermand.stock.models import Item

ACCEPTED = """
SELECT k.line_id, sum(k.quantity)::int FROM decided_line k JOIN decision d ON d.id = k.decision_id
WHERE d.merchant_id = %s AND d.order_id = %s AND d.verdict = 'accepted' AND d.state <> 'failed' GROUP BY 1
"""
REFUSED = """
SELECT k.line_id, sum(k.quantity)::int FROM decided_line k JOIN decision d ON d.id = k.decision_id
WHERE d.merchant_id = %s AND d.order_id = %s AND d.verdict = 'refused' GROUP BY 1
"""

LATER = """
SELECT l.item_id, sum(l.quantity - l.cancelled - l.shipped)::int
FROM order_line l JOIN "order" o ON o.id = l.order_id
WHERE l.merchant_id = %(m)s AND l.item_id = ANY(%(items)s) AND l.quantity > l.cancelled + l.shipped
    AND (o.placed_at, o.id) > (%(at)s, %(order)s) GROUP BY 1
"""


def accepted_units(*, merchant_id: int, order_id: UUID) -> dict[UUID, int]:
    """This will say how many units of which line were accepted: line id -> units."""
    return dict(sql.tuples(ACCEPTED, (merchant_id, order_id)))


def refused_units(*, merchant_id: int, order_id: UUID) -> dict[UUID, int]:
    """This will say how many units of which line were refused: line id -> units."""
    return dict(sql.tuples(REFUSED, (merchant_id, order_id)))


def refused_at(*, merchant_id: int, order_id: UUID, line_id: UUID) -> datetime | None:
    """This will say when units of a line were refused last; None where none were."""
    refusals = DecidedLine.of(merchant_id).filter(line_id=line_id, decision__verdict="refused")
    of_order = refusals.filter(decision__order_id=order_id)
    return of_order.order_by("-decision__at").values_list("decision__at", flat=True).first()


def decide_by(*, merchant_id: int, order_id: UUID) -> datetime | None:
    """This will say until when a sale is to be decided; None where nothing ends or nothing waits."""
    waiting = AwaitedSale.of(merchant_id).filter(order_id=order_id, over_at=None)
    return waiting.values_list("decide_by", flat=True).first()


def shelf(
    *, merchant_id: int, order: OrderFacts, lines: Sequence[LineFacts], accepted: Mapping[UUID, int]
) -> dict[str, int | None]:
    """This will say how many units there are for each line's undecided ones: line reference -> units, None: not counted.

    Oldest sales are served first, and several lines of one article in their order: a later sale takes nothing from this one.
    """
    own: dict[UUID, int] = {}
    for line in lines:
        own[line.item_id] = own.get(line.item_id, 0) + line.open - accepted.get(line.id, 0)
    params = {"m": merchant_id, "items": list(own), "at": order.placed_at, "order": order.id}
    later = dict(sql.tuples(LATER, params))
    left = {
        item.id: rules.available(
            on_hand=item.on_hand,
            allocated=item.allocated,
            own=own[item.id] + later.get(item.id, 0),
            unavailable=item.unavailable_until is not None or not item.active,
        )
        for item in Item.of(merchant_id).filter(id__in=list(own))
    }
    found: dict[str, int | None] = {}
    for line in lines:
        there = left[line.item_id]
        found[line.reference] = there
        if there is not None:
            left[line.item_id] = max(0, there - max(0, line.open - accepted.get(line.id, 0)))
    return found
