"""What counts in a rate and why, in words: on the cancel page, on the page of the rate, in the policy."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from countermand.channels.presets import Terms
from countermand.web import findings, readable, terms_words

# `channels.counting.WHYS`, after "compte : " or "ne compte pas : ".
WHY = {
    "all": _("ici, toute annulation compte"),
    "seller": _("elle vient de vous"),
    "automatic": _("la plateforme a annulé d'office"),
    "no_case": _("le client l'a voulue, sans dossier ouvert avant au service client"),
    "no_official_request": _("le client l'a voulue, sans demande officielle"),
    "other_reason": _("demande officielle, mais le motif est un autre"),
    "more_units": _("plus d'unités que le client n'en a demandé"),
    "not_in_rate": _("la vente n'était pas encore acceptée ou vérifiée"),
    "buyer": _("le client l'a demandée"),
    "case_before": _("le service client avait un dossier avant"),
    "official_request": _("le client l'a demandée officiellement"),
}
# What would keep it out of the rate, where something honest would.
ADVICE = {
    "no_case": _("Passez d'abord par le service client et notez sa référence : elle ne comptera pas."),
    "no_official_request": _("Demandez au client de passer par son compte : elle ne comptera pas."),
    "other_reason": _("Si le client renonce de lui-même, choisissez son motif : elle ne comptera pas."),
    "more_units": _("Annulez seulement ce qu'il a demandé : cela ne comptera pas."),
}
COURSE = {
    "cancel": _("Annuler maintenant"),
    "ask_officially": _("Obtenir d'abord la demande officielle"),
    "ship": _("Expédier"),
}
VERDICT = {
    "too_few": _("trop peu pour juger"),
    "below": _("sous la limite"),
    "near": _("seuil d'alerte atteint"),
    "breached": _("limite dépassée"),
}
VERDICT_TONE = {"too_few": "muted", "below": "done", "near": "attention", "breached": "danger"}
FAMILY = {
    "satisfaction": _("Satisfaction des clients"),
    "delivery": _("Livraison"),
    "catalogue": _("Qualité du catalogue"),
}
_COUNTS = {
    "all": _("Toute annulation compte, qui que ce soit qui la demande."),
    "seller": _(
        "Compte ce que vous annulez de vous-même, et l'annulation d'office ; ce que le client demande ne compte pas."
    ),
    "seller_or_no_case": _(
        "Compte ce que vous annulez de vous-même, la rétractation d'un client sans dossier ouvert avant au "
        "service client, et l'annulation d'office. Un refus avant l'acceptation ne compte pas."
    ),
    "seller_or_unofficial": _(
        "Compte ce que vous annulez, un autre motif ou plus d'unités que demandé, une demande non officielle, "
        "et l'annulation d'office. La demande officielle du client ne compte pas."
    ),
}
_ENTERS = {
    "placed": _("passées"),
    "accepted": _("acceptées"),
    "verified": _("vérifiées"),
}


def why(counts: bool, code: str) -> str:
    """This will say in words whether a cancellation counts, and why."""
    said = WHY.get(code, "")
    head = gettext("compte dans le taux") if counts else gettext("ne compte pas dans le taux")
    return gettext("%(head)s : %(why)s") % {"head": head, "why": said} if said else str(head)


def policy(terms: Terms, sourced: Mapping[str, Mapping[str, Any]], *, zone: str) -> list[dict[str, str]]:
    """This will write what a channel requires of the rate, a sentence each with its source (AZ-8)."""
    article = terms.rate_unit == "article"
    units = gettext("articles") if article else gettext("commandes")
    enters = _ENTERS[terms.rate_enters] if not article else _ARTICLES[terms.rate_enters]
    said = []
    if terms.limit:
        limit = findings.per_cent(terms.limit)
        said.append(
            (
                "limit",
                gettext("Le taux reste sous %(limit)s : à %(limit)s juste, c'est un dépassement.")
                % {"limit": limit},
            )
        )
    else:
        said.append(("limit", gettext("Ce canal n'a pas de limite.")))
    if terms.warn:
        said.append(
            ("warn", gettext("Vous êtes prévenu dès %(warn)s.") % {"warn": findings.per_cent(terms.warn)})
        )
    said += [
        (
            "rate_enters",
            gettext("Il se mesure aux %(units)s %(enters)s, au jour de la commande.")
            % {"units": units, "enters": enters},
        ),
        (
            "window_days",
            ngettext(
                "Sur le dernier jour entier et aujourd'hui, heure de %(zone)s.",
                "Sur les %(n)s derniers jours entiers et aujourd'hui, heure de %(zone)s.",
                terms.window_days,
            )
            % {"n": terms.window_days, "zone": zone.rpartition("/")[2].replace("_", " ")},
        ),
        ("counts", str(_COUNTS[terms.counts])),
        (
            "minimum_volume",
            gettext("Sous %(n)s %(units)s, on ne juge pas.")
            % {"n": readable.number(terms.minimum_volume), "units": units},
        ),
    ]
    if terms.alert_count:
        text = (
            gettext("Alerte à %(n)s annulations qui comptent en %(days)s jours sur un même article.")
            if terms.alert_per == "article"
            else gettext("Alerte à %(n)s annulations qui comptent en %(days)s jours.")
        )
        said.append(("alert_count", text % {"n": terms.alert_count, "days": terms.alert_days}))
    return [
        {"text": text, "source": str(terms_words.SOURCE.get(source, source))}
        for term, text in said
        for source in (str(sourced[term]["source"]),)
    ]


_ARTICLES = {"placed": _("commandés"), "accepted": _("acceptés"), "verified": _("vérifiés")}
