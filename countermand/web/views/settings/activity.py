"""« Journal d'activité »: who did what, and when; the same list as a file."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from countermand.files.exporting import CSV, csv_stream
from countermand.overview import activity as history
from countermand.refusals import Refusal
from countermand.web.access import Desk, member_view
from countermand.web.activity_words import AREA, MACHINES, told
from countermand.web.pages import page

ROWS = 50
MOST = 50_000  # of one file
COLUMNS = {"at": _("Quand"), "who": _("Qui"), "what": _("Quoi"), "order": _("Commande"), "kind": _("Nature")}


@member_view("settings")
@require_safe
def activity(request: Any) -> HttpResponse:
    """This will list what was done, newest first."""
    desk = request.desk
    asked = _asked(request)
    found = _found(desk, asked, before=request.GET.get("avant", ""), limit=ROWS)
    there = reverse("web:activity")
    chosen = {name: value for name, value in asked.items() if value}
    return page(
        request,
        "web/settings/activity.html",
        room="settings",
        lines=[told(event) for event in found["items"]],
        people=_people(desk),
        areas=AREA.items(),
        asked=asked,
        goes_on=bool(request.GET.get("avant")),
        first_url=f"{there}?{urlencode(chosen)}",
        next_url=f"{there}?{urlencode({**chosen, 'avant': found['next']})}" if found["next"] else "",
        csv_url=f"{reverse('web:activity_csv')}?{urlencode(chosen)}",
        machines=MACHINES,
    )


@member_view("settings")
@require_safe
def activity_csv(request: Any) -> Any:
    """This will send the list as CSV, line by line while it is read."""
    desk = request.desk
    asked = _asked(request)
    first = _found(desk, asked, before="", limit=1000)
    rows = islice(_rows(desk, asked, first), MOST)
    columns = {name: str(heading) for name, heading in COLUMNS.items()}
    answer = StreamingHttpResponse(csv_stream(columns=columns, rows=rows), content_type=CSV)
    today = datetime.now(ZoneInfo(desk.merchant.timezone))
    name = f"{gettext('journal')}-{today:%Y-%m-%d}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _asked(request: Any) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip()[:100] for name in ("qui", "quoi")}


def _found(desk: Desk, asked: dict[str, str], *, before: str, limit: int) -> dict[str, Any]:
    ask: dict[str, Any] = {
        "merchant_id": desk.merchant_id,
        "by": asked["qui"],
        "area": asked["quoi"],
        "limit": limit,
    }
    try:
        return history.activity(before=before, **ask)
    except Refusal:
        return history.activity(before="", **ask)


def _rows(desk: Desk, asked: dict[str, str], found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    clock = ZoneInfo(desk.merchant.timezone)
    while True:
        for event in found["items"]:
            line = told(event)
            yield {
                "at": line["at"].astimezone(clock).strftime("%Y-%m-%d %H:%M:%S"),
                "who": str(MACHINES.get(event["by"], event["by"])),
                "what": str(line["what"]),
                "order": line["number"],
                "kind": event["kind"],
            }
        if not found["next"]:
            return
        found = _found(desk, asked, before=found["next"], limit=1000)


def _people(desk: Desk) -> list[tuple[str, str]]:
    places = [place for place in desk.places if place.merchant_id == desk.merchant_id]
    known = [(place.user.email, str(place.user)) for place in places]
    return [("", gettext("Toute l'équipe")), *known, ("worker", "Countermand")]
