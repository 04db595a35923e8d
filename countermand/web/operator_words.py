"""What stands on a marketplace's pages in words: where a rate is, which way it goes, what an alert said, each step."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from countermand.marketplace.models import Alert, Step
from countermand.web import readable


class Word(NamedTuple):
    """A word with its icon and its tone."""

    word: Any
    icon: str
    tone: str = ""


LEVELS: Mapping[str, Word] = {
    "limit": Word(lazy("limite atteinte"), "octagon-alert", "danger"),
    "warn": Word(lazy("près de la limite"), "triangle-alert", "attention"),
    "calm": Word(lazy("sous la limite"), "check", "done"),
    "few": Word(lazy("trop peu pour juger"), "hourglass", "muted"),
    "watch": Word(lazy("à surveiller"), "eye", "attention"),
    "none": Word(lazy("sans limite"), "infinity", "muted"),
}
# What stands on a merchant's row about a suspension that is open.
HELD: Mapping[str, Word] = {
    "proposed": Word(lazy("suspension à décider"), "circle-alert", "attention"),
    "decided": Word(lazy("suspension à venir"), "calendar-clock", "info"),
    "running": Word(lazy("suspendu"), "ban", "danger"),
}
TRENDS: Mapping[str, Word] = {
    "up": Word(lazy("en hausse"), "trending-up", "attention"),
    "down": Word(lazy("en baisse"), "trending-down", "done"),
    "level": Word(lazy("stable"), "minus"),
    "new": Word(lazy("sans passé"), "minus"),
}
KINDS: Mapping[str, Word] = {
    "limit": Word(lazy("Limite atteinte"), "octagon-alert", "danger"),
    "warn": Word(lazy("Près de la limite"), "triangle-alert", "attention"),
    "watch": Word(lazy("À surveiller"), "eye", "attention"),
    "number": Word(lazy("Beaucoup en peu de jours"), "activity", "attention"),
}
WANTS = {
    "zero": lazy("mettre le stock à zéro"),
    "shortage": lazy("retirer de la vente pour un temps"),
    "count": lazy("corriger le stock"),
}
# kind of step -> (what happened, icon, tone)
STEPS: Mapping[str, Word] = {
    "marketplace.opened": Word(lazy("Place de marché ouverte"), "store"),
    "operator.added": Word(lazy("Collègue ajouté"), "user-plus"),
    "operator.invited": Word(lazy("Invitation renvoyée à un collègue"), "mail"),
    "operator.changed": Word(lazy("Rôle d'un collègue changé"), "user-cog"),
    "operator.removed": Word(lazy("Collègue retiré"), "user-minus", "attention"),
    "seat.taken": Word(lazy("Canal relié à la place de marché"), "plug"),
    "alert.raised": Word(lazy("Alerte envoyée au commerçant"), "bell", "attention"),
    "alert.closed": Word(lazy("Alerte close : le taux est revenu"), "bell-off", "done"),
    "alert.acknowledged": Word(lazy("Alerte lue par le commerçant"), "check"),
    "suspension.proposed": Word(lazy("Suspension proposée"), "circle-alert", "attention"),
    "suspension.lapsed": Word(lazy("Proposition sans objet : le taux est revenu"), "trending-down"),
    "suspension.decided": Word(lazy("Suspension décidée"), "ban", "danger"),
    "suspension.dismissed": Word(lazy("Proposition écartée"), "x"),
    "suspension.began": Word(lazy("Suspension commencée"), "ban", "danger"),
    "suspension.appealed": Word(lazy("Réponse du commerçant"), "message-square", "info"),
    "suspension.answered": Word(lazy("Réponse donnée au commerçant"), "reply"),
    "suspension.lifted": Word(lazy("Suspension levée"), "undo-2", "done"),
    "suspension.ended": Word(lazy("Suspension terminée"), "check", "done"),
    "ticket.answered": Word(lazy("Ticket répondu"), "life-buoy"),
    "ticket.closed": Word(lazy("Ticket clos"), "life-buoy", "done"),
    "service.let_go": Word(lazy("Remboursement lancé"), "send", "info"),
    "service.sent_back": Word(lazy("Demande de remboursement renvoyée au commerçant"), "undo-2", "attention"),
    "service.asked_again": Word(lazy("Remboursement redemandé par le commerçant"), "headset", "info"),
    "service.settled": Word(lazy("Remboursement réglé avec preuve"), "hand-coins", "done"),
    "basket.received": Word(lazy("Panier reçu"), "shopping-basket"),
}


def alert_said(alert: Alert) -> dict[str, Any]:
    """This will put an alert into words."""
    facts = alert.facts
    sums = {
        "rate": _percent(facts["rate"]),
        "n": readable.number(facts["cancelled"]),
        "of": readable.number(facts["total"]),
        "days": facts["days"],
    }
    if alert.kind == "number":
        sums |= {"count": facts["count"], "in_days": facts["in_days"], "sku": alert.subject}
        said = (
            _("%(count)s annulations en %(in_days)s jours sur l'article %(sku)s")
            if alert.subject
            else _("%(count)s annulations en %(in_days)s jours")
        )
    else:
        said = _("%(rate)s sur %(days)s jours : %(n)s sur %(of)s")
    limit = _percent(facts["limit"]) if facts.get("limit") else ""
    kind = "watch" if alert.kind == "warn" and not limit else alert.kind
    return {"alert": alert, "kind": KINDS[kind], "said": said % sums, "limit": limit}


def step_said(step: Step) -> dict[str, Any]:
    """This will put a step of the journal into words."""
    word = STEPS.get(step.kind, Word(step.kind, "circle-dot"))
    more = ""
    if "amount_minor" in step.facts:
        more = readable.money(step.facts["amount_minor"], step.facts["currency"])
    elif "rate" in step.facts and step.kind == "alert.raised":
        more = _percent(step.facts["rate"])
    elif "skus" in step.facts:
        more = ", ".join(step.facts["skus"])
    return {"step": step, "word": word, "more": more}


def _percent(text: str) -> str:
    share = float(text) / 100
    return readable.percent(share, 0 if float(text).is_integer() else 2)
