"""« Commandes »: found like a sentence, walked with the keyboard, each row with the verb it permits."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from countermand.channels.queries import channels
from countermand.overview.orders import order_list
from countermand.refusals import Refusal
from countermand.saved_views.queries import views_of
from countermand.web import order_search, refusal_words, words
from countermand.web.access import Desk, member_view
from countermand.web.order_search import Asked
from countermand.web.pages import page

LIMIT = 30


@member_view("read")
@require_safe
def orders(request: Any) -> HttpResponse:
    """This will list orders. The address holds every filter: it can be kept, shared and gone back to."""
    desk: Desk = request.desk
    said = [(name, value) for name, values in request.GET.lists() for value in values if value.strip()]
    if len(said) < sum(len(values) for _name, values in request.GET.lists()):
        # A form sends its empty fields too: the address keeps what was asked alone.
        return redirect(f"{request.path}?{urlencode(said)}" if said else request.path)
    views = views_of(member=desk.member)
    asked = order_search.read(request.GET, views)
    wrong = ""
    found: dict[str, Any] = {"items": [], "next": None}
    try:
        cursor = request.GET.get("apres") or None
        found = order_list(
            merchant_id=desk.merchant_id, q=asked.q, limit=LIMIT, cursor=cursor, role=desk.role
        )
    except Refusal as refusal:
        wrong = refusal_words.say(refusal)
    known = {channel.code: channel.name for channel in channels(merchant_id=desk.merchant_id)}
    tabs = order_search.tabs(asked, views)
    lit = next((tab for tab in tabs if tab["current"]), None)
    return page(
        request,
        "web/orders/page.html",
        room="orders",
        own_search=True,
        asked=asked,
        wrong=wrong,
        rows=found["items"],
        tabs=tabs,
        chips=order_search.chips(asked, known),
        fields=_fields(asked, known),
        beside=asked.beside(),
        saved=lit["saved"] if lit else None,
        savable=bool(asked.q) and lit is None and not wrong,
        may_share=desk.allows("settings"),
        after_url=order_search.address(asked, apres=found["next"]) if found["next"] else "",
        goes_on=found["next"] and len(found["items"]) < LIMIT,
        first_url=order_search.address(asked) if request.GET.get("apres") else "",
        narrowed=bool(asked.q),
        csv_url=order_search.address(asked, name="web:orders_csv"),
        xlsx_url=order_search.address(asked, name="web:orders_xlsx"),
    )


def _fields(asked: Asked, known: dict[str, str]) -> list[dict[str, Any]]:
    """The fields of the filter panel, as they stand."""
    shown = asked.panel()
    reasons = [choice for _family, group in words.reasons_by_family(first="")[1:] for choice in group]
    choices: dict[str, tuple[Any, list[tuple[str, Any]]]] = {
        "etat": (order_search.LABELS["etat"], order_search.state_choices()),
        "canal": (order_search.LABELS["canal"], list(known.items()) if len(known) > 1 else []),
        "motif": (order_search.LABELS["motif"], reasons),
        "paiement": (
            order_search.LABELS["paiement"],
            [(code, capfirst(str(word))) for code, word in words.PAYMENT_STATUS.items()],
        ),
        "demande": (order_search.LABELS["demande"], order_search.YES_NO["demande"]),
        "argent": (order_search.LABELS["argent"], order_search.YES_NO["argent"]),
        "risque": (
            order_search.LABELS["risque"],
            [(code, capfirst(str(word))) for code, word in order_search.RISK.items()],
        ),
    }
    fields = []
    for name, (label, options) in choices.items():
        value = shown.get(name, "")
        if value and value not in [code for code, _word in options]:
            options = [*options, (value, value)]
        if options:
            fields.append({"name": name, "label": label, "options": options, "value": value})
    for name, kind in (("depuis", "date"), ("jusqu", "date"), ("mini", "text"), ("article", "text")):
        fields.append(
            {"name": name, "label": order_search.LABELS[name], "kind": kind, "value": shown.get(name, "")}
        )
    return fields
