"""What is done with an order besides calling it off: parcels, stock put back, contacts, notes."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand.api.bearer import bearer_of, may
from countermand.api.identities import identity
from countermand.api.once import once
from countermand.api.schemas import answers
from countermand.api.schemas.work import ContactBody, NoteBody, ParcelBody, ReceivedBody, RestocksBody
from countermand.correspondence.actions import log_contact
from countermand.orders.actions.fulfil import fulfil
from countermand.orders.actions.notes import add_note
from countermand.orders.actions.received import say_received
from countermand.orders.actions.restock import restock
from countermand.orders.models import Fulfilment

router = Router(tags=["orders"])


@router.post(
    "/orders/{order_id}/fulfilments",
    auth=may("intake"),
    response={201: answers.ParcelAnswer, 200: answers.ParcelAnswer},
)
def post_fulfilment(request: HttpRequest, order_id: str, body: ParcelBody) -> HttpResponse:
    """This will write down that units left: 201, or 200 for a parcel that was written down before."""
    bearer, order = bearer_of(request), identity(order_id, of="order")

    def work() -> tuple[int, Any]:
        fulfilled = fulfil(
            merchant_id=bearer.merchant_id,
            order_id=order,
            fulfilment=body.given(),
            by=bearer.by,
            at=datetime.now(UTC),
        )
        return 201 if fulfilled.created else 200, _parcel(fulfilled.fulfilment)

    return once(request, work)


@router.post(
    "/orders/{order_id}/fulfilments/{reference}/received",
    auth=may("contact"),
    response=answers.ParcelAnswer,
)
def post_received(request: HttpRequest, order_id: str, reference: str, body: ReceivedBody) -> HttpResponse:
    """This will write down since when the buyer has a parcel; the same again is nothing new."""
    at = datetime.now(UTC)
    return _received(request, order_id, reference, body.received_at or at, at)


@router.delete(
    "/orders/{order_id}/fulfilments/{reference}/received",
    auth=may("contact"),
    response=answers.ParcelAnswer,
)
def delete_received(request: HttpRequest, order_id: str, reference: str) -> HttpResponse:
    """This will take back that the buyer has a parcel: it has not come after all."""
    return _received(request, order_id, reference, None, datetime.now(UTC))


def _received(
    request: HttpRequest, order_id: str, reference: str, received_at: datetime | None, at: datetime
) -> HttpResponse:
    bearer, order = bearer_of(request), identity(order_id, of="order")

    def work() -> tuple[int, Any]:
        parcel = say_received(
            merchant_id=bearer.merchant_id,
            order_id=order,
            reference=reference,
            received_at=received_at,
            by=bearer.by,
            at=at,
        )
        return 200, _parcel(parcel)

    return once(request, work)


def _parcel(parcel: Fulfilment) -> dict[str, Any]:
    names = ("reference", "confirmed", "carrier", "tracking", "lines")
    return {
        "id": str(parcel.id),
        "order_id": str(parcel.order_id),
        **{name: getattr(parcel, name) for name in names},
        "shipped_at": parcel.shipped_at.isoformat(),
        "received_at": parcel.received_at.isoformat() if parcel.received_at else None,
    }


@router.post("/orders/{order_id}/restocks", auth=may("stock"), response={201: answers.RestocksAnswer})
def post_restock(request: HttpRequest, order_id: str, body: RestocksBody) -> HttpResponse:
    """This will put cancelled or returned units on sale again, once each."""
    bearer, order = bearer_of(request), identity(order_id, of="order")
    lines = None if body.lines is None else [one.model_dump() for one in body.lines]

    def work() -> tuple[int, Any]:
        back = restock(
            merchant_id=bearer.merchant_id, order_id=order, lines=lines, by=bearer.by, at=datetime.now(UTC)
        )
        units = [{"line": one.line, "sku": one.sku, "quantity": one.quantity} for one in back]
        return 201, {"order_id": str(order), "restocked": units}

    return once(request, work)


@router.post("/orders/{order_id}/contacts", auth=may("contact"), response={201: answers.ContactAnswer})
def post_contact(request: HttpRequest, order_id: str, body: ContactBody) -> HttpResponse:
    """This will write down that somebody spoke with the buyer."""
    bearer, order = bearer_of(request), identity(order_id, of="order")

    def work() -> tuple[int, Any]:
        contact = log_contact(
            merchant_id=bearer.merchant_id,
            order_id=order,
            by_means=body.by,
            outcome=body.outcome,
            note=body.note or "",
            call_again_at=body.call_again_at,
            by=bearer.by,
            at=datetime.now(UTC),
        )
        again = contact.call_again_at
        return 201, {
            "id": str(contact.id),
            "order_id": str(order),
            "by": contact.by_means,
            "outcome": contact.outcome,
            "note": contact.note,
            "call_again_at": again.isoformat() if again else None,
            "who": contact.by,
            "at": contact.at.isoformat(),
        }

    return once(request, work)


@router.post("/orders/{order_id}/notes", auth=may("contact"), response={201: answers.NoteAnswer})
def post_note(request: HttpRequest, order_id: str, body: NoteBody) -> HttpResponse:
    """This will write a note on an order, for staff."""
    bearer, order = bearer_of(request), identity(order_id, of="order")

    def work() -> tuple[int, Any]:
        note = add_note(
            merchant_id=bearer.merchant_id,
            order_id=order,
            text=body.text,
            by=bearer.by,
            at=datetime.now(UTC),
        )
        return 201, {
            "id": str(note.id),
            "order_id": str(order),
            "text": note.text,
            "by": note.by,
            "at": note.at.isoformat(),
        }

    return once(request, work)
