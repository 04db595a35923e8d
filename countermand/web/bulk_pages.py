"""What the pages of a run show: its rows with their outcome in words, its sums, and what it makes of rates."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from countermand import money
from countermand.bulk import queries
from countermand.bulk.models import BulkRun
from countermand.bulk.states import OVER
from countermand.files.exporting import Exported
from countermand.overview import hide
from countermand.refusals import Refusal
from countermand.web import readable, refusal_words
from countermand.web.access import Desk
from countermand.web.forms.bulk import said_of

PAGE = queries.PAGE
# A state of a row -> its word, tone and icon.
STATES: dict[str, tuple[Any, str, str]] = {
    "planned": (_("à annuler"), "info", "calendar-clock"),
    "left_out": (_("laissée de côté"), "muted", "minus"),
    "running": (_("en cours"), "info", "loader"),
    "done": (_("annulée"), "done", "check"),
    "refused": (_("pas possible"), "attention", "triangle-alert"),
    "stopped": (_("non traitée"), "muted", "ban"),
    "undone": (_("annulation retirée"), "muted", "undo-2"),
}
# The lists that a run's page can show: name in the address -> word, states.
LISTS: dict[str, tuple[Any, tuple[str, ...] | None]] = {
    "": (_("Toutes"), None),
    "annulees": (_("Annulées"), ("done",)),
    "refus": (_("Pas possible"), ("refused",)),
    "reste": (_("Non traitées"), ("planned", "running", "stopped", "left_out")),
}
COLUMNS = {
    "number": _("Commande"),
    "channel": _("Canal"),
    "customer": _("Client"),
    "state": _("État"),
    "why": _("Pourquoi"),
    "articles": _("Articles"),
    "amount": _("Montant rendu"),
    "currency": _("Devise"),
    "cancellation": _("Annulation"),
}


def facts(request: Any, run: BulkRun) -> dict[str, Any]:
    """This will gather what every page of a run shows, in four questions."""
    desk: Desk = request.desk
    shown = request.GET.get("liste", "")
    chosen = shown if shown in LISTS else ""
    after = request.GET.get("apres", "")
    after = after if after.isdigit() and len(after) < 9 else "0"
    rows = queries.rows(
        merchant_id=desk.merchant_id,
        run_id=run.id,
        states=LISTS[chosen][1],
        after=int(after),
        limit=PAGE + 1,
    )
    sums = queries.sums(merchant_id=desk.merchant_id, run_id=run.id)
    now = datetime.now(UTC)
    ended = sums.count("done", "refused", "stopped")
    return {
        "run": run,
        "rows": [row_of(row, now) for row in rows[:PAGE]],
        "sums": sums,
        "money": [readable.money(minor, currency) for currency, minor in sorted(sums.money.items())],
        "planned": sums.count("planned"),
        "refused": sums.count("refused"),
        "left_out": sums.count("left_out"),
        "done": sums.count("done"),
        "ended": ended,
        "meant": sums.meant,
        "over": run.state in OVER and not sums.count("running"),
        "why": [
            (why(code), count)
            for code, count in queries.reasons_why(merchant_id=desk.merchant_id, run_id=run.id)
        ]
        if sums.count("refused")
        else [],
        "rates": [rate_of(move) for move in queries.rates(merchant_id=desk.merchant_id, run=run)]
        if run.state == "judged"
        else [],
        "said": said_of(run) if run.reason else [],
        "after": after if after != "0" else "",
        "list": chosen,
        "tabs": _tabs(run, sums, chosen),
        "after_url": _there(run, chosen, apres=str(rows[PAGE - 1]["position"])) if len(rows) > PAGE else "",
        "first_url": _there(run, chosen) if after != "0" else "",
    }


def row_of(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    """This will write a row of a run for a page; a hidden buyer stays hidden."""
    who = hide.customer(row)
    state = "undone" if row["cancellation_state"] == "undone" else row["state"]
    word, tone, icon = STATES[state]
    undo = state == "done" and row["undo_until"] and row["undo_until"] > now
    return {
        "id": row["id"],
        "order_id": row["order_id"],
        "number": row["number"],
        "name": who["name"] or who["email"],
        "channel": row["channel_name"],
        "state": state,
        "word": str(word),
        "tone": tone,
        "icon": icon,
        "articles": row["articles"],
        "of": row["article_count"],
        "amount": readable.money(row["refund_minor"], row["currency"]) if row["refund_minor"] else "",
        "restocked": row["restocked"],
        "mailed": row["mailed"],
        "why": why(row["code"]) if row["code"] else "",
        "undo_url": reverse("web:undo", kwargs={"cancellation_id": row["cancellation_id"]}) if undo else "",
    }


def written(row: dict[str, Any]) -> dict[str, Exported]:
    """This will write a row of a run for a file."""
    state = "undone" if row["cancellation_state"] == "undone" else row["state"]
    amount = Decimal(money.plain(row["refund_minor"], row["currency"])) if row["currency"] else None
    return {
        "number": row["number"],
        "channel": row["channel_name"],
        "customer": hide.customer(row)["name"],
        "state": capfirst(str(STATES[state][0])),
        "why": why(row["code"]) if row["code"] else "",
        "articles": row["articles"],
        "amount": amount if state == "done" else None,
        "currency": row["currency"],
        "cancellation": str(row["cancellation_id"] or ""),
    }


def rate_of(move: queries.RateMove) -> dict[str, Any]:
    """This will give what the meter of a rate needs; without a limit, what is said instead."""
    label = gettext("Taux d'annulation, %(channel)s") % {"channel": move.channel}
    shares = {"before": float(move.before) / 100, "share": float(move.after) / 100}
    if move.limit:
        return {"label": label, "limit": float(move.limit) / 100, **shares}
    before, after = (readable.percent(Decimal(rate) / 100, 2) for rate in (move.before, move.after))
    return {"label": label, "limit": "", "before": before, "after": after}


def why(code: str) -> str:
    """This will say why an order of a run was not called off, and what to do."""
    if code == "plan_changed":
        return gettext("La commande a changé depuis l'aperçu. Ouvrez-la pour l'annuler à part.")
    return refusal_words.say(Refusal(code))


def _tabs(run: BulkRun, sums: queries.Sums, chosen: str) -> list[dict[str, Any]]:
    found = []
    for name, (word, states) in LISTS.items():
        count = sum(sums.states.values()) if states is None else sums.count(*states)
        if count or name == chosen or not name:
            found.append({"label": word, "url": _there(run, name), "current": name == chosen, "count": count})
    return found


def _there(run: BulkRun, shown: str, **more: str) -> str:
    kept = {name: value for name, value in {"liste": shown, **more}.items() if value}
    return reverse("web:bulk", kwargs={"run_id": run.id}) + (f"?{urlencode(kept)}" if kept else "")
