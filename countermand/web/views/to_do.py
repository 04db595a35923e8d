"""« À traiter »: one list of what waits for a person, the longest waiting first, each with its one verb."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from countermand.channels.models import Channel
from countermand.channels.presets import effective
from countermand.channels.queries import channels
from countermand.overview import todo
from countermand.web.access import member_view
from countermand.web.pages import page

SHOWN = 100
# kind -> (what it is, icon, tone)
KINDS: dict[str, tuple[Any, str, str]] = {
    "refund_failed": (_("Remboursement refusé"), "circle-x", "danger"),
    "refund_unknown": (_("Remboursement sans réponse"), "circle-question-mark", "attention"),
    "refund_by_hand": (_("À rendre à la main"), "hand", "attention"),
    "to_give_back": (_("À rembourser"), "hand-coins", "attention"),
    "message_failed": (_("E-mail non envoyé"), "mail-x", "danger"),
    "to_accept": (_("Vente à accepter ou à refuser"), "circle-alert", "attention"),
    "call_again": (_("Client à rappeler"), "phone", "info"),
}


@member_view("read")
@require_safe
def to_do(request: Any) -> HttpResponse:
    """This will list what waits for a person."""
    now = datetime.now(UTC)
    merchant_id = request.desk.merchant_id
    waiting = todo.to_do(merchant_id=merchant_id, at=now)
    places = {channel.code: channel for channel in channels(merchant_id=merchant_id)}
    rows = [row_of(each, places, now) for each in waiting[:SHOWN]]
    more = max(0, len(waiting) - SHOWN)
    return page(request, "web/to_do/page.html", room="to_do", rows=rows, more=more)


def row_of(each: dict[str, Any], places: Mapping[str, Channel], now: datetime) -> dict[str, Any]:
    """This will dress one thing to do for a page: its words, its tone, and whose turn it is."""
    what, icon, tone = KINDS.get(each["kind"], (each["kind"], "circle-alert", "attention"))
    place = places.get(each["channel"])
    # Where the platform refunds there is nothing to press: one only looks whether it did.
    theirs = (
        each["kind"] == "to_give_back"
        and place is not None
        and effective(place.terms, place.overrides).refunds_by != "merchant"
    )
    if theirs:
        what, icon, tone = _("La plateforme doit rembourser"), "building-2", "info"
    due = datetime.fromisoformat(each["due_on"]).date() if each["due_on"] else None
    late = due is not None and due < timezone.localtime(now).date()
    return {
        **each,
        "what": what,
        "icon": icon,
        "tone": "danger" if late else tone,
        "due": due,
        "late": late,
        "theirs": theirs,
        "channel_name": place.name if place else each["channel"],
    }
