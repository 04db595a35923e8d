"""The buyer says to have a parcel, or that it never came: the clocks that run from there are right."""

from datetime import UTC, datetime
from uuid import UUID

from countermand import sql
from countermand.events.record import event, record
from countermand.orders import units
from countermand.orders.models import Fulfilment
from countermand.refusals import AHEAD, Refusal

# Clocks of two machines differ a little.


@sql.verb
def say_received(
    *, merchant_id: int, order_id: UUID, reference: str, received_at: datetime | None, by: str, at: datetime
) -> Fulfilment:
    """This will write down since when the buyer has a parcel; None: not after all. The same again is nothing new.

    Refuses `not_found`, `unknown_parcel`, `parcel_back`, `naive_time`, `in_future`, `before_shipment`.
    Source: docs/terms (the 15 days in which Rakuten lets a merchant write).
    """
    units.locked(merchant_id=merchant_id, order_id=order_id)
    parcel = Fulfilment.of(merchant_id).filter(order_id=order_id, reference=reference).first()
    if parcel is None:
        raise Refusal("unknown_parcel", "no such parcel", field="parcel")
    since = _judged(parcel, received_at, at=at)
    if parcel.received_at == since:
        return parcel
    parcel.received_at = since
    parcel.save(update_fields=["received_at"])
    record(
        [
            event(
                kind="order.parcel_received" if since else "order.parcel_not_received",
                merchant_id=merchant_id,
                at=at,
                by=by,
                order_id=order_id,
                subject=("fulfilment", parcel.id),
                **({"received_at": since.isoformat()} if since else {}),
            )
        ]
    )
    return parcel


def _judged(parcel: Fulfilment, received_at: datetime | None, *, at: datetime) -> datetime | None:
    if parcel.back_at is not None:
        raise Refusal("parcel_back", "this parcel came back: nobody received it")
    if received_at is None:
        return None
    if received_at.tzinfo is None:
        raise Refusal("naive_time", "a time carries its offset", field="received_at")
    if received_at > at + AHEAD:
        raise Refusal("in_future", "it cannot have come after now", field="received_at")
    if received_at < parcel.shipped_at:
        raise Refusal("before_shipment", "it cannot have come before it left", field="received_at")
    return received_at.astimezone(UTC)
