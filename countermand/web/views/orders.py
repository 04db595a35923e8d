"""« Commandes »: found by words and filters, walked with the keyboard, each row with the verb it permits."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from countermand.channels.queries import channels
from countermand.overview.orders import order_list
from countermand.refusals import Refusal
from countermand.web import refusal_words, words
from countermand.web.access import member_view
from countermand.web.pages import page

LIMIT = 30
# Saved views: name in the address -> its word and the filter behind it.
VIEWS: dict[str, tuple[Any, dict[str, str]]] = {
    "": (_("Toutes"), {}),
    "a-preparer": (_("À préparer"), {"status": "open,partially_shipped"}),
    "a-accepter": (_("À accepter"), {"status": "awaiting_acceptance"}),
    "a-rembourser": (_("À rembourser"), {"owed": "yes"}),
    "annulees": (_("Annulées"), {"status": "cancelled"}),
}
OFFERED = ("q", "vue", "canal", "motif")


@member_view("read")
@require_safe
def orders(request: Any) -> HttpResponse:
    """This will list orders. The address holds every filter: it can be kept, shared and gone back to."""
    desk = request.desk
    asked = {name: request.GET.get(name, "").strip() for name in OFFERED}
    view = asked["vue"] if asked["vue"] in VIEWS else ""
    filters = {**VIEWS[view][1], "channel": asked["canal"], "reason": asked["motif"]}
    wrong = ""
    found: dict[str, Any] = {"items": [], "next": None}
    try:
        found = order_list(
            merchant_id=desk.merchant_id,
            q=asked["q"],
            filters={name: value for name, value in filters.items() if value},
            limit=LIMIT,
            cursor=request.GET.get("apres") or None,
        )
    except Refusal as refusal:
        wrong = refusal_words.say(refusal)
    return page(
        request,
        "web/orders/page.html",
        room="orders",
        search_text=asked["q"],
        asked=asked,
        wrong=wrong,
        rows=found["items"],
        tabs=_tabs(asked, view),
        channels=channels(merchant_id=desk.merchant_id),
        reasons=words.reasons_by_family(first=_("Tous les motifs")),
        after_url=_address(asked, apres=found["next"]) if found["next"] else "",
        first_url=_address(asked) if request.GET.get("apres") else "",
        narrowed=any(asked.values()),
    )


def _tabs(asked: dict[str, str], view: str) -> list[dict[str, Any]]:
    return [
        {"label": word, "url": _address(asked, vue=name), "current": name == view, "count": None}
        for name, (word, _filters) in VIEWS.items()
    ]


def _address(asked: dict[str, str], **changes: Any) -> str:
    kept = {name: value for name, value in {**asked, **changes}.items() if value}
    return reverse("web:orders") + (f"?{urlencode(kept)}" if kept else "")
