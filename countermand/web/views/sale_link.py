"""The link of a sale's mail: the article, and a button that refuses it (RK-2). No sign-in: the link is what lets in.

Opening changes nothing, since mail programs open links by themselves. The button refuses once; then the stock can be
set to zero by the same link, which said that the article is gone. Nothing of the buyer stands here.
"""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from countermand.acceptance import queries, rules
from countermand.acceptance.actions import refuse
from countermand.acceptance.links import Named, read_token
from countermand.merchants.models import Merchant
from countermand.orders.facts import LineFacts
from countermand.payments import ledger as ledgers
from countermand.payments.facts import Ledger
from countermand.refusals import Refusal
from countermand.stock.actions import count_stock
from countermand.stock.models import Item
from countermand.web import refusal_words

BY = "mail"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unavailable(request: Any, token: str) -> HttpResponse:
    """This will show the article (GET), refuse it (POST do=refuse), or set its stock to zero (POST do=zero)."""
    named = read_token(token)
    found = _line(named) if named else None
    if named is None or found is None:
        return _answer(request, "over", 410)
    merchant = Merchant.objects.get(id=named.merchant_id)
    with translation.override("fr" if merchant.language == "fr" else "en"):
        return _about(request, token, merchant, *found)


def _about(request: Any, token: str, merchant: Merchant, ledger: Ledger, line: LineFacts) -> HttpResponse:
    said = ""
    if request.method == "POST":
        try:
            (_zero if request.POST.get("do") == "zero" else _refuse)(ledger, line)
            return redirect("web:sale_link", token=token)
        except Refusal as refusal:
            said = refusal_words.say(refusal)
            ledger = _read(ledger.order.merchant_id, ledger.order.id) or ledger
    merchant_id, order = merchant.id, ledger.order
    ask: dict[str, Any] = {"merchant_id": merchant_id, "order_id": order.id}
    waits = order.status == "awaiting_acceptance"
    left = rules.undecided(ledger.lines, queries.accepted_units(**ask)) if waits else {}
    item = Item.of(merchant_id).get(id=line.item_id)
    refused_at = queries.refused_at(**ask, line_id=line.id)
    facts = {
        "shop": merchant,
        "number": order.number,
        "line": line,
        "units": left.get(line.reference, 0),
        "refused": queries.refused_units(**ask).get(line.id, 0),
        "on_hand": item.on_hand,
        "may_zero": bool(item.on_hand) and not _counted_since(item, refused_at),
        "decide_by": queries.decide_by(**ask),
        "said": said,
        "now": datetime.now(UTC),
        "order_id": order.id,
    }
    return _answer(request, "line", 409 if said else 200, **facts)


def _refuse(ledger: Ledger, line: LineFacts) -> None:
    order = ledger.order
    refuse(
        merchant_id=order.merchant_id,
        order_id=order.id,
        lines=[(line.reference, None)],
        via="mail",
        by=BY,
        at=datetime.now(UTC),
    )


def _zero(ledger: Ledger, line: LineFacts) -> None:
    """Once, after the article was refused: who counted it since knows better than a mail of some days ago."""
    order = ledger.order
    common: dict[str, Any] = {"merchant_id": order.merchant_id}
    refused_at = queries.refused_at(**common, order_id=order.id, line_id=line.id)
    if refused_at is None:
        raise Refusal("not_refused_yet", "refuse it first")
    if _counted_since(Item.of(order.merchant_id).get(id=line.item_id), refused_at):
        raise Refusal("stock_counted_since", "the link has said what it had to say")
    note = gettext("vente %(number)s refusée") % {"number": order.number}
    count_stock(**common, sku=line.sku, on_hand=0, note=note, by=BY, at=datetime.now(UTC))


def _counted_since(item: Item, refused_at: datetime | None) -> bool:
    return bool(refused_at and item.reviewed_at and item.reviewed_at > refused_at)


def _line(named: Named) -> tuple[Ledger, LineFacts] | None:
    ledger = _read(named.merchant_id, named.order_id)
    if ledger is None:
        return None
    line = next((line for line in ledger.lines if line.position == named.position), None)
    return (ledger, line) if line else None


def _read(merchant_id: int, order_id: Any) -> Ledger | None:
    return ledgers.read(merchant_id=merchant_id, order_ids=[order_id], locked=False).get(order_id)


def _answer(request: Any, template: str, status: int = 200, **facts: Any) -> HttpResponse:
    answer = render(request, f"web/sale_link/{template}.html", facts, status=status)
    # The address is a secret: no page that is opened from here may hear of it.
    answer.headers["Referrer-Policy"] = "strict-origin"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
