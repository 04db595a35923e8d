"""Verbs of correspondence: a contact is logged, a mail that failed is sent again."""

from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.channels.presets import effective
from countermand.correspondence.models import CONTACT_OUTCOMES, Contact, Message
from countermand.events.following import follow
from countermand.events.ping import ping
from countermand.events.record import event, record
from countermand.lifecycle import MESSAGE, sources
from countermand.orders import permitted
from countermand.orders.models import Order
from countermand.refusals import Refusal, fits

CONTACT_MEANS = ("phone", "email", "counter")


@sql.verb
def log_contact(
    *,
    merchant_id: int,
    order_id: UUID,
    by_means: str,
    outcome: str,
    note: str = "",
    call_again_at: datetime | None = None,
    by: str,
    at: datetime,
) -> Contact:
    """This will write down that somebody spoke with the buyer (EM-2).

    Refuses `unknown_means`, `unknown_outcome`, `text_too_long`, `not_found`, `not_verified_yet`. Changes nothing of the
    order, so it takes no lock and no plan made before it is out of date.
    """
    if by_means not in CONTACT_MEANS:
        raise Refusal("unknown_means", f"one of {', '.join(CONTACT_MEANS)}", field="by")
    if outcome not in CONTACT_OUTCOMES:
        raise Refusal("unknown_outcome", f"one of {', '.join(CONTACT_OUTCOMES)}", field="outcome")
    fits(note, field="note")
    order = Order.of(merchant_id).select_related("channel").filter(id=order_id).first()
    if order is None:
        raise Refusal("not_found")
    state = permitted.state_of(status=order.status, verification=order.verification)
    permitted.judge(effective(order.channel.terms, order.channel.overrides), state, "contact")
    contact = Contact.of(merchant_id).create(
        merchant_id=merchant_id,
        order_id=order_id,
        by_means=by_means,
        outcome=outcome,
        note=note,
        call_again_at=call_again_at,
        by=by,
        at=at,
    )
    logged = event(
        kind="contact.logged",
        merchant_id=merchant_id,
        at=at,
        by=by,
        order_id=order_id,
        subject=("contact", contact.id),
        by_means=by_means,
        outcome=outcome,
    )
    record([logged])
    return contact


@sql.verb
def send_again(*, merchant_id: int, message_id: UUID, by: str, at: datetime) -> Message:
    """This will plan a mail that failed once more, from the same facts, to the order's address as it is now.

    Refuses `not_found`, `not_retryable` for a mail that did not fail.
    """
    message = Message.of(merchant_id).select_for_update().filter(id=message_id).first()
    if message is None:
        raise Refusal("not_found")
    if message.state != "failed" or message.state not in sources(MESSAGE, "planned"):
        raise Refusal("not_retryable", "only a mail that failed is sent again")
    message.state, message.tries, message.not_before, message.error = "planned", 0, at, ""
    message.save(update_fields=["state", "tries", "not_before", "error"])
    planned = event(
        kind="message.planned",
        merchant_id=merchant_id,
        at=at,
        by=by,
        order_id=message.order_id,
        subject=("message", message.id),
        about=message.kind,
    )
    record([planned])
    if message.cancellation_id is not None:
        follow("messages.moved", cancellation_ids=[message.cancellation_id], at=at)
    ping()
    return message
