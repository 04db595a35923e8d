"""The mails about a return: how to send the articles back, and that they came. Their refund has a mail of its own (SG-8).

Source: SH-16, AZ-4; C. conso L221-23 (who withdraws sends the goods back within 14 days of saying so).
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from countermand.correspondence.blocks import Block, Items, Paragraph, Quote, one_line, several_lines
from countermand.correspondence.rendering import amount_text, day_text
from countermand.correspondence.wording import Wording

PHRASES = {
    "fr": {
        "asked": "Commande {number} : votre retour",
        "received": "Commande {number} : votre retour est arrivé",
        "asked.opening": "Nous attendons le retour de ces articles de votre commande {number}.",
        "asked.title": "À nous renvoyer",
        "asked.how": "Emballez-les bien et gardez la preuve de l'envoi : elle suffit si le colis se perd.",
        "asked.withdraws": "Votre rétractation du {on} est notée. Vous avez jusqu'au {by} pour renvoyer ces articles.",
        "asked.withdrawal": "Nous remboursons dès qu'ils sont là, ou dès que vous prouvez l'envoi.",
        "asked.withdrawal_amount": "S'ils reviennent en bon état, nous vous rendons {amount}, dès qu'ils sont là "
        "ou dès que vous prouvez l'envoi.",
        "asked.return": "Nous remboursons quand ils sont arrivés et que nous les avons regardés.",
        "asked.return_amount": "S'ils reviennent en bon état, nous vous rendons {amount}, quand ils sont arrivés "
        "et que nous les avons regardés.",
        "asked.platform": "Le service client de la place de marché vous rembourse quand ils sont arrivés.",
        "received.opening": "Ces articles de votre commande {number} sont bien arrivés.",
        "received.title": "Arrivés chez nous",
        "received.refund": "Il vous revient {amount}. Nous vous écrivons quand l'argent part.",
    },
    "en": {
        "asked": "Order {number}: your return",
        "received": "Order {number}: your return has arrived",
        "asked.opening": "We expect these articles of your order {number} back.",
        "asked.title": "To send back to us",
        "asked.how": "Pack them well and keep the proof of posting: it is enough if the parcel gets lost.",
        "asked.withdraws": "Your withdrawal of {on} is noted. You have until {by} to send these articles back.",
        "asked.withdrawal": "We refund as soon as they are here, or as soon as you prove that they were sent.",
        "asked.withdrawal_amount": "If they come back in good condition, we refund {amount}, as soon as they are here "
        "or as soon as you prove that they were sent.",
        "asked.return": "We refund once they have arrived and we have looked at them.",
        "asked.return_amount": "If they come back in good condition, we refund {amount}, once they have arrived "
        "and we have looked at them.",
        "asked.platform": "The marketplace's customer service refunds you once they have arrived.",
        "received.opening": "These articles of your order {number} have arrived.",
        "received.title": "Arrived here",
        "received.refund": "{amount} go back to you. We write to you when the money leaves.",
    },
}


def return_mail(facts: Mapping[str, Any], words: Wording) -> tuple[str, list[Block]]:
    """This will write subject and body. `facts`: step (asked, received), kind, number, lines, amount_minor, currency, message;
    of one that is asked `informed_on`, `send_by` (a withdrawal's), `worth_minor`, and `platform` where that refunds."""
    said = {key: _spaced(text, words) for key, text in PHRASES[words.language].items()}
    step = str(facts["step"])
    number = one_line(facts["number"], longest=64)
    shown = tuple(
        (words.say("unit", quantity=line["quantity"], title=one_line(line["title"])), "", "")
        for line in facts["lines"]
    )
    message = several_lines(str(facts.get("message") or ""))
    blocks: list[Block] = [
        Paragraph(said[f"{step}.opening"].format(number=number)),
        Items(said[f"{step}.title"], shown),
        *([Quote(message)] if message else []),
    ]
    if step == "asked":
        blocks += _asked(said, facts, words)
    elif facts["amount_minor"]:
        amount = amount_text(int(facts["amount_minor"]), str(facts["currency"]), words)
        blocks.append(Paragraph(said["received.refund"].format(amount=amount)))
    return said[step].format(number=number), blocks


def _asked(said: Mapping[str, str], facts: Mapping[str, Any], words: Wording) -> list[Block]:
    """Until when to send, how, what goes back and when."""
    withdraws = facts.get("kind") == "withdrawal"
    blocks: list[Block] = []
    if withdraws and facts.get("send_by"):
        on, by = (_dated(str(facts[name]), words) for name in ("informed_on", "send_by"))
        blocks.append(Paragraph(said["asked.withdraws"].format(on=on, by=by)))
    key = "asked.platform" if facts.get("platform") else f"asked.{'withdrawal' if withdraws else 'return'}"
    worth = int(facts.get("worth_minor") or 0)
    if worth and not facts.get("platform"):
        key += "_amount"
    amount = amount_text(worth, str(facts["currency"]), words)
    return [*blocks, Paragraph(said["asked.how"]), Paragraph(said[key].format(amount=amount))]


def _dated(day: str, words: Wording) -> str:
    on = date.fromisoformat(day)
    return f"{day_text(on, words)} {on.year}"


def _spaced(text: str, words: Wording) -> str:
    return text.replace(" :", "\u00a0:") if words.language == "fr" else text
