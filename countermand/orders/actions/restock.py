"""Cancelled or returned units are put back on sale by hand (SH-8), each once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.events.record import event, record
from countermand.orders import units
from countermand.orders.facts import LineFacts
from countermand.orders.units import Units
from countermand.refusals import Refusal
from countermand.stock import moves

# Asked in SQL, since the room of cancellations stands above this one. What may still be undone must
# not be on sale again: the undo would take units back that somebody has bought meanwhile.
UNDOABLE = """
SELECT k.line_id, sum(k.quantity - k.restocked)::int
FROM cancellation c JOIN cancelled_line k ON k.cancellation_id = c.id
WHERE c.merchant_id = %s AND c.order_id = %s AND c.state = 'held' GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Restocked:
    """How many units of a line went back on sale."""

    line: str
    sku: str
    quantity: int


@sql.verb
def restock(
    *, merchant_id: int, order_id: UUID, lines: Sequence[dict[str, Any]] | None, by: str, at: datetime
) -> list[Restocked]:
    """This will put cancelled or returned units on sale again; without `lines` all that were not yet.

    Articles kept without stock have nothing to put back, nor has a cancellation that may still be undone. Refuses `not_found`, `invalid_lines`,
    `unknown_line`, `invalid_quantity`, `nothing_to_restock`, and `quantity_too_large` beyond what is left of a line.
    """
    order = units.locked(merchant_id=merchant_id, order_id=order_id)
    left = _left(merchant_id, order)
    if lines is not None:
        if not lines:
            raise Refusal("invalid_lines", "name what goes back, or no lines at all for all", field="lines")
        back = units.wanted(lines, order.lines)
    else:
        back = [(line, left[line.id]) for line in order.lines if left[line.id]]
    _judge(back, left)
    for line, quantity in back:
        line.restocked += quantity
    units.write(order, [line for line, _ in back])
    record(
        [
            event(
                kind="stock.restocked",
                merchant_id=merchant_id,
                at=at,
                by=by,
                order_id=order_id,
                subject=("item", line.item_id),
                line=line.reference,
                quantity=quantity,
            )
            for line, quantity in back
        ]
    )
    moves.put_back(
        merchant_id=merchant_id,
        moves=[
            {"order_id": order_id, "item_id": line.item_id, "quantity": quantity} for line, quantity in back
        ],
        by=by,
        at=at,
    )
    return [Restocked(line.reference, line.sku, quantity) for line, quantity in back]


def _left(merchant_id: int, order: Units) -> dict[UUID, int]:
    """How many units of each line may still be put back on sale."""
    undoable = dict(sql.tuples(UNDOABLE, (merchant_id, order.order_id)))
    return {
        line.id: max(0, line.gone - line.restocked - undoable.get(line.id, 0)) if line.tracked else 0
        for line in order.lines
    }


def _judge(back: list[tuple[LineFacts, int]], left: dict[UUID, int]) -> None:
    if not back:
        raise Refusal("nothing_to_restock", "no unit was cancelled or returned that is not back on sale")
    for i, (line, quantity) in enumerate(back):
        if not left[line.id]:
            detail = f"no unit of line {line.reference} is left to put back"
            raise Refusal("nothing_to_restock", detail, field=f"lines.{i}.line")
        if quantity > left[line.id]:
            raise Refusal("quantity_too_large", f"{left[line.id]} to put back", field=f"lines.{i}.quantity")
