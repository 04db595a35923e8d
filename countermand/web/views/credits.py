"""« Avoirs en boutique et cartes cadeaux »: found, spent, made, and what the shop owes in goods (SG-7)."""

from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from countermand import ids, money
from countermand.channels.queries import channels
from countermand.files.exporting import CSV, csv_stream
from countermand.overview.credits import credit_list, credit_page, liability
from countermand.refunds.actions import issue_card, redeem
from countermand.refusals import Refusal
from countermand.web import notices, readable, refusal_words
from countermand.web.access import member_view
from countermand.web.beside import beside
from countermand.web.forms.credits import CardForm, RedeemForm
from countermand.web.pages import page

LIMIT = 50
VIEWS: dict[str, tuple[Any, dict[str, Any]]] = {
    "": (_("À dépenser"), {"only_open": True}),
    "avoirs": (_("Avoirs en boutique"), {"kind": "store_credit"}),
    "cartes": (_("Cartes cadeaux"), {"kind": "gift_card"}),
    "tous": (_("Tous"), {}),
}
CURRENCY = "EUR"


@member_view("read")
@require_safe
def credits(request: Any) -> HttpResponse:
    """This will list credits, newest first; found by e-mail or by code."""
    q, view = request.GET.get("q", "").strip(), request.GET.get("vue", "")
    view = view if view in VIEWS else ""
    wrong = ""
    found: dict[str, Any] = {"items": [], "next": None}
    # Whoever shows a code wants that card, also an empty one: the view does not narrow a search.
    narrowing = {} if q and not view else VIEWS[view][1]
    try:
        found = credit_list(
            merchant_id=request.desk.merchant_id,
            q=q,
            limit=LIMIT,
            cursor=request.GET.get("apres") or None,
            **narrowing,
        )
    except Refusal as refusal:
        wrong = refusal_words.say(refusal)
    asked = {"vue": view, "q": q}
    return page(
        request,
        "web/credits/page.html",
        room="refunds",
        q=q,
        view=view,
        wrong=wrong,
        rows=found["items"],
        tabs=[
            {"label": word, "url": _address(vue=name), "current": name == view and not q, "count": None}
            for name, (word, _filters) in VIEWS.items()
        ],
        after_url=_address(**asked, apres=found["next"]) if found["next"] else "",
        first_url=_address(**asked) if request.GET.get("apres") else "",
    )


@member_view("read")
@require_safe
def credit(request: Any, credit_id: UUID) -> HttpResponse:
    """This will show one credit with its movements."""
    return _credit(request, credit_id, RedeemForm(initial={"token": ids.new()}))


