"""The words of what comes back: kinds, conditions, why nothing may be kept, what to say to a customer service."""

from typing import Any

from django.utils.translation import gettext_lazy as _

KIND = {
    "withdrawal": _("rétractation"),
    "return": _("retour"),
    "refused_delivery": _("livraison refusée ou impossible"),
    "intercepted": _("colis rappelé"),
}
CONDITION = {
    "as_new": _("comme neuf"),
    "used": _("utilisé"),
    "damaged": _("abîmé"),
    "incomplete": _("incomplet"),
    "lost": _("perdu en route"),
}
ASKED_OF = {"carrier": _("au transporteur"), "buyer": _("au client")}
# Why nothing may be kept of what the articles are worth.
NO_FEE = {
    "platform_refunds": _("La plateforme rembourse : rien n'est retenu par vous."),
    "seller_caused": _("Le motif vient de la boutique : le client ne paie rien."),
    "withdrawal": _(
        "Rétractation : rien n'est retenu sur un article comme neuf. Seule une perte de valeur due à un usage trop poussé peut l'être."
    ),
    "delivery": _("Les conditions du canal n'admettent des frais qu'après une livraison restée impossible."),
    "not_their_wish": _("Vos conditions n'admettent des frais que si le client a changé d'avis."),
    "never": _("Les conditions du canal n'admettent pas de frais de retour."),
}
# On what ground something may be kept, and the article or term behind it.
GROUND: dict[str, Any] = {
    "loss_of_value": _("Perte de valeur due à un usage au-delà de l'essai (C. conso L221-23)"),
    "restocking": _("Frais de retour admis par les conditions du canal"),
}
WHEN = {
    "now": _("remboursement lancé"),
    "later": _("à rembourser"),
    "platform": _("rendu par la plateforme"),
    "held": _("remboursement à valider"),
    "none": _("rien à rendre"),
    "": _("à regarder"),
}
# The reasons that are met after shipping, first those of the buyer.
REASONS = (
    "customer_changed_mind",
    "doubt",
    "ordered_by_mistake",
    "better_offer",
    "budget",
    "wrong_address",
    "cannot_deliver",
    "delay",
    "damaged",
    "listing_error",
    "other",
)
