"""Ready texts for messages, in French and English, with `{variables}` of `correspondence.filling`. Pure.

The sentence of `ask_officially.official` is the platform's own, word for word (SOURCE); its English is ours.
"""

from typing import NamedTuple

from countermand.channels.presets import Terms
from countermand.threads.kinds import CANCELLATION

# Amazon, « Annulations et retours : questions fréquentes » (seeds/amazon.fr.txt, read 2026-11-22).
SOURCE = (
    "Vous pouvez trouver la commande dans votre compte Amazon en cliquant sur "
    "Votre compte > Vos commandes > Demander une annulation"
)
_SOURCE_EN = (
    "You can find the order in your Amazon account by clicking on "
    "Your Account > Your Orders > Request Cancellation"
)


class Text(NamedTuple):
    """One ready text: `name` identifies it for ever, `kind` is the kind of message that it is sent as."""

    name: str
    kind: str
    fr: str
    en: str


TEXTS = (
    Text(
        "question",
        "question",
        "Bonjour {prenom},\n\nNous préparons votre commande {commande} et avons une question avant de l'expédier : ",
        "Hello {first_name},\n\nWe are preparing your order {order} and have a question before we ship it: ",
    ),
    Text(
        "problem",
        "problem",
        "Bonjour {prenom},\n\nVotre commande {commande} a du retard. Nous en sommes désolés et vous écrivons "
        "dès qu'elle part. Si vous ne pouvez pas attendre, répondez à ce message.",
        "Hello {first_name},\n\nYour order {order} is late. We are sorry, and will write as soon as it leaves. "
        "If you cannot wait, answer this message.",
    ),
    Text(
        "return_asked",
        "return_asked",
        "Bonjour {prenom},\n\nVotre commande {commande} est déjà en route : vous la recevrez bientôt. Retournez-la "
        "nous à réception, et nous vous remboursons dès qu'elle est revenue.",
        "Hello {first_name},\n\nYour order {order} is already on its way: you will receive it soon. Send it back to us "
        "then, and we refund you as soon as it is here.",
    ),
    Text(
        "ask_officially.official",
        "ask_officially",
        "Bonjour {prenom},\n\nNous avons lu votre souhait d'annuler la commande {commande}. Pour que l'annulation "
        f"soit prise en compte, demandez-la depuis votre compte.\n\n{SOURCE}",
        "Hello {first_name},\n\nWe have read that you wish to cancel order {order}. For the cancellation to be taken "
        f"into account, please ask for it from your account.\n\n{_SOURCE_EN}",
    ),
    Text(
        "ask_officially.customer_service",
        "ask_officially",
        "Bonjour {prenom},\n\nNous avons lu votre souhait d'annuler la commande {commande}. Adressez-vous d'abord au "
        "Service Client : il ouvre un dossier, puis nous annulons.",
        "Hello {first_name},\n\nWe have read that you wish to cancel order {order}. Please ask the customer service "
        "first: they open a case, and then we cancel.",
    ),
    Text(
        "address",
        "address",
        "Bonjour {prenom},\n\nNous ne pouvons expédier la commande {commande} qu'à l'adresse indiquée à l'achat. Si vous "
        "ne pouvez pas la recevoir à cette adresse, annulez-la, puis passez une nouvelle commande avec la bonne "
        f"adresse.\n\n{SOURCE}",
        "Hello {first_name},\n\nWe can ship order {order} only to the address given when it was placed. If you cannot "
        f"receive it there, please cancel it and place a new order with the right address.\n\n{_SOURCE_EN}",
    ),
    Text(
        "order_again",
        "order_again",
        "Bonjour {prenom},\n\nL'annulation de la commande {commande} est définitive. Si vous voulez toujours le produit, "
        "passez une nouvelle commande.",
        "Hello {first_name},\n\nThe cancellation of order {order} is final. If you still want the product, please place "
        "a new order.",
    ),
    Text(
        "cancellation.short",
        CANCELLATION,
        "Bonjour {prenom},\n\nNous sommes désolés : un article de votre commande {commande} n'est plus disponible, et nous "
        "devons l'annuler. Vous êtes remboursé sans rien avoir à faire.",
        "Hello {first_name},\n\nWe are sorry: an article of your order {order} is no longer available and we have to "
        "cancel it. You are refunded without doing anything.",
    ),
    Text(
        "cancellation.unable",
        CANCELLATION,
        "Bonjour {prenom},\n\nNous sommes désolés : nous ne pouvons pas envoyer votre commande {commande} et devons "
        "l'annuler. Vous êtes remboursé sans rien avoir à faire.",
        "Hello {first_name},\n\nWe are sorry: we cannot send your order {order} and have to cancel it. "
        "You are refunded without doing anything.",
    ),
)
BY_NAME = {text.name: text for text in TEXTS}


def ready(terms: Terms, *, kind: str = "") -> list[Text]:
    """This will list the texts that stand ready under a channel's terms, those of one kind or of all it lets pass.

    Where a buyer asks officially is a term: the text that says so is the one of that route.
    """
    kinds = (kind,) if kind else terms.message_kinds
    return [
        text
        for text in TEXTS
        if text.kind in kinds
        and (
            "." not in text.name
            or kind == CANCELLATION
            or text.name.partition(".")[2] in terms.official_routes
        )
    ]


def french(language: str) -> bool:
    """This will say whether a buyer is written to in French; all others read English."""
    return language.lower().partition("-")[0].partition("_")[0] == "fr"


def body(text: Text, language: str) -> str:
    """This will give a text in the buyer's language."""
    return text.fr if french(language) else text.en
