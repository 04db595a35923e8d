"""The history of an order as sentences: what happened, newest first, with what belongs to it below."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from countermand.web import readable, words
from countermand.web.templatetags.shown import minor_of

# kind -> (icon, tone). What is not named here is told by its own name rather than left out.
MARKS = {
    "order.received": ("package", ""),
    "order.accepting": ("loader", "info"),
    "order.part_accepted": ("check", ""),
    "order.accepted": ("check", "done"),
    "order.refused": ("x", "attention"),
    "order.capture_failed": ("credit-card", "danger"),
    "order.decision_missed": ("clock-alert", "danger"),
    "payment.capturing": ("credit-card", ""),
    "payment.captured": ("credit-card", "done"),
    "payment.capture_failed": ("credit-card", "danger"),
    "order.fulfilled": ("truck", ""),
    "order.parcel_received": ("package-check", "done"),
    "order.parcel_not_received": ("undo-2", ""),
    "order.verified": ("check", "done"),
    "order.overdue": ("clock-alert", "attention"),
    "order.auto_cancelled": ("clock-alert", "danger"),
    "order.verification_failed": ("circle-x", "danger"),
    "order.noted": ("sticky-note", ""),
    "cancellation.confirmed": ("x", "danger"),
    "cancellation.undone": ("undo-2", "attention"),
    "cancellation.done": ("check", "done"),
    "refund.planned": ("calendar-clock", ""),
    "refund.asked": ("headset", "info"),
    "refund.let_go": ("send", ""),
    "refund.sent_back": ("undo-2", "attention"),
    "refund.sent": ("send", ""),
    "refund.succeeded": ("hand-coins", "done"),
    "refund.failed": ("circle-x", "danger"),
    "refund.unknown": ("circle-question-mark", "attention"),
    "refund.bounced": ("corner-down-left", "danger"),
    "stock.released": ("boxes", ""),
    "stock.restocked": ("package-plus", ""),
    "message.sent": ("mail", ""),
    "message.failed": ("mail-x", "danger"),
    "message.planned": ("mail", ""),
    "message.received": ("message-circle", "info"),
    "message.set_aside": ("check", ""),
    "contact.logged": ("phone", ""),
    "feedback.given": ("message-circle", ""),
    "credit.issued": ("gift", "done"),
    "document.issued": ("file-text", "done"),
    "approval.asked": ("stamp", "attention"),
    "approval.approved": ("stamp", "done"),
    "approval.declined": ("stamp", "danger"),
    "approval.stale": ("history", ""),
    "approval.expired": ("clock-alert", ""),
    "approval.withdrawn": ("undo-2", ""),
    "case.handed_over": ("forward", "info"),
    "case.taken": ("hand", ""),
    "case.done": ("check", "done"),
    "order.reordered": ("repeat", ""),
    "voucher.issued": ("ticket-percent", "done"),
    "voucher.redeemed": ("ticket-check", "done"),
    "voucher.withdrawn": ("ticket-x", "attention"),
    "step.done": ("boxes", ""),
    "step.skipped": ("skip-forward", "attention"),
    "ticket.opened": ("life-buoy", ""),
    "ticket.closed": ("life-buoy", "done"),
    "ticket.answered": ("life-buoy", "info"),
    "service.let_go": ("building-2", "info"),
    "service.settled": ("building-2", "done"),
    "service.sent_back": ("building-2", "attention"),
    "service.asked_again": ("reply", "info"),
    "return.asked": ("undo-2", "attention"),
    "return.sent": ("truck", ""),
    "return.received": ("package-open", ""),
    "return.inspected": ("package-check", "done"),
    "return.withdrawn": ("undo-2", ""),
    "return.lost": ("package-x", "danger"),
    "intercept.asked": ("truck", "attention"),
    "intercept.accepted": ("truck", ""),
    "intercept.refused": ("truck", "attention"),
    "intercept.lost": ("package-x", "danger"),
    "intercept.back": ("package-check", "done"),
    "order.parcel_back": ("package-open", ""),
    "offer.made": ("repeat", ""),
    "offer.accepted": ("repeat", "done"),
    "offer.declined": ("repeat", ""),
    "offer.withdrawn": ("repeat", "attention"),
    "offer.expired": ("repeat", "attention"),
    "order.exchanged": ("repeat", "done"),
    "payment.carried": ("hand-coins", ""),
    "request.received": ("inbox", "attention"),
    "request.official": ("badge-check", "done"),
    "request.approved": ("inbox", "done"),
    "request.declined": ("inbox", ""),
    "request.withdrawn": ("undo-2", ""),
    "request.expired": ("inbox", ""),
    "request.reopened": ("inbox", "attention"),
    "request.reminded": ("clock-alert", "attention"),
}


def told(timeline: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """This will write the history newest first; what one deed did at one moment stands together."""
    groups: list[dict[str, Any]] = []
    for event in timeline:
        line = _line(event)
        last = groups[-1] if groups else None
        if last and last["kind"] == "cancellation.confirmed" and _same_moment(last, event):
            last["more"].append(line["what"])
        else:
            groups.append(line)
    return list(reversed(groups))


def _same_moment(group: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    return (group["at_text"], group["by"]) == (event["at"], event["by"])


def _line(event: Mapping[str, Any]) -> dict[str, Any]:
    icon, tone = MARKS.get(event["kind"], ("circle-dot", ""))
    return {
        "kind": event["kind"],
        "what": _sentence(event["kind"], event["facts"]),
        "at": datetime.fromisoformat(event["at"]),
        "at_text": event["at"],
        "by": event["by"],
        "icon": icon,
        "tone": tone,
        "more": [],
    }


def _sentence(kind: str, facts: Mapping[str, Any]) -> str:
    amount = _amount(facts)
    if kind == "cancellation.confirmed":
        units = sum(facts.get("units", {}).values())
        what = ngettext("%(n)s article annulé", "%(n)s articles annulés", units) % {
            "n": readable.number(units)
        }
        why = words.REASON.get(facts.get("reason", ""), "")
        return _("%(what)s : %(why)s") % {"what": what, "why": why}
    if kind in ("stock.released", "stock.restocked"):
        units = facts.get("units")
        counted = sum(units.values()) if units else int(facts.get("quantity", 0))
        shown = {"n": readable.number(counted)}
        if kind == "stock.released":
            return ngettext("%(n)s unité libérée", "%(n)s unités libérées", counted) % shown
        return ngettext("%(n)s unité remise en stock", "%(n)s unités remises en stock", counted) % shown
    if kind == "refund.planned" and facts.get("movement") == "void":
        return _("%(amount)s : autorisation à lever") % {"amount": amount}
    if kind == "contact.logged":
        means, outcome = (
            words.MEANS.get(facts.get("by_means", ""), ""),
            words.OUTCOME.get(facts.get("outcome", ""), ""),
        )
        return _("Client contacté %(means)s : %(outcome)s") % {"means": means, "outcome": outcome}
    if kind == "feedback.given":
        return _("Avis du client : %(score)s sur 5") % {"score": facts.get("score", "")}
    if kind == "step.done":
        return _("Stock réglé : %(sku)s") % {"sku": facts.get("sku", "")}
    if kind == "step.skipped":
        return (
            _("Étape « Prévenir » passée") if facts.get("step") == "contact" else _("Étape « Stock » passée")
        )
    if kind == "voucher.issued" and facts.get("percent"):
        return _("Bon d'achat de %(percent)s offert") % {
            "percent": readable.percent(facts["percent"] / 100, 0)
        }
    if kind == "order.reordered":
        return (
            _("Commande repassée")
            if "placed_again" in facts
            else _("Repasse une commande annulée par erreur")
        )
    if kind == "document.issued":
        what = _("Facture d'avoir") if facts.get("about") == "credit_note" else _("Reçu de remboursement")
        return _("%(what)s %(label)s") % {"what": what, "label": facts.get("label", "")}
    said = {
        "ticket.opened": _("Ticket ouvert auprès du support"),
        "ticket.closed": _("Ticket clos"),
        "ticket.answered": _("Le support a répondu au ticket"),
        "service.let_go": _("Le service client lance le remboursement"),
        "service.sent_back": _("Le service client vous a écrit ce qui lui manque"),
        "service.asked_again": _("Réponse envoyée au service client"),
        "service.settled": _("Le service client a remboursé"),
        "return.asked": _("Retour attendu"),
        "return.sent": _("Preuve d'envoi du retour notée"),
        "return.received": _("Retour arrivé"),
        "return.inspected": _("Retour regardé"),
        "return.withdrawn": _("Retour retiré : le client garde ses articles"),
        "return.lost": _("Retour perdu en route"),
        "intercept.asked": _("Colis rappelé"),
        "intercept.accepted": _("Rappel du colis accepté"),
        "intercept.refused": _("Rappel du colis refusé"),
        "intercept.lost": _("Colis perdu"),
        "intercept.back": _("Colis revenu"),
        "order.parcel_back": _("Articles revenus avant confirmation d'expédition"),
        "offer.made": _("Autre article proposé au client"),
        "offer.accepted": _("Le client prend l'autre article"),
        "offer.declined": _("Le client ne veut pas de l'autre article"),
        "offer.withdrawn": _("Proposition retirée"),
        "offer.expired": _("Proposition échue"),
        "order.exchanged": _("Article échangé"),
        "payment.carried": _("%(amount)s reportés sur l'échange"),
        "order.received": _("Commande reçue"),
        "order.fulfilled": _("Colis parti"),
        "order.parcel_received": _("Colis reçu par le client"),
        "order.parcel_not_received": _("Colis pas encore reçu : réception retirée"),
        "order.shipment_confirmed": _("Expédition confirmée"),
        "order.noted": _("Note ajoutée"),
        "order.verified": _("Paiement vérifié"),
        "order.overdue": _("Bientôt annulée d'office : commerçant prévenu"),
        "order.auto_cancelled": _("Annulée d'office par la plateforme : non expédiée à temps"),
        "order.verification_failed": _("Paiement refusé : annulée par la plateforme")
        if facts.get("how") != "ran_out"
        else _("Vérification sans réponse à temps : annulée par la plateforme"),
        "order.accepted": _("Vente acceptée"),
        "order.accepting": _("Vente acceptée : débit de la carte demandé"),
        "order.part_accepted": _("Articles acceptés : le reste est à décider"),
        "order.decision_missed": _("Sans décision à temps : refusée par la plateforme"),
        "order.capture_failed": _("Débit refusé : la vente est à décider à nouveau"),
        "order.refused": _("Vente refusée") if facts.get("whole", True) else _("Articles refusés"),
        "payment.capturing": _("Débit de %(amount)s demandé"),
        "payment.captured": _("%(amount)s débités"),
        "payment.capture_failed": _("Débit refusé"),
        "cancellation.undone": _("Annulation retirée"),
        "cancellation.done": _("Annulation menée à bien"),
        "refund.planned": _("%(amount)s à rendre : remboursement prévu"),
        "refund.asked": _("%(amount)s demandés au service client, qui rembourse"),
        "refund.sent_back": _("%(amount)s : le service client a renvoyé la demande, il attend une réponse"),
        "refund.let_go": _("%(amount)s : le service client rembourse"),
        "refund.sent": _("Remboursement envoyé"),
        "refund.succeeded": _("%(amount)s remboursés"),
        "refund.failed": _("Remboursement de %(amount)s refusé"),
        "refund.unknown": _("Remboursement de %(amount)s : réponse inconnue, vérification en cours"),
        "refund.bounced": _("%(amount)s revenus après remboursement"),
        "refund.withdrawn": _("Remboursement retiré"),
        "message.planned": _("E-mail au client prévu"),
        "message.received": _("Message du client reçu"),
        "message.set_aside": _("Message du client : rien à répondre"),
        "message.sent": _("E-mail envoyé au client"),
        "message.failed": _("E-mail au client non envoyé"),
        "credit.issued": _("Avoir en boutique de %(amount)s"),
        "approval.asked": _("Validation demandée : %(amount)s à rendre"),
        "approval.approved": _("Demande validée"),
        "approval.declined": _("Demande refusée : rien n'est parti"),
        "approval.stale": _("La commande a changé : la demande ne vaut plus"),
        "approval.expired": _("Demande restée sans réponse"),
        "approval.withdrawn": _("Demande retirée"),
        "case.handed_over": _("Dossier transmis"),
        "case.taken": _("Dossier pris en main"),
        "case.done": _("Dossier terminé"),
        "voucher.issued": _("Bon d'achat de %(amount)s offert"),
        "voucher.redeemed": _("Bon d'achat utilisé : %(amount)s retirés"),
        "voucher.withdrawn": _("Bon d'achat retiré"),
        "request.received": _("Le client demande l'annulation (demande officielle)")
        if facts.get("official")
        else _("Le client demande l'annulation (demande non officielle)"),
        "request.official": _("La demande du client est officielle maintenant"),
        "request.approved": _("Demande du client acceptée"),
        "request.declined": _("Demande du client déclinée"),
        "request.withdrawn": _("Le client retire sa demande"),
        "request.expired": _("Demande du client sans objet : plus rien à annuler"),
        "request.reopened": _("Demande du client ouverte à nouveau"),
        "request.reminded": _("Demande du client toujours sans réponse"),
    }
    return said.get(kind, kind) % {"amount": amount}


def _amount(facts: Mapping[str, Any]) -> str:
    if facts.get("amount") is None or "currency" not in facts:
        return ""
    return readable.money(minor_of(str(facts["amount"]), facts["currency"]), facts["currency"])
