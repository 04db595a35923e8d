"""Letters to a merchant whose orders the platform will call off: one for all that are near, with links."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from babel.dates import format_date
from django.conf import settings

from countermand.correspondence.blocks import Block, Items, Paragraph, as_text, one_line
from countermand.correspondence.letters import write_letter
from countermand.correspondence.page import as_html
from countermand.correspondence.rendering import Mail
from countermand.merchants.models import Member, Merchant

KIND = "overdue"
READERS = ("owner", "manager")
MOST = 50
PHRASES = {
    "fr": {
        "subject.one": "Commande {number} : à expédier avant le {on} au soir",
        "subject.many": "{n} commandes à expédier avant le {on} au soir",
        "warning": "Sans expédition confirmée au soir du jour indiqué, la plateforme peut annuler d'office. "
        "L'annulation compte alors dans votre taux.",
        "do": "Expédiez et confirmez, ou annulez vous-même ce que vous ne pouvez pas envoyer.",
        "orders": "Commandes",
        "by": "au plus tard le {on}",
        "more": "Et {n} autres.",
        "open": "Les voir :\n{link}",
        "unsent": "Votre commande n'a pas été expédiée à temps : elle est annulée.",
    },
    "en": {
        "subject.one": "Order {number}: to be shipped by the evening of {on}",
        "subject.many": "{n} orders to be shipped by the evening of {on}",
        "warning": "Without a confirmed shipment by the evening of the day given, the platform may cancel by itself. "
        "The cancellation then counts in your rate.",
        "do": "Ship and confirm, or cancel what you cannot send.",
        "orders": "Orders",
        "by": "by {on}",
        "more": "And {n} more.",
        "open": "To see them:\n{link}",
        "unsent": "Your order was not shipped in time: it is cancelled.",
    },
}


def warn(*, merchant_id: int, orders: Sequence[Mapping[str, Any]], at: datetime) -> None:
    """This will write one letter about orders {number, ends_on}, in the caller's transaction."""
    shop = Merchant.objects.get(id=merchant_id)
    mail = _mail(shop, sorted(orders, key=lambda order: (order["ends_on"], order["number"])))
    for recipient in _readers(shop):
        write_letter(merchant_id=shop.id, kind=KIND, recipient=recipient, mail=mail, at=at)


def unsent(language: str) -> str:
    """This will say to a buyer that the order is called off since nobody sent it."""
    return PHRASES["fr" if language.lower().startswith("fr") else "en"]["unsent"]


def _readers(shop: Merchant) -> list[str]:
    """Where the shop's mail is read: its own address, else its owners and managers."""
    if shop.reply_to:
        return [shop.reply_to]
    members = Member.objects.filter(merchant_id=shop.id, role__in=READERS).select_related("user")
    return sorted({member.user.email for member in members if member.user.email})


def _mail(shop: Merchant, orders: Sequence[Mapping[str, Any]]) -> Mail:
    language = "fr" if shop.language == "fr" else "en"
    say, first = PHRASES[language], orders[0]

    def on(day: date) -> str:
        return format_date(day, "d MMMM", locale=language)

    about = {"n": len(orders), "number": one_line(first["number"], longest=64), "on": on(first["ends_on"])}
    subject = say["subject.one" if len(orders) == 1 else "subject.many"].format(**about)
    shown = tuple(
        (one_line(order["number"], longest=64), say["by"].format(on=on(order["ends_on"])), "")
        for order in orders[:MOST]
    )
    blocks: list[Block] = [
        Paragraph(say["warning"]),
        Paragraph(say["do"]),
        Items(say["orders"], shown),
    ]
    if len(orders) > MOST:
        blocks.append(Paragraph(say["more"].format(n=len(orders) - MOST)))
    link = settings.PUBLIC_URL.rstrip("/")
    link += f"/commandes/{first['id']}" if len(orders) == 1 else "/?pour=shipping"
    blocks.append(Paragraph(say["open"].format(link=link)))
    name = one_line(shop.name, longest=200)
    return Mail(subject, as_text(blocks), as_html(blocks, language=language, subject=subject, shop=name))
