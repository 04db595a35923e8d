"""The two ways in: a channel hands a message over, or a buyer answers one of our mails.

Neither makes a request of it: what a buyer wants is read and recorded by a person (AZ-7).
"""

import logging
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from countermand.correspondence import answering
from countermand.correspondence.outgoing import own_address
from countermand.orders.models import Order
from countermand.refusals import Refusal
from countermand.threads.actions import Kept, take_message
from countermand.threads.reading import Read, read_mail

log = logging.getLogger(__name__)


class Arrived(NamedTuple):
    """What became of a mail: the message that it is, or why it was left (`automatic`)."""

    kept: Kept | None
    ignored: str = ""


def hand_over(
    *,
    merchant_id: int,
    channel_id: UUID,
    number: str,
    text: str,
    source: str,
    sent_at: datetime | None,
    attachments: list[str],
    at: datetime,
) -> Kept:
    """This will keep a message that a channel handed over, under the order's number. Refuses `not_found`."""
    order = Order.of(merchant_id).filter(channel_id=channel_id, number=number).values_list("id", flat=True)
    order_id = order.first()
    if order_id is None:
        raise Refusal("not_found", "the channel has no such order", field="order")
    return take_message(
        merchant_id=merchant_id,
        order_id=order_id,
        text=text,
        via="webhook",
        source=f"hook:{channel_id}:{source}"[:128],
        sent_at=sent_at,
        attachments=attachments,
        by="channel",
        at=at,
    )


def arrive(*, raw: bytes, at: datetime, merchant_id: int | None = None, recipient: str = "") -> Arrived:
    """This will keep a buyer's mail with the order that its address names; an automatic one is left alone.

    `recipient`: the address by which the mail server took it, where that is known. `merchant_id`: only this merchant's.
    Refuses `mail_too_large`, `not_a_mail`, `unknown_address`.
    """
    mail = read_mail(raw)
    order = _order((recipient,) if recipient else mail.recipients, merchant_id)
    if mail.automatic or mail.sender == own_address().lower():
        log.info("a mail about order %s was left: nobody wrote it", order.id)
        return Arrived(None, "automatic")
    if not mail.text and not mail.attachments:
        return Arrived(None, "empty")
    return Arrived(_kept(order, mail, at))


def _order(recipients: tuple[str, ...], merchant_id: int | None) -> Order:
    for address in recipients:
        order_id = answering.order_of(address)
        if order_id is None:
            continue
        orders = Order.of(merchant_id) if merchant_id is not None else Order.across_merchants
        if found := orders.filter(id=order_id).first():
            return found
    raise Refusal("unknown_address", "no order's address is among the recipients")


def _kept(order: Order, mail: Read, at: datetime) -> Kept:
    return take_message(
        merchant_id=order.merchant_id,
        order_id=order.id,
        text=mail.text,
        via="mail",
        source=f"mail:{order.id}:{mail.identity[:64]}",
        attachments=mail.attachments,
        shortened=mail.shortened,
        known_sender=mail.sender == order.customer_email.strip().lower(),
        mail_id=mail.mail_id,
        by="buyer",
        at=at,
    )
