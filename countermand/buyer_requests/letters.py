"""What a request has said: a letter to the shop for an official one (AZ-9), and sentences for buyers.

Seen by mail even where nobody has the desk open, and no report is switched on.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings

from countermand.buyer_requests.models import BuyerRequest
from countermand.correspondence.blocks import Block, Items, Paragraph, Quote, as_text, one_line, several_lines
from countermand.correspondence.letters import write_letter
from countermand.correspondence.page import as_html
from countermand.correspondence.rendering import Mail
from countermand.law import SEND_BACK_TIME
from countermand.merchants.models import Member, Merchant
from countermand.payments.facts import Ledger

KIND = "request"
READERS = ("owner", "manager")
PHRASES = {
    "fr": {
        "subject": "Commande {number} : le client demande l'annulation, n'expédiez pas",
        "subject.sent": "Commande {number} : le client se rétracte, les articles vont revenir",
        "subject.remind": "Commande {number} : la demande du client attend toujours",
        "asked": "Le client demande officiellement l'annulation de la commande {number} ({channel}), le {on}.",
        "withdraws": "Le client se rétracte officiellement de la commande {number} ({channel}), le {on}.",
        "unofficial": "Le client demande l'annulation de la commande {number} ({channel}), le {on}, "
        "mais pas par la voie que le canal reconnaît.",
        "hold": "N'expédiez pas ce qu'il demande d'annuler avant d'avoir répondu.",
        "sent": "Tout est parti : acceptez sa demande, et un retour s'ouvre. Il a jusqu'au {by} pour renvoyer "
        "(C. conso L221-23). L'argent est dû le même jour, et peut attendre les articles ou la preuve "
        "d'envoi (C. conso L221-24).",
        "wanted": "Ce qu'il demande d'annuler",
        "back": "Ce qui doit revenir",
        "all": "Toute la commande",
        "case": "Dossier du service client : {case}.",
        "remind": "Sans réponse le {due}, la demande est rappelée.",
        "cancel": "Sans réponse le {due}, la commande est annulée d'office.",
        "open": "Y répondre :\n{link}",
        "grace": "Vous avez annulé votre commande dans le délai prévu : elle est annulée.",
        "unanswered": "Votre demande d'annulation est restée sans réponse : votre commande est annulée.",
    },
    "en": {
        "subject": "Order {number}: the buyer asks to cancel, do not ship",
        "subject.sent": "Order {number}: the buyer withdraws, the articles will come back",
        "subject.remind": "Order {number}: the buyer's request still waits",
        "asked": "The buyer officially asks to cancel order {number} ({channel}), on {on}.",
        "withdraws": "The buyer officially withdraws from order {number} ({channel}), on {on}.",
        "unofficial": "The buyer asks to cancel order {number} ({channel}), on {on}, "
        "but not by the way that the channel recognises.",
        "hold": "Do not ship what they ask to cancel before you have answered.",
        "sent": "All of it has left: accept the request, and a return is opened. They have until {by} to send it "
        "(C. conso L221-23). The money is due on the same day, and may wait for the articles or the proof of "
        "posting (C. conso L221-24).",
        "wanted": "What they ask to cancel",
        "back": "What is to come back",
        "all": "The whole order",
        "case": "Customer service's case: {case}.",
        "remind": "Unanswered on {due}, the request is brought up again.",
        "cancel": "Unanswered on {due}, the order is cancelled.",
        "open": "To answer:\n{link}",
        "grace": "You cancelled your order within the time given for it: it is cancelled.",
        "unanswered": "Your request to cancel stayed without an answer: your order is cancelled.",
    },
}
DAY = {"fr": "%d/%m/%Y", "en": "%d %b %Y"}


def announce(request: BuyerRequest, ledger: Ledger, *, at: datetime) -> None:
    """This will write to the shop that a buyer asks officially, in the caller's transaction."""
    _write(request, ledger, "subject.sent" if _sent(request, ledger) else "subject", at=at)


def remind(request: BuyerRequest, ledger: Ledger, *, at: datetime) -> None:
    """This will write to the shop that a request still waits for its answer."""
    _write(request, ledger, "subject.remind", at=at)


def _write(request: BuyerRequest, ledger: Ledger, subject: str, *, at: datetime) -> None:
    shop = Merchant.objects.get(id=request.merchant_id)
    language = "fr" if shop.language == "fr" else "en"
    mail = _mail(request, ledger, shop, language, subject)
    for recipient in _readers(shop):
        write_letter(merchant_id=shop.id, kind=KIND, recipient=recipient, mail=mail, about=request.id, at=at)


def in_grace(language: str) -> str:
    """This will say to a buyer that the order is called off, in the first minutes."""
    return _said(language)["grace"]


def unanswered(language: str) -> str:
    """This will say to a buyer that the order is called off since nobody answered."""
    return _said(language)["unanswered"]


def _said(language: str) -> dict[str, str]:
    return PHRASES["fr" if language.lower().startswith("fr") else "en"]


def _opening(request: BuyerRequest) -> str:
    if not request.official:
        return "unofficial"
    return "withdraws" if request.kind == "withdrawal" else "asked"


def _sent(request: BuyerRequest, ledger: Ledger) -> bool:
    """Whether a withdrawal is from what has left, all of it: nothing is held any more, it is to come back (SH-16)."""
    return request.kind == "withdrawal" and not any(line.open for line in ledger.lines)


def _readers(shop: Merchant) -> list[str]:
    """Where the shop's mail is read: its own address, else its owners and managers."""
    if shop.reply_to:
        return [shop.reply_to]
    members = Member.objects.filter(merchant_id=shop.id, role__in=READERS).select_related("user")
    return sorted({member.user.email for member in members if member.user.email})


def _mail(request: BuyerRequest, ledger: Ledger, shop: Merchant, language: str, about_it: str) -> Mail:
    say, order = PHRASES[language], ledger.order
    zone = ZoneInfo(ledger.channel.timezone)
    about = {
        "number": one_line(order.number, longest=64),
        "channel": one_line(ledger.channel.code, longest=64),
        "on": request.requested_at.astimezone(zone).strftime(DAY[language]),
    }
    titles = {line.reference: line.title for line in ledger.lines}
    asked = tuple(
        (f"{units} × {one_line(titles.get(line, line), longest=200)}", "", "")
        for line, units in request.lines or ()
    )
    sent = _sent(request, ledger)
    by = (request.requested_at.astimezone(zone) + SEND_BACK_TIME).strftime(DAY[language])
    blocks: list[Block] = [
        Paragraph(say[_opening(request)].format(**about)),
        Paragraph(say["sent"].format(by=by) if sent else say["hold"]),
        Items(say["back" if sent else "wanted"], asked or ((say["all"], "", ""),)),
    ]
    if request.comment:
        blocks.append(Quote(several_lines(request.comment)))
    if request.case_reference:
        blocks.append(Paragraph(say["case"].format(case=one_line(request.case_reference))))
    if request.due_at:
        due = request.due_at.astimezone(zone).strftime(DAY[language])
        blocks.append(Paragraph(say[request.due_then].format(due=due)))
    link = f"{settings.PUBLIC_URL.rstrip('/')}/demandes/{request.id}"
    blocks.append(Paragraph(say["open"].format(link=link)))
    subject = say[about_it].format(**about)
    name = one_line(shop.name, longest=200)
    return Mail(subject, as_text(blocks), as_html(blocks, language=language, subject=subject, shop=name))
