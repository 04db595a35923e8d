"""Terms of a channel in words: what each one is, and what its value means."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from countermand.web import message_words, words

TERM = {
    "acceptance": _("Acceptation de la vente"),
    "acceptance_hours": _("Délai pour accepter, en heures"),
    "acceptance_end": _("Si personne ne décide à temps"),
    "verification": _("Vérification du paiement"),
    "verification_days": _("Vérification, au plus, en jours"),
    "platform": _("Service client du canal"),
    "capture": _("Débit du client"),
    "refunds_by": _("Qui rembourse"),
    "methods": _("Moyens de remboursement"),
    "reason": _("Motif"),
    "message_required": _("Message au client exigé"),
    "message_max": _("Longueur du message"),
    "message_kinds": _("Messages au client"),
    "message_days_after_order": _("Messages après la commande, en jours"),
    "message_days_after_received": _("Messages après la réception, en jours"),
    "message_days_unasked": _("Messages sans question du client, après l'envoi, en jours"),
    "message_links": _("Liens dans les messages"),
    "reply_hours": _("Délai pour répondre, en heures"),
    "notify": _("E-mail au client"),
    "restock": _("Remise en stock"),
    "shipping_on_part": _("Livraison, si une partie est annulée"),
    "fee_allowed": _("Frais d'annulation"),
    "restocking_fee": _("Frais de retour"),
    "once_shipped": _("Une fois expédiée"),
    "alternative": _("Autre article accepté"),
    "place_again": _("Repasser la commande pour le client"),
    "grace_minutes": _("Délai de grâce, en minutes"),
    "official_routes": _("Demande officielle du client"),
    "case_required": _("Dossier du service client exigé"),
    "unanswered_days": _("Demande sans réponse, en jours"),
    "unanswered_then": _("Demande sans réponse : ensuite"),
    "auto_cancel_days": _("Annulation d'office, en jours"),
    "auto_cancel_basis": _("Jours comptés"),
    "undo_seconds": _("Retour en arrière, en secondes"),
    "commission_rate": _("Commission de la plateforme"),
    "commission_on_cancel": _("Commission, si l'on annule"),
    "service_refund_days": _("Le service client rembourse, en jours"),
    "rate_unit": _("Le taux compte"),
    "counts": _("Compte dans le taux"),
    "window_days": _("Période du taux, en jours"),
    "warn": _("Alerte à"),
    "limit": _("Limite du taux"),
    "minimum_volume": _("Volume minimal"),
    "clock": _("Horloge"),
    "rate_enters": _("Une commande entre dans le taux"),
    "alert_count": _("Trop d'annulations : à partir de"),
    "alert_days": _("Trop d'annulations : en combien de jours"),
    "alert_per": _("Trop d'annulations : comptées"),
    "score_scale": _("Note du canal, sur"),
}
VALUE: dict[str, Any] = {
    "none": _("aucune"),
    "paid": _("à la commande"),
    "merchant": _("la boutique"),
    "platform": _("la plateforme"),
    "list": _("dans la liste"),
    "choice": _("au choix"),
    "always": _("toujours"),
    "channel": _("par le canal"),
    "keep": _("gardée"),
    "prorate": _("au prorata"),
    "all": _("rendue"),
    "never": _("jamais"),
    "customer_wish": _("si le client le souhaite"),
    "order": _("les commandes"),
    "article": _("les articles"),
    "after_failed_delivery": _("après une livraison impossible"),
    "required": _("exigée"),
    "replaces": _("remplace l'article"),
    "new_order": _("nouvelle commande"),
    "calendar": _("calendaires"),
    "business": _("ouvrés"),
    "return": _("retour"),
    "intercept": _("rappel du colis"),
    "claim": _("réclamation"),
    "withdrawal": _("rétractation"),
    "official": _("depuis son compte"),
    "message": _("par message"),
    "email": _("par e-mail"),
    "phone": _("au téléphone"),
    "counter": _("au comptoir"),
    "customer_service": _("par le service client"),
    "reversed": _("rendue"),
    "kept_unless_case": _("due, sauf dossier ouvert avant"),
    "remind": _("rappel"),
    "cancel": _("annulation d'office"),
    "refuse": _("refus d'office"),
}
SOURCE = {"override": _("votre réglage"), "ours": _("notre choix"), "facts": _("fait vérifié")}
RATES = ("warn", "limit", "commission_rate")
NO_END = ("message_days_after_order", "message_days_after_received", "message_days_unasked")


def said(terms: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """This will write effective terms as rows: term, value, and where the value comes from."""
    return [
        {
            "term": TERM.get(name, name),
            "value": value_of(name, entry["value"]),
            "source": SOURCE.get(entry["source"], entry["source"]),
            "changed": entry["source"] == "override",
        }
        for name, entry in terms.items()
    ]


def value_of(name: str, value: Any) -> Any:
    """This will write the value of a term in words."""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if name == "message_kinds":
        return ", ".join(str(message_words.KIND[each]) for each in value)
    if name in NO_END and not value:
        return _("sans limite")
    if isinstance(value, list | tuple):
        return ", ".join(str(words.METHOD.get(each, VALUE.get(each, each))) for each in value) or "–"
    if name in RATES:
        return f"{value} %" if value else "–"
    return VALUE.get(value, value) if value != "" else "–"
