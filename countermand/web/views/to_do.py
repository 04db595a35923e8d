"""« À traiter »: one list of what waits for a person, the oldest clock first, each with its one verb."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from countermand.channels.models import Channel
from countermand.channels.presets import effective
from countermand.channels.queries import channels
from countermand.orders.facts import ChannelFacts
from countermand.overview import todo
from countermand.performance.queries import rate_of
from countermand.refusals import Refusal
from countermand.web import readable
from countermand.web.access import Desk, member_view
from countermand.web.pages import page
from countermand.web.todo_words import GROUPS, KINDS, TEACHES, UNOFFICIAL, sentence

SHOWN = 50
MOST_RATES = 3  # of an empty list's sentence: each is a question of its own


@member_view("read")
@require_safe
def to_do(request: Any) -> HttpResponse:
    """This will list what waits for a person; `?pour=` one kind of work, `?suite=` the next page."""
    desk, now = request.desk, datetime.now(UTC)
    group = request.GET.get("pour", "")
    group = group if group in todo.GROUPS else ""
    reader = todo.Reader(by=desk.by, role=desk.role)
    asked: dict[str, Any] = {
        "merchant_id": desk.merchant_id, "at": now, "reader": reader, "kinds": todo.GROUPS.get(group, ())
    }  # fmt: skip
    try:
        found = todo.to_do_page(**asked, limit=SHOWN, cursor=request.GET.get("suite") or None)
    except Refusal:  # a place that is no more: the list begins anew
        found = todo.to_do_page(**asked, limit=SHOWN)
    places = {channel.code: channel for channel in channels(merchant_id=desk.merchant_id)}
    rows = [row_of(each, places, now, desk=desk) for each in found["items"]]
    following = urlencode({"pour": group, "suite": found["next"]}) if found["next"] else ""
    facts = {
        "rows": rows,
        "group": group,
        "after_url": f"?{following}" if following else "",
        "first_url": f"?{urlencode({'pour': group})}" if request.GET.get("suite") else "",
        "teaches": TEACHES.get(
            group,
            _(
                "Ici viennent les clients à prévenir, les remboursements dus ou refusés, ce qui attend votre accord."
            ),
        ),
        "rates": [] if rows else _rates(desk, list(places.values()), now),
    }
    return page(request, "web/to_do/page.html", room="to_do", **facts)


def tabs(counts: Mapping[str, int], group: str) -> list[dict[str, Any]]:
    """This will give the tabs, each with how many wait."""
    sums = {name: sum(counts.get(kind, 0) for kind in kinds) for name, kinds in todo.GROUPS.items()}
    every = [("", _("Tout"), sum(sums.values()))] + [(name, GROUPS[name], sums[name]) for name in todo.GROUPS]
    return [
        {"label": label, "url": f"?pour={name}" if name else "?", "current": name == group, "count": count}
        for name, label, count in every
    ]


# What is the platform's to do where it refunds: RK-5, EM-10.
OF_MONEY = ("to_give_back", "refund_failed", "refund_unknown", "refund_by_hand")


def row_of(
    each: dict[str, Any], places: Mapping[str, Channel], now: datetime, *, desk: Desk | None = None
) -> dict[str, Any]:
    """This will dress one thing to do for a page: its words, its tone, and whose turn it is."""
    what, icon, tone = KINDS.get(each["kind"], (each["kind"], "circle-alert", "attention"))
    if each["kind"] == "request" and each["error"] == "unofficial":
        what, icon, tone = UNOFFICIAL
    place = places.get(each["channel"])
    # Where the platform refunds there is nothing to press: one only looks whether it did.
    theirs = (
        each["kind"] in OF_MONEY
        and place is not None
        and effective(place.terms, place.overrides).refunds_by != "merchant"
    )
    if theirs:
        what, icon, tone = _("La plateforme doit rembourser"), "building-2", "info"
    due = datetime.fromisoformat(each["due_on"]).date() if each["due_on"] else None
    due = None if each["item"] or each["kind"] == "approval" else due
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
        "sentence": sentence(each, desk=desk, now=now) if desk else "",
    }


def _rates(desk: Desk, places: list[Channel], now: datetime) -> list[str]:
    """« Taux à 1,2 %, limite 5 %. », for each of the first channels that have a limit."""
    said: list[str] = []
    for place in places:
        terms = effective(place.terms, place.overrides)
        if not terms.limit or len(said) == MOST_RATES:
            continue
        facts = ChannelFacts(
            id=place.id,
            code=place.code,
            preset=place.terms,
            overrides=json.dumps(place.overrides),
            timezone=place.timezone,
            mode=place.mode,
            revision=place.revision,
        )
        rate = rate_of(merchant_id=desk.merchant_id, channel=facts, terms=terms, at=now)
        sums = {"rate": readable.percent(float(rate.before) / 100), "limit": _limit(terms.limit)}
        one = gettext("Taux à %(rate)s, limite %(limit)s.") % sums
        said.append(one if len(places) == 1 else f"{place.name} : {one[:1].lower()}{one[1:]}")
    return said


def _limit(limit: str) -> str:
    share = float(limit)
    return readable.percent(share / 100, 0 if share.is_integer() else 1)
