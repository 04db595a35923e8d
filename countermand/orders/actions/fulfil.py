"""Units leave the house: a parcel is written down, and stock with it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from countermand import ids, sql
from countermand.events.record import event, record
from countermand.orders import permitted, requested, units
from countermand.orders.facts import LineFacts
from countermand.orders.models import Fulfilment
from countermand.orders.units import Units
from countermand.refusals import Refusal, fits
from countermand.stock import moves

# A suspicion holds what is still here: a fraud cancel that stands, or waits for a second person (SH-7, SH-12).
# Asked in SQL: these rooms stand above this one.
HELD_FOR_FRAUD = """
SELECT EXISTS (SELECT 1 FROM cancellation WHERE merchant_id = %(m)s AND order_id = %(order)s
        AND reason = 'fraud_suspected' AND state <> 'undone')
    OR EXISTS (SELECT 1 FROM approval WHERE merchant_id = %(m)s AND order_id = %(order)s
        AND state = 'waiting' AND ask ->> 'reason' = 'fraud_suspected')
"""

LENGTHS = {"reference": 64, "carrier": 100, "tracking": 200}


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """The parcel that stands now; `created` False when it had been written down before."""

    fulfilment: Fulfilment
    created: bool


@sql.verb
def fulfil(
    *, merchant_id: int, order_id: UUID, fulfilment: dict[str, Any], by: str, at: datetime
) -> Fulfilled:
    """This will write down that units of an order left: off the order, off hand, off allocation.

    `fulfilment` is docs/api.md's; without `lines` all that is open leaves, without `shipped_at` at `at`. The same reference
    with the same content is the same parcel; where it was not confirmed before, this confirms it (AZ-4).
    Refuses `not_found`, `not_verified_yet`, `not_accepted_yet`, `nothing_to_ship`, `quantity_too_large`,
    `invalid_lines`, `unknown_line`, `naive_time`, `text_too_long`, `fulfilment_exists` for a reference with other content, and
    `held_for_fraud` until somebody says `despite_fraud` (SH-7), `held_by_request` until `despite_request` (AZ-5).
    """
    order = units.locked(merchant_id=merchant_id, order_id=order_id)
    parcels = list(Fulfilment.of(merchant_id).filter(order_id=order_id))
    parcel = _read(fulfilment, order=order, position=len(parcels) + 1, at=at)
    known = next((one for one in parcels if one.reference == parcel.reference), None)
    if known is not None:
        return _again(order, known, parcel, by=by, at=at, named=bool(fulfilment.get("lines")))
    leaving = _leaving(order, parcel)
    if not fulfilment.get("despite_fraud"):
        _judge_fraud(merchant_id, order_id)
    if not fulfilment.get("despite_request"):
        requested.judge_shipping(order.requests, leaving, shipped_at=parcel.shipped_at)
    for line, quantity in leaving:
        line.shipped += quantity
    units.write(order, [line for line, _ in leaving])
    parcel.merchant_id = merchant_id
    parcel.save(force_insert=True)
    record([_event("order.fulfilled", parcel, by=by, at=at, units=sum(n for _, n in leaving))])
    moves.ship(
        merchant_id=merchant_id,
        moves=[
            {"order_id": order_id, "item_id": line.item_id, "quantity": quantity}
            for line, quantity in leaving
        ],
        by=by,
        at=at,
    )
    return Fulfilled(parcel, created=True)


def _read(body: dict[str, Any], *, order: Units, position: int, at: datetime) -> Fulfilment:
    for name, length in LENGTHS.items():
        fits(str(body.get(name) or ""), field=name, longest=length)
    lines = body.get("lines")
    if lines is None:
        lines = [{"line": line.reference, "quantity": line.open} for line in order.lines if line.open]
    elif not lines:
        raise Refusal("invalid_lines", "name what left, or no lines at all for everything", field="lines")
    named = units.wanted(lines, order.lines)
    return Fulfilment(
        id=ids.new(),
        order_id=order.order_id,
        reference=str(body.get("reference") or position),
        shipped_at=_instant(body.get("shipped_at") or at),
        confirmed=body.get("confirmed", True),
        carrier=body.get("carrier") or "",
        tracking=body.get("tracking") or "",
        lines=[{"line": line.reference, "quantity": quantity} for line, quantity in named],
    )


def _instant(value: str | datetime) -> datetime:
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    if instant.tzinfo is None:
        raise Refusal("naive_time", "a time carries its offset", field="shipped_at")
    return instant.astimezone(UTC)


def _again(
    order: Units, known: Fulfilment, parcel: Fulfilment, *, by: str, at: datetime, named: bool
) -> Fulfilled:
    # What was left to the default is not held against who sends the same thing again.
    same = not named or _units(known.lines) == _units(parcel.lines)
    if not same or (known.carrier, known.tracking) != (parcel.carrier, parcel.tracking):
        raise Refusal(
            "fulfilment_exists", f"parcel {known.reference} is there with other content", field="reference"
        )
    if parcel.confirmed and not known.confirmed:
        state = permitted.state_of(status=order.status, verification=order.verification, unconfirmed=True)
        permitted.judge(order.terms, state, "confirm_shipment")
        known.confirmed = True
        known.save(update_fields=["confirmed"])
        record([_event("order.shipment_confirmed", known, by=by, at=at)])
    return Fulfilled(known, created=False)


def _units(lines: list[dict[str, Any]]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for entry in lines:
        counted[str(entry["line"])] = counted.get(str(entry["line"]), 0) + entry["quantity"]
    return counted


def _leaving(order: Units, parcel: Fulfilment) -> list[tuple[LineFacts, int]]:
    state = permitted.state_of(status=order.status, verification=order.verification)
    permitted.judge(order.terms, state, "fulfil")
    leaving = units.wanted(parcel.lines, order.lines)
    if not leaving:
        raise Refusal("nothing_to_ship", "no unit is open")
    for i, (line, quantity) in enumerate(leaving):
        if not line.open:
            raise Refusal(
                "nothing_to_ship", f"no unit of line {line.reference} is open", field=f"lines.{i}.line"
            )
        if quantity > line.open:
            raise Refusal("quantity_too_large", f"{line.open} open", field=f"lines.{i}.quantity")
    return leaving


def _judge_fraud(merchant_id: int, order_id: UUID) -> None:
    if sql.tuples(HELD_FOR_FRAUD, {"m": merchant_id, "order": order_id})[0][0]:
        raise Refusal(
            "held_for_fraud",
            "fraud is suspected: not to be shipped; say despite_fraud once somebody has looked",
            field="despite_fraud",
        )


def _event(kind: str, parcel: Fulfilment, *, by: str, at: datetime, **facts: Any) -> dict[str, Any]:
    return event(
        kind=kind,
        merchant_id=parcel.merchant_id,
        at=at,
        by=by,
        order_id=parcel.order_id,
        subject=("fulfilment", parcel.id),
        confirmed=parcel.confirmed,
        **facts,
    )
