"""What staff write on an order for each other."""

from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.events.record import event, record
from countermand.orders.models import Note, Order
from countermand.refusals import Refusal, fits


@sql.verb
def add_note(*, merchant_id: int, order_id: UUID, text: str, by: str, at: datetime) -> Note:
    """This will write a note on an order; the history says that there is one, never what it says.

    Refuses `not_found`, `text_required`, `text_too_long`.
    """
    if not text.strip():
        raise Refusal("text_required", "a note says something", field="text")
    fits(text, field="text")
    if not Order.of(merchant_id).filter(id=order_id).exists():
        raise Refusal("not_found", "no such order")
    note = Note.across_merchants.create(merchant_id=merchant_id, order_id=order_id, text=text, by=by, at=at)
    subject = ("note", note.id)
    record(
        [event(kind="order.noted", merchant_id=merchant_id, at=at, by=by, order_id=order_id, subject=subject)]
    )
    return note
