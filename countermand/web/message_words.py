"""Messages in words: what kind each is, how it came, and why one may not be sent."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from countermand.refusals import Refusal
from countermand.web import refusal_words

KIND: Mapping[str, Any] = {
    "answer": _("Réponse à sa question"),
    "free": _("Message libre"),
    "question": _("Question sur la commande"),
    "problem": _("Problème ou retard"),
    "return_asked": _("Demande de retour"),
    "ask_officially": _("Où demander l'annulation"),
    "address": _("Adresse qui ne convient pas"),
    "order_again": _("Passer une nouvelle commande"),
    "cancellation": _("Texte d'une annulation"),
}
# A ready text, by its name; the shop's own have the name that it gave them.
TEXT: Mapping[str, Any] = {
    "question": _("Question avant l'envoi"),
    "problem": _("Retard"),
    "return_asked": _("Retour à réception"),
    "ask_officially.official": _("Où demander l'annulation"),
    "ask_officially.customer_service": _("D'abord le service client"),
    "address": _("Adresse qui ne convient pas"),
    "order_again": _("Passer une nouvelle commande"),
    "cancellation.short": _("Article plus disponible"),
    "cancellation.unable": _("Envoi impossible"),
}
VIA: Mapping[str, Any] = {
    "webhook": _("par le canal"),
    "mail": _("par e-mail"),
    "staff": _("noté par l'équipe"),
    "channel": _("par le canal"),
}
# What stands in the way (threads.rules.BECAUSE), and what to do instead.
BECAUSE: Mapping[str, Any] = {
    "unknown_kind": _("Choisissez un type de message dans la liste."),
    "kind": _("Le canal ne laisse pas passer ce type de message."),
    "after_order": _("La commande est trop ancienne : le canal ne laisse plus écrire. Appelez le client."),
    "after_received": _("Reçue depuis trop longtemps : le canal ne laisse plus écrire."),
    "unasked": _("Partie depuis trop longtemps : le canal ne laisse écrire qu'à un client qui a écrit."),
    "link": _("Le canal ne laisse passer aucun lien. Retirez-le."),
    "shortage": _(
        "Un article manque : ne demandez pas au client d'annuler à votre place. Annulez vous-même, ou proposez autre chose."
    ),
    "nobody_asked": _("Seulement à un client qui a écrit, ou dont la demande est notée."),
    "has_left": _("Le colis est parti : demandez au transporteur de le ramener."),
    "nothing_cancelled": _("Rien n'est annulé : la commande tient toujours."),
    "empty": _("Écrivez le message."),
    "too_long": _("Le message est trop long. Raccourcissez-le."),
    "not_verified_yet": _(
        "Paiement en cours de vérification : adressez le client au service de la plateforme."
    ),
}


def why_not(because: str) -> str:
    """This will say why a message may not be sent."""
    return str(BECAUSE.get(because) or refusal_words.why_not(because))


def refused(refusal: Refusal) -> str:
    """This will say a refusal of a message, with what to do instead."""
    because = str(refusal.facts.get("because", ""))
    return why_not(because) if because in BECAUSE else refusal_words.say(refusal)
