"""Changes of the settings as sentences: what `happenings` does not tell, since it is of no order."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from countermand.web import happenings, terms_words, words

AREA = {
    "orders": gettext_lazy("Commandes"),
    "money": gettext_lazy("Argent"),
    "stock": gettext_lazy("Stock"),
    "mails": gettext_lazy("E-mails"),
    "settings": gettext_lazy("Réglages"),
}
# Who did it, where it was no person.
MACHINES = {
    "worker": gettext_lazy("Countermand"),
    "clock": gettext_lazy("Countermand"),
    "console": gettext_lazy("console"),
}
FIELD = {
    "name": gettext_lazy("nom"),
    "contact_name": gettext_lazy("qui signe"),
    "reply_to": gettext_lazy("adresse de réponse"),
    "phone": gettext_lazy("téléphone"),
    "timezone": gettext_lazy("fuseau horaire"),
    "language": gettext_lazy("langue"),
    "two_factor_required": gettext_lazy("double authentification exigée"),
}
LANGUAGE = {"fr": gettext_lazy("en français"), "en": gettext_lazy("en anglais")}
ICONS = {
    "merchant": "store",
    "member": "users-round",
    "invitation": "mail-plus",
    "token": "key-round",
    "channel": "scale",
    "wording": "list-tree",
    "template": "mail",
    "letter": "mail",
    "how_to": "life-buoy",
    "practice": "graduation-cap",
    "till": "arrow-left-right",
    "item": "boxes",
    "webhook": "webhook",
    "seat": "store",
    "alert": "bell",
    "suspension": "ban",
}


def told(event: Mapping[str, Any]) -> dict[str, Any]:
    """This will write one event as a line: what, when, by whom, on which order."""
    line = happenings.told([dict(event)])[0]
    said = _said(event["kind"], event["facts"])
    if said:
        line["what"] = said
        line["icon"] = ICONS.get(event["kind"].split(".")[0], line["icon"])
    return line | {"order_id": event["order_id"], "number": event.get("number") or ""}


def _said(kind: str, facts: Mapping[str, Any]) -> str:
    role = words.ROLE.get(facts.get("role", ""), "")
    what = {
        "merchant.changed": _("Entreprise réglée : %(what)s"),
        "merchant.identified": _("Mentions légales changées"),
        "merchant.rules_changed": _("Règles de validation changées"),
        "item.created": _("Article ajouté"),
        "item.changed": _("Article changé"),
        "item.unavailable": _("Article rendu indisponible"),
        "item.available": _("Article de nouveau disponible"),
        "item.off_sale": _("Article retiré de la vente"),
        "item.on_sale": _("Article remis en vente"),
        "item.reviewed": _("Stock d'un article revu"),
        "item.review_days_changed": _("Délai de revue d'un article changé"),
        "stock.counted": _("Stock d'un article compté"),
        "stock.added": _("Stock d'un article ajouté"),
        "credit.redeemed": _("Avoir ou carte cadeau dépensé"),
        "payment.added": _("Paiement ajouté"),
        "bulk.started": _("Annulation groupée commencée"),
        "bulk.stopped": _("Annulation groupée arrêtée"),
        "webhook.created": _("Webhook ajouté"),
        "webhook.changed": _("Webhook changé"),
        "webhook.removed": _("Webhook retiré"),
        "webhook.rotated": _("Secret d'un webhook changé"),
        "webhook.disabled": _("Webhook arrêté : il ne répond plus"),
        "suspension.proposed": _("Suspension des ventes proposée"),
        "suspension.dismissed": _("Suspension des ventes écartée"),
        "suspension.lapsed": _("Proposition de suspension devenue sans objet"),
        "member.invited": _("Invitation renvoyée") if facts.get("again") else _("Invitation : %(role)s"),
        "invitation.withdrawn": _("Invitation retirée"),
        "member.joined": _("Place prise : %(role)s"),
        "member.role_changed": _("Rôle changé : %(before)s, puis %(role)s"),
        "member.removed": _("Place retirée : %(role)s"),
        "member.till_code": _("Code de caisse choisi") if facts.get("has") else _("Code de caisse retiré"),
        "till.taken_over": _("Caisse reprise avec le code"),
        "token.issued": _("Clé de l'API faite : %(role)s"),
        "token.revoked": _("Clé de l'API retirée"),
        "channel.opened": _("Canal ouvert"),
        "channel.changed": _("Canal réglé : %(what)s"),
        "wording.added": _("Motif ajouté sous « %(reason)s »"),
        "wording.changed": _("Motif changé sous « %(reason)s »"),
        "wording.moved": _("Ordre des motifs changé"),
        "template.changed": _("Modèle changé : %(mail)s, %(language)s"),
        "template.dropped": _("Modèle remis à notre texte : %(mail)s, %(language)s"),
        "reply_text.changed": _("Texte de message gardé"),
        "reply_text.dropped": _("Texte de message retiré"),
        "webhook.inbound_key": _("Secret d'un canal fait, pour les messages reçus"),
        "how_to.changed": _("Page « Comment annuler » changée, %(language)s"),
        "practice.opened": _("Entraînement commencé"),
        "practice.ended": _("Entraînement remis à neuf"),
        "seat.taken": _("Canal relié à une place de marché"),
        "alert.raised": _("Alerte de la place de marché"),
        "alert.acknowledged": _("Alerte de la place de marché lue"),
        "alert.closed": _("Alerte de la place de marché close : le taux est revenu"),
        "suspension.decided": _("Ventes suspendues par la place de marché"),
        "suspension.began": _("Suspension des ventes commencée"),
        "suspension.appealed": _("Réponse à la suspension envoyée"),
        "suspension.answered": _("La place de marché a répondu"),
        "suspension.lifted": _("Suspension des ventes levée"),
        "suspension.ended": _("Suspension des ventes terminée"),
        "letter.sent": _("E-mail envoyé à un collègue"),
        "letter.failed": _("E-mail à un collègue non envoyé"),
    }.get(kind, "")
    if not what:
        return ""
    return what % {
        "role": role,
        "before": words.ROLE.get(facts.get("before", ""), ""),
        "what": ", ".join(_changes(facts)),
        "reason": words.REASON.get(facts.get("reason", ""), ""),
        "mail": words.MESSAGE.get(facts.get("mail", ""), ""),
        "language": LANGUAGE.get(facts.get("language", ""), ""),
    }


def _changes(facts: Mapping[str, Any]) -> list[str]:
    terms = facts.get("terms")
    if isinstance(terms, dict):
        return [term_change(term, before, after) for term, (before, after) in terms.items()]
    return [str(FIELD.get(name, terms_words.TERM.get(name, name))) for name in facts.get("changed", ())]


def term_change(term: str, before: Any, after: Any) -> str:
    """This will say how one condition of a channel was set: "Alerte à : 3 %, puis 2,5 %"."""
    said = [
        _("comme prévu") if value is None else str(terms_words.value_of(term, value))
        for value in (before, after)
    ]
    return _("%(term)s : %(before)s, puis %(after)s") % {
        "term": terms_words.TERM.get(term, term),
        "before": said[0],
        "after": said[1],
    }
