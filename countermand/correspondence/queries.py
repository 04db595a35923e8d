"""Questions about what was said to buyers."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject

from countermand.correspondence import outgoing, rendering
from countermand.correspondence.filling import Own
from countermand.correspondence.models import Contact, Letter, MailTemplate, Message
from countermand.correspondence.rendering import Mail, Sender
from countermand.correspondence.wording import wording
from countermand.orders.models import Order
from countermand.refusals import Refusal

LONGEST_LIST = 250


def contacts_of(*, merchant_id: int, order_id: UUID) -> list[Contact]:
    """This will list who spoke with the buyer of an order, newest first."""
    return list(Contact.of(merchant_id).filter(order_id=order_id).order_by("-at", "-id"))


def mails_to(*, merchant_id: int, to: str = "", limit: int = LONGEST_LIST) -> list[Message]:
    """This will list the kept mails of channels in test mode, newest first; `to` one address only."""
    kept = Message.of(merchant_id).filter(state="sent", order__channel__mode="test")
    if to:
        kept = kept.filter(recipient__iexact=to)
    return list(kept.order_by("-sent_at", "-id")[:limit])


def letters_to(*, merchant_id: int, to: str = "", limit: int = LONGEST_LIST) -> list[Letter]:
    """This will list the kept letters to colleagues about channels in test mode, newest first."""
    kept = Letter.of(merchant_id).filter(state="sent", stays=True)
    if to:
        kept = kept.filter(recipient__iexact=to)
    return list(kept.order_by("-sent_at", "-id")[:limit])


def undelivered(*, merchant_id: int, limit: int = LONGEST_LIST) -> list[Message]:
    """This will list the mails that did not go out and wait for a person, oldest first."""
    found = Message.of(merchant_id).filter(state="failed").select_related("order")
    return list(found.order_by("created_at", "id")[:limit])


def preview(
    *,
    merchant_id: int,
    order_id: UUID,
    facts: dict[str, Any],
    at: datetime,
    kind: str = "cancellation",
    language: str = "",
) -> Mail:
    """This will show a mail as the buyer of an order would get it now. Refuses `not_found`."""
    # The shop's own texts come along: a page that shows a mail asks much besides.
    texts = MailTemplate.of(merchant_id).filter(kind=kind)
    written = texts.values(text=JSONObject(language="language", subject="subject", body="body"))
    found = Order.of(merchant_id).select_related("channel", "merchant").annotate(own=ArraySubquery(written))
    order = found.filter(id=order_id).first()
    if order is None:
        raise Refusal("not_found")
    shop, spoken = order.merchant, language or order.customer_language
    own = {text["language"]: Own(text["subject"], text["body"]) for text in order.own}
    return rendering.preview(
        kind=kind,
        facts=facts,
        sender=Sender(shop.contact_name, shop.name, outgoing.answerable(shop.reply_to)),
        name=order.customer_name,
        language=spoken,
        on=at.astimezone(ZoneInfo(order.channel.timezone)).date(),
        own=own.get(wording(spoken).language),
    )
