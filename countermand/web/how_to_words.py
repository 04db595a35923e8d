"""What the public page « comment annuler » says where the merchant wrote nothing (SH-15), and how text becomes parts."""

from typing import Any

OURS = {
    "fr": """Vous pouvez annuler tout ou partie d'une commande tant qu'elle n'est pas partie.

- Ayez sous la main le numéro de votre commande : il est dans l'e-mail de confirmation.
- Écrivez-nous ou appelez-nous, et dites quels articles vous ne voulez plus.
- Nous vous répondons par e-mail : ce qui est annulé, ce qui vous est remboursé, et vers quand.

Le remboursement revient par le moyen qui a servi au paiement. Comptez 5 à 10 jours pour une carte.

Votre commande est déjà partie ? Vous avez 14 jours après l'avoir reçue pour vous rétracter, sans donner de raison. \
Écrivez-nous de la même façon.""",
    "en": """You can cancel all or part of an order as long as it has not been sent.

- Have your order number at hand: it is in the confirmation e-mail.
- Write to us or call us, and say which items you no longer want.
- We answer by e-mail: what is cancelled, what is refunded, and about when.

The refund goes back the way you paid. Allow 5 to 10 days for a card.

Has your order already been sent? You have 14 days from receiving it to withdraw, without giving a reason. \
Write to us in the same way.""",
}
TITLE = {"fr": "Comment annuler une commande", "en": "How to cancel an order"}
ASK = {"fr": "Nous joindre", "en": "How to reach us"}
OTHER = {"fr": "English", "en": "Français"}


def parts(text: str) -> list[dict[str, Any]]:
    """This will cut a text into paragraphs and lists ("- " begins a point); nothing in it is read as HTML."""
    found: list[dict[str, Any]] = []
    for block in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        points = [line[2:] for line in lines if line.startswith("- ")]
        if lines and len(points) == len(lines):
            found.append({"points": points})
        elif lines:
            found.append({"lines": lines})
    return found
