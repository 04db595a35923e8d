"""The words for what the house keeps as codes. A house test holds these tables against the codes."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from countermand.reasons import FAMILIES, REASONS

REASON = {
    "customer_changed_mind": _("le client a changé d'avis"),
    "budget": _("budget du client"),
    "better_offer": _("meilleure offre trouvée ailleurs"),
    "doubt": _("doute du client"),
    "ordered_by_mistake": _("commande passée par erreur"),
    "out_of_stock": _("rupture de stock"),
    "item_unavailable": _("produit indisponible"),
    "listing_error": _("annonce erronée"),
    "cannot_deliver": _("livraison impossible"),
    "wrong_address": _("adresse erronée"),
    "delay": _("retard de livraison"),
    "price_error": _("prix erroné"),
    "fraud_suspected": _("fraude soupçonnée"),
    "payment_declined": _("paiement refusé"),
    "damaged": _("article abîmé"),
    "technical_error": _("erreur technique"),
    "supplier": _("défaut du fournisseur"),
    "business_decision": _("décision commerciale"),
    "other": _("autre motif"),
}
FAMILY = {
    "customer_wish": _("Souhait du client"),
    "stock": _("Stock"),
    "shipping": _("Livraison"),
    "fraud": _("Fraude"),
    "payment": _("Paiement"),
    "unforeseen": _("Imprévu"),
    "other": _("Autre"),
}
# How money goes back, and by what it had come.
METHOD = {
    "original": _("moyen de paiement d'origine"),
    "store_credit": _("avoir en boutique"),
    "gift_card": _("carte cadeau"),
    "manual": _("espèces ou virement, par vous"),
}
PAID_BY = {
    "card": _("carte bancaire"),
    "wallet": _("portefeuille"),
    "transfer": _("virement"),
    "cash": _("espèces"),
    "cheque": _("chèque"),
    "store_credit": _("avoir en boutique"),
    "gift_card": _("carte cadeau"),
}
ONTO = {
    "card": _("sur la carte bancaire"),
    "wallet": _("sur le portefeuille"),
    "transfer": _("par virement"),
    "cash": _("en espèces"),
    "cheque": _("par chèque"),
    "store_credit": _("en avoir en boutique"),
    "gift_card": _("sur la carte cadeau"),
}
PAYMENT_STATUS = {
    "unpaid": _("non payée"),
    "authorized": _("paiement autorisé"),
    "partially_paid": _("payée en partie"),
    "paid": _("payée"),
    "refund_pending": _("remboursement en cours"),
    "partially_refunded": _("remboursée en partie"),
    "refunded": _("remboursée"),
    "voided": _("autorisation levée"),
}
PAYMENT_TONE = {"refund_pending": "info", "partially_refunded": "done", "refunded": "done"}
MEANS = {"phone": _("par téléphone"), "email": _("par e-mail"), "counter": _("au comptoir")}
OUTCOME = {
    "accepts": _("accepte l'annulation"),
    "alternative": _("prend autre chose"),
    "will_wait": _("attendra"),
    "no_answer": _("pas de réponse"),
    "other": _("autre"),
}
ROLE = {
    "viewer": _("lecture seule"),
    "agent": _("agent"),
    "manager": _("responsable"),
    "owner": _("propriétaire"),
}
TERMS = {
    "own_shop": _("boutique en propre"),
    "merchant_space": _("espace marchand"),
    "rakuten_france": _("Rakuten France"),
    "amazon": _("Amazon"),
}
LIKENESS = {
    "other_option": _("le même, autrement"),
    "equivalent": _("équivalent"),
    "same_range": _("de la même gamme"),
}
MOVEMENT = {
    "opening": _("stock de départ"),
    "allocated": _("promis à une commande"),
    "released": _("libéré par une annulation"),
    "undone": _("annulation retirée"),
    "unsold": _("vente refusée"),
    "restocked": _("remis en stock"),
    "shipped": _("expédié"),
    "returned": _("revenu"),
    "counted": _("compté"),
    "added": _("ajouté ou retiré"),
}
# Why a refund or a mail did not go through; what a provider or a mail server says in its own words stays so.
TROUBLE = {
    "declined": _("refusé par le prestataire de paiement"),
    "unknown_payment": _("paiement inconnu du prestataire"),
    "disputed": _("paiement contesté par le client"),
    "voided": _("autorisation déjà levée"),
    "refunded_elsewhere": _("déjà rendu ailleurs : vérifiez chez le prestataire"),
    "not_found_yet": _("pas encore retrouvé chez le prestataire"),
    "restored": _("données restaurées : à vérifier d'abord"),
    "busy": _("prestataire occupé, nouvel essai prévu"),
    "no_address": _("aucune adresse e-mail"),
    "invalid_address": _("adresse e-mail invalide"),
    "no_mail_server": _("aucun serveur de courrier réglé"),
}
MESSAGE = {
    "cancellation": _("e-mail d'annulation"),
    "refund": _("e-mail de remboursement"),
    "document": _("e-mail avec un document"),
    "gift_card": _("e-mail de carte cadeau"),
    "offer": _("e-mail de proposition"),
    "return": _("e-mail de retour"),
    "reply": _("message de l'équipe"),
}

# Why nothing came back from a webhook's address.
WEBHOOK = {
    "invalid_url": _("adresse mal écrite"),
    "not_https": _("adresse sans https"),
    "blocked_address": _("adresse qui n'est pas publique"),
    "unknown_host": _("nom introuvable"),
    "no_connection": _("personne ne répond"),
    "bad_certificate": _("certificat refusé"),
    "timeout": _("pas de réponse en 10 s"),
    "no_answer": _("réponse interrompue"),
    "secret_lost": _("secret à refaire"),
}


def onto(*, method: str, paid_by: str) -> Any:
    """This will say where money goes: back by what it came, or otherwise."""
    if method == "original":
        return ONTO.get(paid_by, METHOD["original"])
    if method == "manual":
        return _("en espèces ou par virement")
    return ONTO.get(method, METHOD.get(method, method))


def reasons_by_family(*, first: Any, own: Iterable[Any] = ()) -> list[tuple[Any, Any]]:
    """This will list the reasons as a <select> groups them, behind an empty choice (SH-6).

    `own`: the merchant's wordings (family, reason, id, label), after ours; each is chosen as "reason:id".
    """
    said = list(own)
    return [
        ("", first),
        *(
            (
                FAMILY[family],
                [
                    *(
                        (code, _upper(REASON[code]))
                        for code, kind in REASONS.items()
                        if kind.family == family
                    ),
                    *((f"{each.reason}:{each.id}", each.label) for each in said if each.family == family),
                ],
            )
            for family in FAMILIES
        ),
    ]


def _upper(words: Any) -> str:
    text = str(words)
    return text[:1].upper() + text[1:]
