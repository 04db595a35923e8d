"""Letters from a marketplace to the owners of a merchant: alerts with advice, suspensions, tickets, refunds that its
customer service sends back (RK-9, RK-10, EM-7, RK-5).

Each is written in the transaction that it tells of: either both are there or neither.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from django.conf import settings

from countermand.channels.presets import Terms
from countermand.correspondence.blocks import Block, Paragraph, Quote, as_text, one_line, several_lines
from countermand.correspondence.letters import write_letter
from countermand.correspondence.page import as_html
from countermand.correspondence.rendering import Mail, amount_text
from countermand.correspondence.wording import wording
from countermand.marketplace.models import Alert, Seat, Suspension
from countermand.marketplace.wording import PHRASES, figure, language_of
from countermand.merchants.models import Member
from countermand.refunds.models import Refund

PLACE = "/place-de-marche"  # the merchant's own page about all this


def alert(alert: Alert, *, seat: Seat, terms: Terms, at: datetime) -> None:
    """This will write to the owners what was crossed, by how much, and what helps (RK-9)."""
    say, facts = _say(seat), dict(alert.facts)
    language = language_of(seat.merchant)
    facts |= {name: figure(facts.get(name, ""), language) for name in ("rate", "limit")}
    if alert.facts.get("limit"):
        away = max(Decimal(0), Decimal(alert.facts["limit"]) - Decimal(alert.facts["rate"]))
        facts["distance"] = figure(f"{away:.2f}", language)
    facts["units"] = say(f"units.{alert.facts['unit']}")
    facts["subject"] = one_line(alert.subject, longest=64)
    blocks: list[Block] = [Paragraph(say("rate", **facts))]
    if alert.subject:
        blocks.append(Paragraph(say("number.article", **facts)))
    if alert.kind == "number" or alert.facts.get("limit"):
        blocks.append(Paragraph(say(f"{alert.kind}.limit", **facts)))
    blocks.append(Paragraph(say("advice")))
    blocks += [Paragraph(f"– {say(f'advice.{name}')}") for name in advice(terms)]
    blocks.append(Paragraph(say("see", link=settings.PUBLIC_URL + PLACE)))
    kind = "watch" if alert.kind == "warn" and not alert.facts.get("limit") else alert.kind
    _send(seat, "alert", alert.id, say(f"{kind}.subject", **facts), blocks, at=at)


def advice(terms: Terms) -> list[str]:
    """This will name what helps under these terms: the source's advice, as far as the terms let it be true."""
    found = ["stock"]
    if terms.acceptance != "none":
        found.append("refuse")
    if terms.counts == "seller_or_no_case":
        found.append("case")
    if terms.counts == "seller_or_unofficial":
        found.append("official")
    return [*found, "alternative"]


def decided(suspension: Suspension, *, seat: Seat, at: datetime) -> None:
    """This will tell the owners that, from when to when, and why their sales are suspended, and how to answer."""
    say, times = _say(seat), _times(suspension, seat)
    blocks: list[Block] = [
        Paragraph(say("decided", **times)),
        Paragraph(say("reason")),
        Quote(several_lines(suspension.reason)),
        Paragraph(say("orders")),
        Paragraph(say("appeal", link=settings.PUBLIC_URL + PLACE)),
    ]
    _send(seat, "suspension", suspension.id, say("decided.subject", **times), blocks, at=at)


def over(suspension: Suspension, *, seat: Seat, at: datetime) -> None:
    """This will tell the owners that they sell again: lifted by a person, or at its end."""
    say = _say(seat)
    blocks: list[Block] = [Paragraph(say(suspension.state))]
    if suspension.closed_because:
        blocks += [Paragraph(say("answer")), Quote(several_lines(suspension.closed_because))]
    _send(seat, "suspension", suspension.id, say(f"{suspension.state}.subject"), blocks, at=at)


def upheld(suspension: Suspension, *, seat: Seat, at: datetime) -> None:
    """This will give the owners the answer to their appeal, when the suspension stays."""
    say, times = _say(seat), _times(suspension, seat)
    blocks: list[Block] = [Paragraph(say("upheld", **times)), Paragraph(say("answer"))]
    blocks.append(Quote(several_lines(suspension.answer)))
    _send(seat, "suspension", suspension.id, say("upheld.subject"), blocks, at=at)


def ticket(*, seat: Seat, ticket_id: UUID, skus: list[str], answer: str, at: datetime) -> None:
    """This will give the owners the support's answer to their ticket (EM-7)."""
    say, named = _say(seat), one_line(", ".join(skus), longest=120)
    blocks: list[Block] = [Paragraph(say("ticket", skus=named)), Paragraph(say("answer"))]
    blocks.append(Quote(several_lines(answer)))
    _send(seat, "ticket", ticket_id, say("ticket.subject", skus=named), blocks, at=at)


def sent_back(refund: Refund, *, seat: Seat, because: str, at: datetime) -> None:
    """This will tell the owners which refund the customer service sent back, what is missing, and how to ask again."""
    say, language = _say(seat), language_of(seat.merchant)
    facts = {
        "number": one_line(refund.order.number, longest=64),
        "amount": amount_text(refund.amount_minor, refund.currency, wording(language)),
    }
    link = f"{settings.PUBLIC_URL}/remboursements/{refund.id}/redemander"
    blocks: list[Block] = [
        Paragraph(say("sent_back", **facts)),
        Quote(several_lines(because)),
        Paragraph(say("sent_back.owed")),
        Paragraph(say("sent_back.link", link=link)),
    ]
    _send(seat, "sent_back", refund.id, say("sent_back.subject", **facts), blocks, at=at)


def _say(seat: Seat) -> Any:
    language = language_of(seat.merchant)
    names = {
        "channel": one_line(seat.channel.name, longest=100),
        "marketplace": one_line(seat.marketplace.name, longest=100),
    }

    def say(phrase: str, **facts: Any) -> str:
        return PHRASES[language][phrase].format(**{**names, **facts})

    return say


def _times(suspension: Suspension, seat: Seat) -> dict[str, str]:
    zone, language = ZoneInfo(seat.marketplace.timezone), language_of(seat.merchant)
    shape = "d MMMM yyyy 'à' HH:mm" if language == "fr" else "d MMMM yyyy 'at' HH:mm"
    moments = {"start": suspension.starts_at, "end": suspension.ends_at}
    return {
        name: format_datetime(moment.astimezone(zone), shape, locale=language) if moment else ""
        for name, moment in moments.items()
    }


def _send(seat: Seat, kind: str, about: UUID, subject: str, blocks: list[Block], *, at: datetime) -> None:
    say, language = _say(seat), language_of(seat.merchant)
    whole: list[Block] = [Paragraph(say("hello")), *blocks, Paragraph(say("signed"))]
    subject, place = one_line(subject, longest=300), one_line(seat.marketplace.name, longest=200)
    mail = Mail(subject, as_text(whole), as_html(whole, language=language, subject=subject, shop=place))
    for recipient in owners_of(seat.merchant_id) or [seat.merchant.reply_to]:
        if recipient:
            write_letter(
                merchant_id=seat.merchant_id,
                kind=kind,
                recipient=recipient,
                mail=mail,
                about=about,
                from_name=place,
                reply_to=seat.marketplace.service_email,
                at=at,
            )


def owners_of(merchant_id: int) -> list[str]:
    """This will list the addresses of a merchant's owners."""
    owners = Member.objects.filter(merchant_id=merchant_id, role="owner").order_by("id")
    return list(owners.values_list("user__email", flat=True))