@member_view("refund")
@require_POST
def spend(request: Any, credit_id: UUID) -> HttpResponse:
    """This will spend an amount of a credit; the same form sent twice takes once."""
    desk, form = request.desk, RedeemForm(request.POST)
    if not form.is_valid():
        return _credit(request, credit_id, form, status=422)
    said = form.cleaned_data
    try:
        taken = redeem(
            merchant_id=desk.merchant_id,
            credit_id=credit_id,
            amount=said["amount"],
            order_number=said["order_number"],
            reference=str(said["token"]),
            by=desk.by,
            at=datetime.now(UTC),
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        beside(form, refusal, said=_too_much(refusal))
        return _credit(request, credit_id, form, status=422)
    amounts = [readable.money(each, taken.currency) for each in (taken.amount_minor, taken.balance_minor)]
    notices.say(
        request,
        gettext("%(taken)s dépensés, il reste %(left)s.")
        % dict(zip(("taken", "left"), amounts, strict=True)),
    )
    return redirect("web:credit", credit_id=credit_id)


@member_view("goodwill")
@require_http_methods(["GET", "HEAD", "POST"])
def card(request: Any) -> HttpResponse:
    """This will make a gift card and show its code: the only time that anybody sees it."""
    desk = request.desk
    places = channels(merchant_id=desk.merchant_id)
    currencies = [CURRENCY]
    # Where no channel is live everything is play money, a card too.
    live = any(place.mode == "live" for place in places) and desk.merchant.practice_of_id is None
    if request.method != "POST":
        return _card(request, CardForm(currencies=currencies, initial={"token": ids.new()}), live=live)
    form = CardForm(request.POST, currencies=currencies)
    if not form.is_valid():
        return _card(request, form, live=live, status=422)
    said = form.cleaned_data
    try:
        made = issue_card(
            merchant_id=desk.merchant_id,
            card_id=said["token"],
            amount=said["amount"],
            currency=said.get("currency") or CURRENCY,
            live=live,
            customer_email=said["customer_email"],
            note=said["note"],
            by=desk.by,
            at=datetime.now(UTC),
        )
    except Refusal as refusal:
        words = gettext("C'est plus qu'une carte ne peut porter. Faites-en plusieurs.")
        said_so = words if refusal.code == "amount_too_large" else refusal_words.say(refusal)
        beside(form, refusal, said=said_so)
        return _card(request, form, live=live, status=422)
    answer = _card(
        request,
        CardForm(currencies=currencies, initial={"token": ids.new()}),
        live=live,
        made=made,
        status=201,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@member_view("read")
@require_safe
def owed(request: Any) -> HttpResponse:
    """This will say what the shop owes in goods, by currency, kind and month of issue."""
    desk = request.desk
    rows = liability(merchant_id=desk.merchant_id, timezone=desk.merchant.timezone)
    if request.GET.get("format") == "csv":
        return _csv(rows)
    groups: dict[tuple[bool, str, str], dict[str, Any]] = {}
    for row in rows:
        key = (row["live"], row["currency"], row["kind"])
        group = groups.setdefault(key, {**row, "rows": [], "open_minor": 0, "issued_minor": 0})
        group["rows"].append({**row, "on": date.fromisoformat(row["month"] + "-01")})
        for name in ("open", "issued"):
            group[f"{name}_minor"] += money.parse(row[name], currency=row["currency"])
    return page(request, "web/credits/owed.html", room="refunds", groups=list(groups.values()))


def _credit(request: Any, credit_id: UUID, form: RedeemForm, *, status: int = 200) -> HttpResponse:
    found = credit_page(merchant_id=request.desk.merchant_id, credit_id=credit_id)
    return page(request, "web/credits/credit.html", room="refunds", status=status, credit=found, form=form)


def _card(request: Any, form: CardForm, *, live: bool, made: Any = None, status: int = 200) -> HttpResponse:
    return page(
        request,
        "web/credits/card.html",
        room="refunds",
        status=status,
        form=form,
        live=live,
        made=made,
        currency=CURRENCY,
    )


def _too_much(refusal: Refusal) -> str:
    if refusal.code == "amount_too_large" and "balance" in refusal.facts:
        left = str(refusal.facts["balance"]).replace(".", ",")
        return gettext("Il ne reste que %(left)s. Baissez le montant.") % {"left": left}
    return refusal_words.say(refusal)


def _csv(rows: list[dict[str, Any]]) -> HttpResponse:
    columns = {
        "month": gettext("Mois d'émission"),
        "kind": gettext("Sorte"),
        "currency": gettext("Devise"),
        "credits": gettext("Nombre"),
        "issued": gettext("Émis"),
        "spent": gettext("Dépensé"),
        "open": gettext("Encore dû"),
        "live": gettext("Argent réel"),
    }
    answer = StreamingHttpResponse(csv_stream(columns=columns, rows=rows), content_type=CSV)
    answer.headers["Content-Disposition"] = 'attachment; filename="avoirs-et-cartes.csv"'
    return answer  # type: ignore[return-value]


def _address(**asked: Any) -> str:
    kept = {name: value for name, value in asked.items() if value}
    return reverse("web:credits") + (f"?{urlencode(kept)}" if kept else "")
