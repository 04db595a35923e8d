"""Verbs on documents: nothing changes one; it can be sent, as often as the buyer asks."""

from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.correspondence.models import Message
from countermand.documents.queries import issued
from countermand.events.ping import ping
from countermand.events.record import event, record
from countermand.payments import ledger as ledgers
from countermand.refusals import Refusal

ON_ITS_WAY = ("planned", "sending")


@sql.verb
def send_document(*, merchant_id: int, document_id: UUID, by: str, at: datetime) -> Message:
    """This will plan a mail to the buyer with the document as a PDF; one that is on its way already stands for it.

    Refuses `not_found`, `not_issued`, `address_missing` where the order has no e-mail address.
    """
    document = issued(merchant_id=merchant_id, document_id=document_id)
    if not document.order.customer_email.strip():
        raise Refusal("address_missing", "the order has no e-mail address")
    # Two buttons at once are one mail: the second waits here and finds the first one's.
    ledgers.lock(merchant_id=merchant_id, order_ids=[document.order_id])
    before = Message.of(merchant_id).filter(
        order_id=document.order_id, kind="document", state__in=ON_ITS_WAY, facts__document=str(document_id)
    )
    if going := before.first():
        return going
    message = Message.across_merchants.create(
        merchant_id=merchant_id,
        order_id=document.order_id,
        kind="document",
        facts={
            "document": str(document_id),
            "about": document.kind,
            "label": document.label,
            "number": document.order.number,
            "currency": document.currency,
            "amount_minor": document.amount_minor,
        },
        state="planned",
        not_before=at,
        created_at=at,
    )
    planned = event(
        kind="message.planned",
        merchant_id=merchant_id,
        at=at,
        by=by,
        order_id=document.order_id,
        subject=("message", message.id),
        about="document",
    )
    record([planned])
    ping()
    return message
