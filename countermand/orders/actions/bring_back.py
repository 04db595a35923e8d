"""A parcel whose shipment was never confirmed is back: its units are as if they had never left (AZ-4)."""

from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.events.record import event, record
from countermand.orders import units
from countermand.orders.models import Fulfilment
from countermand.refusals import Refusal
from countermand.stock import moves


@sql.verb
def bring_back(*, merchant_id: int, order_id: UUID, fulfilment_id: UUID, by: str, at: datetime) -> Fulfilment:
    """This will take an unconfirmed parcel's units back onto the order: open, on hand, and promised to it again.

    Refuses `not_found`, `shipment_confirmed` (that is a return), `parcel_back` for one that is home already.
    """
    order = units.locked(merchant_id=merchant_id, order_id=order_id)
    parcel = Fulfilment.of(merchant_id).filter(order_id=order_id, id=fulfilment_id).first()
    if parcel is None:
        raise Refusal("not_found", "no such parcel")
    if parcel.confirmed:
        raise Refusal("shipment_confirmed", "its shipment was confirmed: take it back as a return")
    if parcel.back_at is not None:
        raise Refusal("parcel_back", "this parcel is back already")
    home = units.wanted(parcel.lines, order.lines)
    for line, quantity in home:
        line.shipped -= quantity
    parcel.back_at, parcel.received_at = at, None
    parcel.save(update_fields=["back_at", "received_at"])
    units.write(order, [line for line, _ in home])
    record(
        [
            event(
                kind="order.parcel_back",
                merchant_id=merchant_id,
                at=at,
                by=by,
                order_id=order_id,
                subject=("fulfilment", parcel.id),
                units={line.reference: quantity for line, quantity in home},
            )
        ]
    )
    moves.unship(
        merchant_id=merchant_id,
        moves=[
            {"order_id": order_id, "item_id": line.item_id, "quantity": quantity} for line, quantity in home
        ],
        by=by,
        at=at,
    )
    return parcel
