"""Requests of buyers in words: by what way, what for, why official or not, and what the clock does."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from countermand.channels.presets import Terms
from countermand.orders.facts import Requested
from countermand.web import readable

ROUTE: dict[str, Any] = {
    "official": _("depuis son compte"),
    "message": _("par message"),
    "email": _("par e-mail"),
    "phone": _("au téléphone"),
    "counter": _("au comptoir"),
    "customer_service": _("par le service client"),
}
KIND: dict[str, Any] = {"cancellation": _("annulation"), "withdrawal": _("rétractation")}


def why(official: bool, terms: Terms, *, route: str) -> str:
    """This will say why a request is official, or what it lacks to be."""
    if official:
        if terms.case_required:
            return gettext("le service client a ouvert un dossier")
        return gettext("le canal reconnaît ce qui est demandé %(route)s") % {"route": ROUTE[route]}
    if terms.case_required:
        return gettext("le service client n'a pas de dossier")
    ways = gettext(" ou ").join(str(ROUTE[each]) for each in terms.official_routes)
    return gettext("le canal ne reconnaît que ce qui est demandé %(ways)s") % {"ways": ways}


def how_to_make_official(terms: Terms) -> str:
    """This will say what to do so that a request becomes official."""
    if terms.case_required:
        return gettext(
            "Passez d'abord par le service client : il ouvre un dossier, vous en notez la référence, puis vous annulez."
        )
    return gettext(
        "Demandez au client de faire la demande depuis son compte, sur la page de sa commande. Puis notez-la ici."
    )


def named(request: Requested) -> str:
    """This will name an open request in a choice: official or not, by what way, since when."""
    said = (
        gettext("Oui : demande officielle, %(route)s, du %(on)s")
        if request.official
        else gettext("Oui : demande non officielle, %(route)s, du %(on)s")
    )
    on = readable.day(timezone.localdate(request.asked_at))
    return said % {"route": ROUTE[request.route], "on": on}


def clock(request: Mapping[str, Any], now: datetime) -> tuple[str, str]:
    """This will say what happens to an open request if nobody answers: (sentence, tone)."""
    if request["state"] != "open":
        return "", ""
    if request["due_at"] is None:
        return gettext("sans réponse depuis trop longtemps"), "danger"
    due = datetime.fromisoformat(request["due_at"])
    at = readable.moment(due, now)
    if request["due_then"] == "cancel":
        return gettext("sans réponse, annulée d'office : %(at)s") % {"at": at}, "attention"
    return gettext("sans réponse, rappel : %(at)s") % {"at": at}, ""
