"""« Bons d'achat »: what was offered, spent at the counter, taken back (SH-11)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from countermand.overview.orders import order_page
from countermand.refusals import Refusal
from countermand.vouchers.actions import issue_voucher, redeem_voucher, withdraw_voucher
from countermand.vouchers.models import Voucher
from countermand.vouchers.queries import masked, state_at, voucher_list
from countermand.web import notices, readable, refusal_words
from countermand.web.access import member_view
from countermand.web.forms.voucher import RedeemForm, VoucherForm
from countermand.web.pages import page

ROWS = 50


@member_view("read")
@require_safe
def vouchers(request: Any) -> HttpResponse:
    """This will list the vouchers, newest first, with the place to spend one."""
    return _list(request, RedeemForm())


@member_view("intake")
@require_POST
def redeem(request: Any) -> HttpResponse:
    """This will spend a code on a purchase, once."""
    desk, form = request.desk, RedeemForm(request.POST)
    if form.is_valid():
        try:
            spent = redeem_voucher(
                merchant_id=desk.merchant_id, **form.cleaned_data, by=desk.by, at=datetime.now(UTC)
            )
        except Refusal as refusal:
            form.refuse(refusal) if refusal.status != 404 else form.add_error(
                "code", gettext("Ce code n'est pas des nôtres. Relisez-le avec le client.")
            )
        else:
            amount = readable.money(spent.taken_off_minor, spent.voucher.currency)
            said = gettext("Bon %(code)s utilisé : retirez %(amount)s de la commande %(number)s.")
            notices.say(
                request,
                said % {"code": spent.voucher.code, "amount": amount, "number": spent.voucher.order_number},
            )
            return redirect("web:vouchers")
    return _list(request, form, status=422)


@member_view("goodwill")
@require_http_methods(["GET", "POST"])
def new(request: Any) -> HttpResponse:
    """This will make a code: for the buyer of an order, for an address, or for whoever has it."""
    desk, now = request.desk, datetime.now(UTC)
    order = _order(request)
    form = VoucherForm(request.POST or None, for_order=order is not None)
    if request.method == "POST" and form.is_valid():
        try:
            made = issue_voucher(
                merchant_id=desk.merchant_id,
                offer=form.offer(),
                order_id=UUID(order["id"]) if order else None,
                currency=form.cleaned_data.get("currency", "").upper(),
                customer_email=form.cleaned_data.get("email", ""),
                by=desk.by,
                at=now,
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            notices.say(request, gettext("Bon %(code)s prêt : donnez-le au client.") % {"code": made.code})
            return redirect("web:order", order_id=order["id"]) if order else redirect("web:vouchers")
    status = 422 if form.errors else 200
    return page(request, "web/vouchers/new.html", room="refunds", status=status, form=form, order=order)


@member_view("goodwill")
@require_POST
def withdraw(request: Any, voucher_id: UUID) -> HttpResponse:
    """This will take back a code that nobody has used."""
    desk = request.desk
    try:
        withdraw_voucher(
            merchant_id=desk.merchant_id, voucher_id=voucher_id, by=desk.by, at=datetime.now(UTC)
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
    else:
        notices.say(request, gettext("Bon retiré : il ne vaut plus."))
    return redirect("web:vouchers")


def _list(request: Any, form: RedeemForm, *, status: int = 200) -> HttpResponse:
    desk, now = request.desk, datetime.now(UTC)
    before = _uuid(request.GET.get("avant", ""))
    found = voucher_list(merchant_id=desk.merchant_id, before=before, limit=ROWS + 1)
    facts = {
        "rows": [row(each, at=now, whole=desk.allows("intake")) for each in found[:ROWS]],
        "older": found[ROWS - 1].id if len(found) > ROWS else "",
        "form": form,
    }
    return page(request, "web/vouchers/page.html", room="refunds", status=status, **facts)


def row(voucher: Voucher, *, at: datetime, whole: bool) -> dict[str, Any]:
    """This will give what a line about a voucher shows; the code is hidden from who may not spend it."""
    percent = voucher.percent
    return {
        "voucher": voucher,
        "code": voucher.code if whole else masked(voucher.code),
        "takes_off": readable.percent(percent / 100, 0)
        if percent
        else readable.money(voucher.amount_minor or 0, voucher.currency),
        "taken_off": ""
        if voucher.redeemed_minor is None
        else readable.money(voucher.redeemed_minor, voucher.currency),
        "state": state_at(voucher, at=at),
    }


def _order(request: Any) -> dict[str, Any] | None:
    order_id = _uuid(request.GET.get("commande", ""))
    return order_page(merchant_id=request.desk.merchant_id, order_id=order_id) if order_id else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
