"""The merchant's own texts for mails: kept per kind and language, put back to ours by deleting the row."""

from datetime import date, datetime
from typing import Any

from countermand import sql
from countermand.correspondence import outgoing, rendering
from countermand.correspondence.filling import Own, checked, default
from countermand.correspondence.models import MailTemplate, Message
from countermand.correspondence.rendering import Mail, Sender
from countermand.correspondence.wording import wording
from countermand.merchants.company import locked
from countermand.merchants.history import tell
from countermand.merchants.models import Merchant
from countermand.refusals import Refusal

# The kinds whose text a merchant may write, in the order in which buyers meet them.
KINDS = ("cancellation", "refund")
LANGUAGES = ("fr", "en")


@sql.verb
def write_template(
    *, merchant_id: int, kind: str, language: str, subject: str, body: str, by: str, at: datetime
) -> MailTemplate:
    """This will keep a merchant's text for one kind of mail. Refuses `unknown_template` and what `checked` refuses."""
    _known(kind, language)
    own = checked(own=Own(subject, body), kind=kind)
    # Two at once, or one that drops it: a row that comes and goes is neither found nor new.
    locked(merchant_id)
    found, _made = MailTemplate.across_merchants.update_or_create(
        merchant_id=merchant_id,
        kind=kind,
        language=language,
        defaults={"subject": own.subject, "body": own.body, "changed_at": at},
    )
    about = ("template", found.id)
    tell("template.changed", merchant_id=merchant_id, by=by, at=at, about=about, mail=kind, language=language)
    return found


@sql.verb
def drop_template(*, merchant_id: int, kind: str, language: str, by: str, at: datetime) -> None:
    """This will let our own text hold again; where it holds already, nothing happens."""
    _known(kind, language)
    locked(merchant_id)
    gone, _ = MailTemplate.of(merchant_id).filter(kind=kind, language=language).delete()
    if gone:
        about = ("template", None)
        tell(
            "template.dropped",
            merchant_id=merchant_id,
            by=by,
            at=at,
            about=about,
            mail=kind,
            language=language,
        )


def own_text(*, merchant_id: int, kind: str, language: str) -> Own | None:
    """This will give the merchant's text for a buyer's language, None where ours holds."""
    spoken = wording(language).language
    found = MailTemplate.of(merchant_id).filter(kind=kind, language=spoken).first()
    return Own(found.subject, found.body) if found else None


def texts_of(*, merchant_id: int) -> dict[tuple[str, str], MailTemplate]:
    """This will give all of a merchant's own texts by kind and language."""
    return {(found.kind, found.language): found for found in MailTemplate.of(merchant_id)}


def tried(
    *, merchant_id: int, kind: str, language: str, own: Own | None, number: str = "", on: date
) -> tuple[Mail, str]:
    """This will fill a text from a real mail of this kind (that of an order, else the latest), or from a made-up one.

    Says of which order; "" for the made-up one. Refuses what `checked` refuses, `not_found` for an order without mail.
    """
    _known(kind, language)
    text = checked(own=own or default(kind=kind, language=language), kind=kind)
    mails = Message.of(merchant_id).filter(kind=kind).select_related("order").order_by("-created_at", "-id")
    found = (mails.filter(order__number=number) if number else mails).first()
    if found is None and number:
        raise Refusal("not_found", "this order has no such mail", field="number")
    shop = Merchant.objects.get(id=merchant_id)
    facts: dict[str, Any] = found.facts if found else MADE_UP
    mail = rendering.preview(
        kind=kind,
        facts=facts,
        sender=Sender(shop.contact_name, shop.name, outgoing.answerable(shop.reply_to)),
        name=found.order.customer_name if found else "Ana Martin",
        language=language,
        on=on,
        own=text,
    )
    return mail, found.order.number if found else ""


def _known(kind: str, language: str) -> None:
    if kind not in KINDS or language not in LANGUAGES:
        raise Refusal("not_found", "no such mail")


MADE_UP: dict[str, Any] = {
    "number": "1001",
    "currency": "EUR",
    "reason": "out_of_stock",
    "when": "now",
    "whole": False,
    "message": "",
    "refund_minor": 2126,
    "lines": [{"title": "Mug bleu", "sku": "MUG-BLEU", "quantity": 2, "amount_minor": 2126}],
    "remaining": [{"title": "Mug bleu", "sku": "MUG-BLEU", "quantity": 1}],
    "methods": [{"how": "original", "method": "card", "amount_minor": 2126, "kind": "refund"}],
}
