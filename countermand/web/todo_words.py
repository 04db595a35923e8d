"""What waits, in words: what it is, the sentence that says for what, and its tone."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from babel import dates
from django.utils.text import capfirst
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from countermand.web import approvals, readable, request_words, return_words, typography, words
from countermand.web.access import Desk

# kind -> (what it is, icon, tone)
KINDS: dict[str, tuple[Any, str, str]] = {
    "request": (_("Demande du client : ne pas expédier"), "package-x", "danger"),
    "withdrawal_sent": (_("Rétractation : articles à faire revenir"), "undo-2", "danger"),
    "short_untold": (_("Client à prévenir"), "message-circle-warning", "danger"),
    "call_again": (_("Client à rappeler"), "phone", "info"),
    "wait_over": (_("Attente passée"), "calendar-clock", "attention"),
    "offer_answered": (_("Réponse du client"), "reply", "info"),
    "to_accept": (_("Vente à accepter ou à refuser"), "circle-alert", "attention"),
    "refund_failed": (_("Remboursement refusé"), "circle-x", "danger"),
    "refund_unknown": (_("Remboursement sans réponse"), "circle-question-mark", "attention"),
    "refund_by_hand": (_("À rendre à la main"), "hand", "attention"),
    "refund_sent_back": (_("Le service client attend votre réponse"), "headset", "attention"),
    "to_give_back": (_("À rembourser"), "hand-coins", "attention"),
    "message_waiting": (_("Message d'un client"), "message-circle", "info"),
    "message_failed": (_("E-mail non envoyé"), "mail-x", "danger"),
    "unsent": (_("À expédier, sinon annulée d'office"), "truck", "attention"),
    "verification_ending": (_("Vérification qui finit"), "hourglass", "info"),
    "return_due": (_("Retour qui n'arrive pas"), "clock-alert", "attention"),
    "return_to_inspect": (_("Retour à regarder"), "package-open", "attention"),
    "intercept_silent": (_("Colis rappelé, sans nouvelles"), "truck", "attention"),
    "shortage_ending": (_("Rupture qui finit demain"), "calendar-clock", "info"),
    "oversold": (_("Vendu sans stock"), "package-x", "attention"),
    "stock_review": (_("Stock à revoir"), "clipboard-check", "info"),
    "approval": (_("À valider"), "stamp", "attention"),
    "approval_answered": (_("Réponse à votre demande"), "reply", "info"),
    "hand_over": (_("Transmis à vous"), "forward", "info"),
    "alert": (_("Alerte de la place de marché"), "bell", "attention"),
    "suspension": (_("Ventes suspendues"), "ban", "danger"),
}
GROUPS: dict[str, Any] = {
    "customers": _("Clients"),
    "refunds": _("Remboursements"),
    "mails": _("Messages"),
    "shipping": _("Expédition"),
    "returns": _("Retours"),
    "stock": _("Stock"),
    "team": _("Équipe"),
}
# A wish that the channel does not recognise holds nothing: it is answered, then sent or called off (AZ-7, AZ-22).
UNOFFICIAL = (_("Demande du client, non officielle : répondez d'abord"), "message-circle", "attention")
# What an empty tab will hold one day.
TEACHES: dict[str, Any] = {
    "customers": _(
        "Ici viennent les clients d'articles en rupture que personne n'a prévenus, et ceux à rappeler."
    ),
    "refunds": _("Ici viennent les remboursements dus, refusés, sans réponse ou à faire à la main."),
    "mails": _("Ici viennent les messages de clients sans réponse, et les e-mails qui ne sont pas partis."),
    "shipping": _("Ici viennent les commandes que la plateforme annulera d'office si rien ne part."),
    "returns": _("Ici viennent les retours en retard ou à regarder, et les colis rappelés sans nouvelles."),
    "stock": _(
        "Ici viennent les ruptures qui finissent demain, les articles vendus sans stock et ceux à revoir."
    ),
    "team": _("Ici viennent les dossiers qu'on vous transmet et ce qui attend votre accord."),
}


def lasting(since: datetime, now: datetime) -> str:
    """This will say how long something has lasted, in whole units downwards: "3 h", "2 j"."""
    apart = max((now - since).total_seconds(), 60)
    unit = 86400 if apart >= 86400 else 3600 if apart >= 3600 else 60
    whole = int(apart // unit) * unit
    return dates.format_timedelta(whole, format="short", threshold=1, locale=readable.locale())


def sentence(each: Mapping[str, Any], *, desk: Desk, now: datetime) -> str:
    """This will say for what a row waits."""
    # Our own words are typeset in the catalogue; what people wrote is typeset here.
    kind, detail, units = each["kind"], typography.french(each["detail"] or ""), each["units"] or 0
    since = datetime.fromisoformat(each["since"])
    who = desk.name_of(each["who"]) if each["who"] else ""
    if kind == "short_untold":
        said = gettext("%(what)s : en rupture depuis %(long)s, client non prévenu")
        return said % {"what": detail, "long": lasting(since, now)}
    if kind == "withdrawal_sent":
        return gettext("Tout est parti : à accepter comme retour (%(route)s)") % {
            "route": request_words.ROUTE[detail]
        }
    if kind == "request":
        route = request_words.ROUTE[detail]
        if each["error"] == "official":
            return gettext("Demande officielle, %(route)s") % {"route": route}
        return gettext("Demande non officielle, %(route)s") % {"route": route}
    if kind == "message_waiting":
        said = ngettext(
            "%(n)s message sans réponse depuis %(long)s", "%(n)s messages sans réponse depuis %(long)s", units
        )
        return said % {"n": units, "long": lasting(since, now)}
    if kind in ("call_again", "wait_over"):
        return gettext("« %(note)s » (%(who)s)") % {"note": detail, "who": who} if detail else who
    if kind == "to_accept":
        until = datetime.fromisoformat(each["detail"]) if each["detail"] else None
        return gettext("à décider avant %(at)s") % {"at": readable.moment(until, now)} if until else ""
    if kind == "refund_sent_back":
        return gettext("« %(note)s »") % {"note": detail}
    if kind == "offer_answered":
        if each["error"] == "accepted":
            return gettext("Prend %(what)s : faites l'échange") % {"what": detail}
        return gettext("Ne veut pas de %(what)s : voyez avec le client") % {"what": detail}
    if kind == "unsent":
        last = readable.day(date.fromisoformat(each["due_on"]))
        if each["error"] == "unconfirmed":
            return gettext("Partie, mais non confirmée : confirmez l'expédition avant le %(on)s au soir") % {
                "on": last
            }
        return gettext("À expédier et confirmer, ou à annuler, avant le %(on)s au soir") % {"on": last}
    if kind == "verification_ending":
        last = readable.day(date.fromisoformat(each["due_on"]))
        return gettext("Sans réponse de la plateforme le %(on)s, elle l'annule : n'expédiez rien") % {
            "on": last
        }
    if kind in ("return_due", "return_to_inspect"):
        what = return_words.KIND.get(each["detail"] or "", "")
        said = ngettext("%(n)s article, %(what)s", "%(n)s articles, %(what)s", units)
        return said % {"n": readable.number(units), "what": what}
    if kind == "intercept_silent":
        if each["error"] == "accepted":
            return gettext("Accepté, et pas revenu : demandez où il est")
        return gettext("Demandé %(whom)s : relancez") % {
            "whom": return_words.ASKED_OF.get(each["detail"] or "", "")
        }
    if kind == "alert":
        if each["error"] == "number":
            return gettext("Beaucoup d'annulations en peu de jours")
        rate = readable.percent(float(each["who"]) / 100, 2)
        if each["error"] == "limit":
            return gettext("Taux d'annulation de %(rate)s : la limite est atteinte") % {"rate": rate}
        return gettext("Taux d'annulation de %(rate)s : la limite est proche") % {"rate": rate}
    if kind == "suspension":
        return gettext("Lisez le motif, et répondez si vous n'êtes pas d'accord")
    if kind == "shortage_ending":
        return gettext("De nouveau en vente demain : recomptez, prolongez ou mettez à zéro")
    if kind == "stock_review":
        said = ngettext(
            "En vente sans que personne ne l'ait revu depuis plus de %(n)s jour",
            "En vente sans que personne ne l'ait revu depuis plus de %(n)s jours",
            units,
        )
        return said % {"n": units}
    if kind == "oversold":
        said = ngettext("%(n)s vendu de plus que le stock", "%(n)s vendus de plus que le stock", units)
        return said % {"n": readable.number(units)}
    if kind == "approval":
        asked = (
            gettext("%(who)s demande à annuler")
            if detail == "cancellation"
            else gettext("%(who)s demande à rembourser")
        )
        return asked % {"who": who}
    if kind == "approval_answered":
        outcome = capfirst(str(approvals.OUTCOME[each["error"]][0]))
        if each["error"] in ("approved", "declined"):
            outcome = gettext("%(outcome)s par %(who)s") % {"outcome": outcome, "who": who}
        elif each["error"] == "stale":
            outcome = gettext("Ce n'est plus possible : la commande a changé")
        return (
            gettext("%(outcome)s : « %(note)s »") % {"outcome": outcome, "note": detail}
            if detail
            else outcome
        )
    if kind == "hand_over":
        return gettext("« %(note)s » (%(who)s)") % {"note": detail, "who": who}
    return str(words.TROUBLE.get(each["error"], each["error"])) if each["error"] else ""
