"""How each state of the house is said: the word first, then an icon, then a colour.

A house test holds these tables against `countermand.lifecycle`: no state may be without a word.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Saying:
    """A state as it stands on a page. `tone` is one of attention, danger, done, info, muted or empty."""

    word: Any
    icon: str
    tone: str = ""


SAYINGS: Mapping[str, Mapping[str, Saying]] = {
    "order": {
        "pending": Saying(_("en attente de paiement"), "hourglass", "muted"),
        "awaiting_acceptance": Saying(_("à accepter"), "circle-alert", "attention"),
        "accepting": Saying(_("acceptation en cours"), "loader", "info"),
        "open": Saying(_("à préparer"), "package-open", "info"),
        "partially_shipped": Saying(_("expédiée en partie"), "truck", "info"),
        "shipped": Saying(_("expédiée"), "truck", "done"),
        "refused": Saying(_("vente refusée"), "ban", "muted"),
        "cancelled": Saying(_("annulée"), "x", "muted"),
        "closed": Saying(_("close"), "check", "muted"),
    },
    "payment": {
        "pending": Saying(_("en attente"), "hourglass", "muted"),
        "authorized": Saying(_("autorisé, non débité"), "lock", "info"),
        "capturing": Saying(_("débit en cours"), "loader", "info"),
        "captured": Saying(_("encaissé"), "check", "done"),
        "disputed": Saying(_("contesté"), "triangle-alert", "danger"),
        "failed": Saying(_("échoué"), "circle-x", "danger"),
        "voided": Saying(_("autorisation levée"), "x", "muted"),
    },
    "capture": {
        "sent": Saying(_("débit demandé"), "send", "info"),
        "succeeded": Saying(_("débité"), "check", "done"),
        "failed": Saying(_("débit refusé"), "circle-x", "danger"),
    },
    "cancellation": {
        "held": Saying(_("à valider"), "hand", "attention"),
        "in_progress": Saying(_("annulation en cours"), "loader", "info"),
        "needs_person": Saying(_("à reprendre"), "triangle-alert", "danger"),
        "done": Saying(_("annulation menée à bien"), "check", "done"),
        "undone": Saying(_("annulation retirée"), "undo-2", "muted"),
    },
    "refund": {
        "held": Saying(_("retenu"), "hand", "attention"),
        "planned": Saying(_("prévu"), "calendar-clock", "info"),
        "sent": Saying(_("envoyé"), "send", "info"),
        "unknown": Saying(_("réponse inconnue"), "circle-question-mark", "attention"),
        "succeeded": Saying(_("remboursé"), "check", "done"),
        "failed": Saying(_("remboursement refusé"), "circle-x", "danger"),
        "withdrawn": Saying(_("retiré"), "undo-2", "muted"),
        "bounced": Saying(_("revenu"), "corner-down-left", "danger"),
    },
    "message": {
        "held": Saying(_("retenu"), "hand", "attention"),
        "planned": Saying(_("à envoyer"), "calendar-clock", "info"),
        "sending": Saying(_("envoi en cours"), "loader", "info"),
        "sent": Saying(_("envoyé"), "send", "done"),
        "failed": Saying(_("non envoyé"), "circle-x", "danger"),
        "bounced": Saying(_("adresse refusée"), "corner-down-left", "danger"),
        "withdrawn": Saying(_("retiré"), "undo-2", "muted"),
    },
    "offer": {
        "offered": Saying(_("proposé"), "hand-helping", "info"),
        "accepted": Saying(_("accepté"), "check", "done"),
        "declined": Saying(_("décliné"), "x", "muted"),
        "expired": Saying(_("sans réponse à temps"), "clock-alert", "muted"),
        "withdrawn": Saying(_("retiré"), "undo-2", "muted"),
        "exchanged": Saying(_("échangé"), "replace", "done"),
    },
    "return": {
        "asked": Saying(_("attendu"), "clock", "info"),
        "received": Saying(_("à regarder"), "eye", "attention"),
        "inspected": Saying(_("regardé"), "package-check", "info"),
        "done": Saying(_("terminé"), "check", "done"),
        "withdrawn": Saying(_("retiré"), "undo-2", "muted"),
        "lost": Saying(_("perdu en route"), "package-x", "danger"),
    },
    "intercept": {
        "asked": Saying(_("rappel demandé"), "clock", "info"),
        "accepted": Saying(_("rappel accepté"), "check", "info"),
        "refused": Saying(_("rappel refusé"), "x", "muted"),
        "lost": Saying(_("perdu"), "package-x", "danger"),
        "back": Saying(_("revenu"), "package-check", "done"),
    },
    "document": {
        "due": Saying(_("à établir"), "clock"),
        "issued": Saying(_("établi"), "file-check", "done"),
    },
    "decision": {
        "made": Saying(_("en cours"), "loader", "info"),
        "done": Saying(_("faite"), "check", "done"),
        "failed": Saying(_("débit refusé"), "circle-x", "danger"),
    },
    "approval": {
        "waiting": Saying(_("à valider"), "stamp", "attention"),
        "approved": Saying(_("validé"), "check", "done"),
        "declined": Saying(_("refusé"), "x", "danger"),
        "stale": Saying(_("dépassé"), "refresh-cw", "muted"),
        "expired": Saying(_("échu"), "clock-alert", "muted"),
        "withdrawn": Saying(_("retiré"), "undo-2", "muted"),
    },
    "hand_over": {
        "open": Saying(_("transmis"), "corner-up-right", "info"),
        "taken": Saying(_("pris en main"), "hand", "info"),
        "done": Saying(_("terminé"), "check", "done"),
    },
    "buyer_request": {
        "open": Saying(_("à répondre"), "inbox", "attention"),
        "approved": Saying(_("acceptée"), "check", "done"),
        "declined": Saying(_("déclinée"), "x", "muted"),
        "withdrawn": Saying(_("retirée par le client"), "undo-2", "muted"),
        "expired": Saying(_("sans objet"), "minus", "muted"),
    },
    "delivery": {
        "planned": Saying(_("à envoyer"), "clock"),
        "sending": Saying(_("en route"), "loader", "info"),
        "delivered": Saying(_("reçu"), "check", "done"),
        "failed": Saying(_("abandonné"), "circle-x", "danger"),
    },
    "suspension": {
        "proposed": Saying(_("proposée"), "circle-alert", "attention"),
        "decided": Saying(_("à venir"), "calendar-clock", "info"),
        "running": Saying(_("suspendu"), "ban", "danger"),
        "dismissed": Saying(_("écartée"), "x", "muted"),
        "lapsed": Saying(_("sans objet"), "trending-down", "muted"),
        "lifted": Saying(_("levée"), "undo-2", "done"),
        "ended": Saying(_("terminée"), "check", "done"),
    },
    "ticket": {
        "open": Saying(_("à répondre"), "circle-alert", "attention"),
        "answered": Saying(_("répondu"), "reply", "info"),
        "closed": Saying(_("clos"), "check", "done"),
    },
    "voucher": {
        "open": Saying(_("à utiliser"), "ticket-percent", "info"),
        "redeemed": Saying(_("utilisé"), "check", "done"),
        "withdrawn": Saying(_("retiré"), "undo-2", "muted"),
    },
}


# What an order is called beyond its lifecycle: it has left, and nobody has confirmed it yet (AZ-4).
SHOWN: Mapping[str, Mapping[str, Saying]] = {
    **SAYINGS,
    "order_state": {
        **SAYINGS["order"],
        "shipped_unconfirmed": Saying(_("partie, non confirmée"), "truck", "attention"),
    },
    # Where the merchant does not refund, who does is said (RK-5).
    "refund_state": {
        **SAYINGS["refund"],
        "asked": Saying(_("remboursement demandé"), "headset", "info"),
        "sent_back": Saying(_("renvoyé par le service client"), "undo-2", "attention"),
        "by_customer_service": Saying(_("remboursé par le service client"), "check", "done"),
        "by_platform": Saying(_("remboursé par la plateforme"), "check", "done"),
    },
}


def saying(thing: str, state: str) -> Saying:
    """This will say how a state is shown. Raises KeyError for a state the house does not know."""
    return SHOWN[thing][state]
