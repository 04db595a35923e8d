"""A sale that waits: accept it, refuse it, or a part of each; then the stock of what was refused (RK-1 to RK-3, RK-14)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from countermand.acceptance import queries, rules
from countermand.acceptance.actions import decide
from countermand.acceptance.outlook import cost, outlook, short_units
from countermand.merchants.roles import require
from countermand.payments import ledger as ledgers
from countermand.payments.facts import Ledger
from countermand.performance.queries import rate_of
from countermand.performance.rules import percentage
from countermand.refusals import Refusal
from countermand.stock.actions import count_stock
from countermand.stock.models import Item
from countermand.web import findings, notices, refusal_words
from countermand.web.access import member_view
from countermand.web.forms.sale import SaleForm
from countermand.web.pages import page, part


@member_view("cancel")
@require_http_methods(["GET", "POST"])
def sale(request: Any, order_id: UUID) -> HttpResponse:
    """This will ask which units are accepted and refused; do=confirm decides so, anything else shows what it leads to."""
    desk, now = request.desk, datetime.now(UTC)
    ledger = _ledger(desk.merchant_id, order_id)
    if ledger.order.status != "awaiting_acceptance":
        return _decided(request, ledger)
    before = queries.accepted_units(merchant_id=desk.merchant_id, order_id=order_id)
    there = queries.shelf(
        merchant_id=desk.merchant_id, order=ledger.order, lines=ledger.lines, accepted=before
    )
    left = rules.undecided(ledger.lines, before)
    # Who comes by « Refuser » finds all of it refused, and may still choose.
    nothing = request.GET.get("choix") == "refuser"
    form = SaleForm(request.POST or None, lines=ledger.lines, undecided=left, shelf=there, nothing=nothing)
    valid = not form.is_bound or form.is_valid()
    if form.is_bound and valid and request.POST.get("do") == "confirm" and not request.htmx:
        if _decide(request, form, order_id, now):
            return redirect("web:sale", order_id=order_id)
        valid = False
    facts: dict[str, Any] = {"form": form, "order": ledger.order, "rows": form.rows(), "terms": ledger.terms}
    facts |= {"units": sum(left.values()), "nothing": nothing}
    if valid:
        accepted, refused = form.chosen()
        facts["seen"] = outlook(ledger, accepted=accepted, refused=refused, at=now)
        facts["over"] = sum(short_units(ledger.lines, accepted, there).values())
    if request.htmx:
        return part(request, "web/sale/side.html", **facts)
    facts["decide_by"] = queries.decide_by(merchant_id=desk.merchant_id, order_id=order_id)
    facts |= _dear(ledger, left, short_units(ledger.lines, left, there), now)
    status = 422 if form.errors else 200
    return page(request, "web/sale/page.html", room="orders", status=status, **facts)


@member_view("stock")
@require_POST
def zero(request: Any, order_id: UUID) -> HttpResponse:
    """This will set the stock of a refused article to zero: who says that it is gone says it for every channel (RK-2)."""
    desk = request.desk
    ledger = _ledger(desk.merchant_id, order_id)
    sku = request.POST.get("sku", "")
    if sku not in {line.sku for line in ledger.lines}:
        raise Refusal("not_found", "no such article on this order")
    note = gettext("vente %(number)s refusée") % {"number": ledger.order.number}
    try:
        count_stock(
            merchant_id=desk.merchant_id, sku=sku, on_hand=0, note=note, by=desk.by, at=datetime.now(UTC)
        )
        notices.say(request, gettext("Stock à zéro : %(sku)s ne se vend plus.") % {"sku": sku})
    except Refusal as refusal:
        notices.say(request, refusal_words.say(refusal), tone="attention")
    return redirect("web:sale", order_id=order_id)


def _decide(request: Any, form: SaleForm, order_id: UUID, now: datetime) -> bool:
    """Decides as was chosen; False (and the form says why) where it may not be."""
    desk = request.desk
    accepted, refused = form.chosen()
    if any(accepted.values()):
        require(desk.role, "intake")
    try:
        status = decide(
            merchant_id=desk.merchant_id,
            order_id=order_id,
            accepted=[(line, n) for line, n in accepted.items() if n],
            refused=[(line, n) for line, n in refused.items() if n],
            by=desk.by,
            at=now,
        )
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        form.add_error(None, refusal_words.say(refusal))
        return False
    notices.say(request, SAID[status]())
    return True


SAID = {
    "accepting": lambda: gettext("Vente acceptée : la carte du client est débitée."),
    "open": lambda: gettext("Vente acceptée."),
    "refused": lambda: gettext("Vente refusée."),
    "awaiting_acceptance": lambda: gettext("Décision enregistrée."),
}


def _dear(ledger: Ledger, left: dict[str, int], short: dict[str, int], now: datetime) -> dict[str, Any]:
    """What accepting and then cancelling the units that are not there would cost; nothing where none is short."""
    dear = cost(ledger, short=short, at=now)
    if dear is None:
        return {}
    facts: dict[str, Any] = {"dear": dear}
    rate = rate_of(merchant_id=ledger.order.merchant_id, channel=ledger.channel, terms=ledger.terms, at=now)
    if dear.counts:
        # Accepted, the whole sale would be among what the rate is measured against; cancelled, a part of it counts.
        on: dict[str, Any] = {"placed_on": ledger.order.placed_on, "new_order": True}
        more = rate.more(articles=dear.units, **on)
        enters = ledger.terms.rate_enters == "accepted"
        total = rate.total + (rate.more(articles=sum(left.values()), **on) if enters else 0)
        facts["rate"] = {
            "before": findings.per_cent(rate.before),
            "after": findings.per_cent(percentage(rate.cancelled + more, total)),
            "limit": findings.per_cent(rate.limit) if rate.limit else "",
        }
    return facts


def _decided(request: Any, ledger: Ledger) -> HttpResponse:
    """What was decided, and the stock of what was refused."""
    desk, order = request.desk, ledger.order
    refused = queries.refused_units(merchant_id=desk.merchant_id, order_id=order.id)
    counted = {
        item.id: item.on_hand
        for item in Item.of(desk.merchant_id).filter(id__in=[line.item_id for line in ledger.lines])
    }
    rows = [
        {"line": line, "refused": refused.get(line.id, 0), "on_hand": counted.get(line.item_id)}
        for line in ledger.lines
    ]
    facts: dict[str, Any] = {"order": order, "rows": rows, "ledger": ledger}
    facts["stocked"] = [row for row in rows if row["refused"] and row["on_hand"]]
    return page(request, "web/sale/decided.html", room="orders", **facts)


def _ledger(merchant_id: int, order_id: UUID) -> Ledger:
    found = ledgers.read(merchant_id=merchant_id, order_ids=[order_id], locked=False)
    if order_id not in found:
        raise Refusal("not_found", "no such order")
    return found[order_id]
