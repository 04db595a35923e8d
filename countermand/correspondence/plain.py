"""Mails that say one thing: a document, a gift card's code, another article offered, what a person wrote."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from countermand.correspondence.blocks import Block, Paragraph, Sums, as_text, one_line, several_lines
from countermand.correspondence.offering import offer_mail
from countermand.correspondence.page import as_html
from countermand.correspondence.rendering import Mail, Sender, amount_text, signature
from countermand.correspondence.returning import return_mail
from countermand.correspondence.wire import Attachment
from countermand.correspondence.wording import wording
from countermand.events.following import ask
from countermand.refunds.credits import credit_code

WRITTEN = "reply"  # what a person wrote to the buyer: nothing of it is ours but the signature (EM-15)
KINDS = ("document", "gift_card", "offer", "return", WRITTEN)

PHRASES = {
    "fr": {
        "document.credit_note": "Facture d'avoir {label} : commande {number}",
        "document.receipt": "Reçu de remboursement {label} : commande {number}",
        "document.opening.credit_note": "Voici votre facture d'avoir {label}, jointe à ce message en PDF. "
        "Elle rectifie la facture de votre commande {number}.",
        "document.opening.receipt": "Voici le reçu de remboursement {label} de votre commande {number}, "
        "joint à ce message en PDF.",
        "document.title": "Ce que dit ce document",
        "document.amount": "Montant",
        "gift_card": "Votre carte cadeau de {amount}",
        "gift_card.opening": "Votre carte cadeau de {amount} est prête. Elle rend ce que vous aviez payé "
        "pour la commande {number}.",
        "gift_card.title": "Votre carte",
        "gift_card.amount": "À dépenser",
        "gift_card.code": "Code",
        "gift_card.keep": "Gardez ce code comme de l'argent : qui le connaît peut le dépenser, en une ou plusieurs fois.",
        "label": "Numéro",
        "reply": "Votre commande {number}",
    },
    "en": {
        "document.credit_note": "Credit note {label}: order {number}",
        "document.receipt": "Refund receipt {label}: order {number}",
        "document.opening.credit_note": "Here is your credit note {label}, attached to this message as a PDF. "
        "It corrects the invoice of your order {number}.",
        "document.opening.receipt": "Here is the refund receipt {label} of your order {number}, "
        "attached to this message as a PDF.",
        "document.title": "What this document says",
        "document.amount": "Amount",
        "gift_card": "Your gift card of {amount}",
        "gift_card.opening": "Your gift card of {amount} is ready. It gives back what you had paid for order {number}.",
        "gift_card.title": "Your card",
        "gift_card.amount": "To spend",
        "gift_card.code": "Code",
        "gift_card.keep": "Keep this code as you keep money: whoever knows it can spend it, at once or in parts.",
        "label": "Number",
        "reply": "Your order {number}",
    },
}


def plain_mail(
    *, kind: str, facts: Mapping[str, Any], sender: Sender, name: str, language: str, whole: bool = True
) -> Mail:
    """This will make the mail. `whole` False: as it is kept once it has left, a code's secret part struck out."""
    words = wording(language)
    said = PHRASES[words.language]
    if kind == WRITTEN:
        return written_mail(facts=facts, sender=sender, language=language)
    amount = amount_text(int(facts["amount_minor"]), str(facts["currency"]), words)
    number = one_line(facts.get("number"), longest=64)
    who = one_line(name, longest=100)
    hello = words.say("hello", name=who) if who else words.say("hello.nobody")
    if kind == "offer":
        subject, body = offer_mail(facts, words, whole=whole)
    elif kind == "return":
        subject, body = return_mail(facts, words)
    elif kind == "document":
        subject, body = _document(said, facts, amount, number)
    else:
        subject, body = _card(said, facts, amount, number, whole=whole)
    reply = [Paragraph(words.say("reply"))] if sender.answerable else []
    signed = Paragraph(f"{words.say('closing')}\n{signature(sender=sender, language=language)}")
    blocks: list[Block] = [Paragraph(hello), *body, *reply, signed]
    shop = one_line(sender.shop, longest=200)
    return Mail(
        subject, as_text(blocks), as_html(blocks, language=words.language, subject=subject, shop=shop)
    )


def written_mail(*, facts: Mapping[str, Any], sender: Sender, language: str) -> Mail:
    """This will make the mail of what a person wrote: its paragraphs as they are, and who signs."""
    words = wording(language)
    number, shop = one_line(facts["number"], longest=64), one_line(sender.shop, longest=200)
    subject = PHRASES[words.language]["reply"].format(number=number)
    paragraphs = [several_lines(part) for part in str(facts["text"]).split("\n\n")]
    signed = f"{words.say('closing')}\n{signature(sender=sender, language=language)}"
    blocks: list[Block] = [Paragraph(part) for part in (*paragraphs, signed) if part]
    return Mail(
        subject, as_text(blocks), as_html(blocks, language=words.language, subject=subject, shop=shop)
    )


def attachments(row: Mapping[str, Any]) -> list[Attachment]:
    """This will make what goes with a mail, (name, content, type): asked of the room that has it."""
    if row["kind"] != "document":
        return []
    made: list[Attachment] = ask(
        "attachments", merchant_id=row["merchant_id"], document_id=UUID(str(row["facts"]["document"]))
    )
    return made


def _document(
    said: Mapping[str, str], facts: Mapping[str, Any], amount: str, number: str
) -> tuple[str, list[Block]]:
    of = {"label": one_line(facts["label"], longest=48), "number": number}
    about = str(facts["about"])
    rows = ((said["label"], of["label"]), (said["document.amount"], amount))
    return said[f"document.{about}"].format(**of), [
        Paragraph(said[f"document.opening.{about}"].format(**of)),
        Sums(said["document.title"], rows),
    ]


def _card(
    said: Mapping[str, str], facts: Mapping[str, Any], amount: str, number: str, *, whole: bool
) -> tuple[str, list[Block]]:
    code = credit_code(UUID(str(facts["credit"])))
    shown = code if whole else f"••••-••••-••••-{code[-4:]}"
    rows = ((said["gift_card.amount"], amount), (said["gift_card.code"], shown))
    return said["gift_card"].format(amount=amount), [
        Paragraph(said["gift_card.opening"].format(amount=amount, number=number)),
        Sums(said["gift_card.title"], rows),
        Paragraph(said["gift_card.keep"]),
    ]
