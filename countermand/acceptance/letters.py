"""What the merchant is told of a sale that waits: that it came in, that a day is left, that it still waits (RK-2)."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime

from countermand.acceptance.links import place_of
from countermand.acceptance.models import AwaitedSale
from countermand.acceptance.queries import accepted_units
from countermand.acceptance.rules import undecided
from countermand.channels.models import Channel
from countermand.correspondence.blocks import Block, Paragraph, as_text, one_line
from countermand.correspondence.letters import write_letter
from countermand.correspondence.page import as_html
from countermand.correspondence.rendering import Mail
from countermand.correspondence.wording.letters import PHRASES
from countermand.merchants.models import Member, Merchant
from countermand.payments.facts import Ledger

MOST_LINES = 50


def addresses(merchant: Merchant) -> list[str]:
    """This will list where a shop hears of its sales: its own address, and its owners'."""
    owners = Member.objects.filter(merchant=merchant, role="owner").order_by("id")
    found = [merchant.reply_to, *owners.values_list("user__email", flat=True)]
    return list(dict.fromkeys(address.lower() for address in found if address))


def tell(*, kind: str, ledger: Ledger, sale: AwaitedSale, at: datetime) -> int:
    """This will write the letters of one kind about a sale, in the caller's verb; says how many."""
    shop = Merchant.objects.get(id=ledger.order.merchant_id)
    mail = made(kind=kind, ledger=ledger, shop=shop, decide_by=sale.decide_by)
    recipients = addresses(shop)
    for recipient in recipients:
        write_letter(
            merchant_id=shop.id,
            kind=kind,
            recipient=recipient,
            mail=mail,
            about=UUID(str(ledger.order.id)),
            stays=ledger.channel.mode == "test",
            at=at,
        )
    return len(recipients)


def made(*, kind: str, ledger: Ledger, shop: Merchant, decide_by: datetime | None) -> Mail:
    """This will write a letter; the links take their places when it leaves. No buyer stands in it."""
    language = "fr" if shop.language == "fr" else "en"
    say = PHRASES[language]
    name = Channel.of(shop.id).values_list("name", flat=True).get(id=ledger.channel.id)
    left = undecided(ledger.lines, accepted_units(merchant_id=shop.id, order_id=ledger.order.id))
    until = ""
    if decide_by is not None:
        clock = decide_by.astimezone(ZoneInfo(shop.timezone))
        until = say["sale.until"].format(until=format_datetime(clock, "d MMMM, HH:mm", locale=language))
        if ledger.terms.acceptance_end == "refuse":
            until += " " + say["sale.end.refuse"]
    opening: list[Block] = [
        Paragraph(say["hello.nobody"]),
        Paragraph(" ".join((say[f"{kind}.new"].format(channel=one_line(name, longest=200)), until)).strip()),
    ]
    lines = [line for line in ledger.lines if line.reference in left][:MOST_LINES]
    what = [f"{left[line.reference]} × {one_line(line.title, longest=200)} ({line.sku})" for line in lines]
    places = [place_of(line.position) for line in lines]
    subject = say[f"{kind}.subject"].format(number=one_line(ledger.order.number, longest=64))
    in_text = [
        Paragraph(f"{one}\n{say['sale.gone']} :\n{place}") for one, place in zip(what, places, strict=True)
    ]
    in_html = [Paragraph(f"{one}\n{place}") for one, place in zip(what, places, strict=True)]
    safe = Paragraph(say["sale.safe"])
    return Mail(
        subject,
        as_text([*opening, *in_text, safe, Paragraph(f"{say['sale.decide']}\n{{lien:vente}}")]),
        as_html(
            [*opening, *in_html, safe, Paragraph("{lien:vente}")],
            language=language,
            subject=subject,
            shop=one_line(shop.name, longest=200),
        ),
    )
