"""The mail that offers another article, and the link in it: made anew from the offer's id, kept nowhere but as a digest.

Source: EM-3, EM-4, EM-15; mail links: single use, expiring, out of what is kept (docs/decisions/0000, Security).
"""

import base64
from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from countermand.correspondence.blocks import Block, Items, Paragraph, Quote, one_line, several_lines
from countermand.correspondence.rendering import amount_text, day_text
from countermand.correspondence.wording import Wording

PHRASES = {
    "fr": {
        "subject": "Commande {number} : nous vous proposons {title}",
        "opening": "Dans votre commande {number}, nous ne pouvons pas vous servir : {was}. "
        "Nous vous proposons à la place :",
        "title": "Ce que nous vous proposons",
        "same": "Le prix est le même : vous n'avez rien à payer.",
        "less": "C'est moins cher : nous vous rendons la différence, {amount}.",
        "more": "C'est un peu plus cher : il reste {amount} à payer si vous acceptez.",
        "answer": "Dites-nous si cela vous convient, jusqu'au {until} : {link}",
        "silence": "Sans réponse de votre part, rien ne change : nous revenons vers vous.",
    },
    "en": {
        "subject": "Order {number}: may we offer you {title}",
        "opening": "In your order {number} there is something that we cannot send you: {was}. "
        "We offer you this instead:",
        "title": "What we offer you",
        "same": "The price is the same: you have nothing to pay.",
        "less": "It costs less: we give the difference back, {amount}.",
        "more": "It costs a little more: {amount} remain to be paid if you accept.",
        "answer": "Tell us whether it suits you, until {until}: {link}",
        "silence": "Without an answer nothing changes: we come back to you.",
    },
}
HIDDEN = "•" * 8


def offer_token(offer_id: UUID) -> str:
    """This will make the secret of an offer's link: whoever has it may answer, once."""
    made = salted_hmac("countermand.offer", str(offer_id), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made[:24]).decode()


def token_digest(token: str) -> bytes:
    """This will make what is kept of a token: an offer is found by it, and the token is not."""
    return sha256(token.encode()).digest()


def offer_link(offer_id: UUID, *, whole: bool = True) -> str:
    """This will write the address at which the buyer answers; `whole` False: with its secret struck out."""
    return f"{settings.PUBLIC_URL}/proposition/{offer_token(offer_id) if whole else HIDDEN}"


def offer_mail(facts: Mapping[str, Any], words: Wording, *, whole: bool) -> tuple[str, list[Block]]:
    """This will write subject and body. `facts`: number, was, lines, difference_minor, currency, expires_on, message, offer."""
    said = {key: _spaced(text, words) for key, text in PHRASES[words.language].items()}
    [line] = facts["lines"]
    number, title = one_line(facts["number"], longest=64), one_line(line["title"], longest=100)
    difference = int(facts["difference_minor"])
    amount = amount_text(abs(difference), str(facts["currency"]), words)
    price = amount_text(int(facts["amount_minor"]), str(facts["currency"]), words)
    what = words.say("unit", quantity=line["quantity"], title=title)
    how = "same" if not difference else "more" if difference > 0 else "less"
    until = day_text(date.fromisoformat(str(facts["expires_on"])), words)
    link = offer_link(UUID(str(facts["offer"])), whole=whole)
    message = several_lines(str(facts.get("message") or ""))
    blocks: list[Block] = [
        Paragraph(said["opening"].format(number=number, was=one_line(facts["was"]))),
        Items(said["title"], ((what, "", price),)),
        *([Quote(message)] if message else []),
        Paragraph(said[how].format(amount=amount)),
        Paragraph(said["answer"].format(until=until, link=link)),
        Paragraph(said["silence"]),
    ]
    return said["subject"].format(number=number, title=title), blocks


def _spaced(text: str, words: Wording) -> str:
    return text.replace(" :", "\u00a0:") if words.language == "fr" else text
