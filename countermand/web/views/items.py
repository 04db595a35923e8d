"""« Produits et stock »: what is on the shelf, what of it is promised, and what can still be sold."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST, require_safe

from countermand.refusals import Refusal
from countermand.stock import queries
from countermand.stock.actions import add_stock, count_stock, make_available, make_unavailable
from countermand.stock.models import Item
from countermand.stock.selling import waited_for
from countermand.web import notices, refusal_words
from countermand.web.access import member_view
from countermand.web.forms.items import StockForm
from countermand.web.pages import page

LIMIT = 50
MOVEMENTS = 8


@member_view("read")
@require_safe
def items(request: Any) -> HttpResponse:
    """This will list articles by sku."""
    merchant_id = request.desk.merchant_id
    text, vue = request.GET.get("q", "").strip(), request.GET.get("vue", "")
    today = queries.today(merchant_id=merchant_id, at=datetime.now(UTC))
    found = queries.items(
        merchant_id=merchant_id,
        text=text,
        after=request.GET.get("apres", ""),
        limit=LIMIT + 1,
        oversold=vue == "a-decouvert",
        unavailable_on=today if vue == "indisponibles" else None,
        off_sale=vue == "hors-vente",
        reviewed_before=_looked_at_before(request, vue),
    )
    shown = found[:LIMIT]
    views = [
        ("", gettext("Tous")),
        ("a-decouvert", gettext("À découvert")),
        ("indisponibles", gettext("Indisponibles")),
        ("hors-vente", gettext("Hors vente")),
        ("a-revoir", gettext("À revoir")),
    ]
    off = [item.id for item in shown if not item.active] if vue == "hors-vente" else []
    after = {"q": text, "vue": vue, "apres": shown[-1].sku} if len(found) > LIMIT else {}
    return page(
        request,
        "web/items/page.html",
        room="items",
        q=text,
        vue=vue,
        rows=[_row(item, today) for item in shown],
        waited=waited_for(merchant_id=merchant_id, item_ids=off, limit=LIMIT),
        review_days=request.desk.merchant.review_days,
        tabs=[
            {"label": word, "url": _address(q=text, vue=name), "current": name == vue, "count": None}
            for name, word in views
        ],
        after_url=_address(**after) if after else "",
    )


@member_view("read")
@require_safe
def item(request: Any, sku: str) -> HttpResponse:
    """This will show an article: its counters, the orders that they leave short, what moved."""
    return _show(request, sku)


@member_view("read")
@require_safe
def ideas(request: Any, sku: str) -> HttpResponse:
    """This will list what can be proposed instead of an article, with what to say (EM-3, EM-13)."""
    merchant_id = request.desk.merchant_id
    near = queries.alternatives(merchant_id=merchant_id, sku=sku, at=datetime.now(UTC))
    found = [
        {
            "kind": each.kind,
            "article": each.article,
            "left": None if each.article.on_hand is None else each.article.on_hand - each.article.allocated,
        }
        for each in near
    ]
    wanted = queries.item(merchant_id=merchant_id, sku=sku)
    return page(request, "web/items/ideas.html", room="items", item=wanted, found=found)


@member_view("stock")
@require_POST
def stock(request: Any, sku: str) -> HttpResponse:
    """This will count, add, set to zero, or take off sale for some days."""
    desk, now = request.desk, datetime.now(UTC)
    form = StockForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        common: dict[str, Any] = {"merchant_id": desk.merchant_id, "sku": sku, "by": desk.by, "at": now}
        deeds = {
            "zero": lambda: count_stock(on_hand=0, note=said["note"], **common),
            "count": lambda: count_stock(on_hand=said["count"], note=said["note"], **common),
            "add": lambda: add_stock(quantity=said["add"], note=said["note"], **common),
            "unavailable": lambda: make_unavailable(days=said["days"], **common),
            "available": lambda: make_available(**common),
        }
        try:
            done = deeds[said["do"]]()
        except Refusal as refusal:
            if refusal.status in (403, 404):
                raise
            name = {"set": "count"}.get(refusal.field, refusal.field)
            form.add_error(name if name in form.fields else None, refusal_words.say(refusal))
        else:
            notices.say(request, _said(said["do"], done.item, len(done.open_orders)))
            return redirect("web:item", sku=sku)
    return _show(request, sku, form=form, status=422)


def _show(request: Any, sku: str, *, form: StockForm | None = None, status: int = 200) -> HttpResponse:
    merchant_id = request.desk.merchant_id
    found = queries.item(merchant_id=merchant_id, sku=sku)
    today = queries.today(merchant_id=merchant_id, at=datetime.now(UTC))
    return page(
        request,
        "web/items/item.html",
        room="items",
        status=status,
        row=_row(found, today),
        form=form or StockForm(),
        short=queries.short_orders(merchant_id=merchant_id, item_id=found.id, limit=LIMIT),
        waited=[] if found.active else waited_for(merchant_id=merchant_id, item_ids=[found.id], limit=LIMIT),
        movements=queries.movements(merchant_id=merchant_id, sku=sku, limit=MOVEMENTS),
    )


def _row(item: Item, today: Any) -> dict[str, Any]:
    off = item.unavailable_until if item.unavailable_until and item.unavailable_until > today else None
    none = (off or not item.active) and item.on_hand is not None
    return {"item": item, "off": off, "sellable": 0 if none else item.sellable}


def _looked_at_before(request: Any, vue: str) -> datetime | None:
    """Before which moment a look is too long ago, where those articles are asked for; without a reminder, any look."""
    if vue != "a-revoir":
        return None
    return datetime.now(UTC) - timedelta(days=request.desk.merchant.review_days)


def _said(deed: str, item: Item, short: int) -> str:
    title = item.title or item.sku
    if deed == "unavailable":
        text = gettext("%(title)s : plus en vente pour l'instant") % {"title": title}
    elif deed == "available":
        text = gettext("%(title)s : de nouveau en vente") % {"title": title}
    else:
        text = gettext("%(title)s : %(units)s en rayon") % {"title": title, "units": item.on_hand}
    if short:
        text += ", " + ngettext("%(n)s commande à découvert", "%(n)s commandes à découvert", short) % {
            "n": short
        }
    return text


def _address(**asked: str) -> str:
    kept = {name: value for name, value in asked.items() if value}
    return reverse("web:items") + (f"?{urlencode(kept)}" if kept else "")
