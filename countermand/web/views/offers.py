"""Another article offered from step one, the buyer's answer, and the exchange that is then step three."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from countermand.offers.actions import answer_offer, make_offer, withdraw_offer
from countermand.offers.exchanging import Exchanged, exchange
from countermand.offers.models import Offer
from countermand.payments import ledger as ledgers
from countermand.performance.queries import rate_of
from countermand.procedure import queries as procedure
from countermand.refusals import Refusal
from countermand.web import guided, notices, readable, refusal_words
from countermand.web.access import member_view
from countermand.web.beside import refuse
from countermand.web.forms.offers import AnswerForm, OfferForm, PaidForm
from countermand.web.views.cancel import show_cancel
from countermand.web.views.procedure import back


@member_view("contact")
@require_POST
def propose(request: Any, order_id: UUID) -> HttpResponse:
    """This will offer an alternative: do=send by mail with a link, do=voice as the buyer accepts it on the phone."""
    desk, now = request.desk, datetime.now(UTC)
    form = _offer_form(request, order_id)
    if form is None:
        raise Refusal("not_found", "no such line")
    if form.is_valid():
        said, by_voice = form.cleaned_data, request.POST.get("do") == "voice"
        try:
            offer = make_offer(
                merchant_id=desk.merchant_id,
                order_id=order_id,
                line=said["line"],
                sku=said["sku"],
                quantity=said["quantity"],
                days=said["days"],
                send=not by_voice,
                message=said["message"],
                by=desk.by,
                at=now,
            )
            if by_voice:
                answer_offer(
                    merchant_id=desk.merchant_id,
                    offer_id=offer.id,
                    answer="accepted",
                    via="phone",
                    by=desk.by,
                    at=now,
                )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            if not by_voice:
                notices.say(request, gettext("Proposé par e-mail : %(what)s.") % {"what": offer.title})
            return back(request, order_id, keeps=("ligne",))  # an offer counts its units itself
    return show_cancel(request, order_id, status=422, offer_form=form)


@member_view("contact")
@require_POST
def answer(request: Any, offer_id: UUID) -> HttpResponse:
    """This will write down what the buyer said to an offer."""
    form = AnswerForm(request.POST)
    order_id = _order_of(request, offer_id)
    if form.is_valid():
        said = form.cleaned_data
        try:
            answer_offer(
                merchant_id=request.desk.merchant_id,
                offer_id=offer_id,
                answer=said["answer"],
                via=said["via"] or "phone",
                by=request.desk.by,
                at=datetime.now(UTC),
            )
        except Refusal as refusal:
            _say(request, refusal)
    return back(request, order_id, keeps=("ligne",))  # an offer counts its units itself


@member_view("contact")
@require_POST
def take_back(request: Any, offer_id: UUID) -> HttpResponse:
    """This will withdraw an offer, and let go what it held."""
    order_id = _order_of(request, offer_id)
    try:
        withdraw_offer(
            merchant_id=request.desk.merchant_id, offer_id=offer_id, by=request.desk.by, at=datetime.now(UTC)
        )
    except Refusal as refusal:
        _say(request, refusal)
    return back(request, order_id, keeps=("ligne",))  # an offer counts its units itself


@member_view("cancel")
@require_POST
def swap(request: Any, offer_id: UUID) -> HttpResponse:
    """This will put the accepted alternative in the place of the old units, once the stock step is done (EM-11)."""
    desk = request.desk
    order_id = _order_of(request, offer_id)
    form = PaidForm(request.POST, prefix="paid")
    if form.is_valid():
        if not _stock_done(desk.merchant_id, order_id, offer_id):
            stopped = Refusal("stock_step_open", "step two comes first")
            return show_cancel(request, order_id, status=422, swap_form=form, swap_refused=stopped)
        try:
            done = exchange(
                merchant_id=desk.merchant_id,
                offer_id=offer_id,
                paid=form.paid(),
                role=desk.role,
                rules=desk.rules,
                rate_of=rate_of,
                by=desk.by,
                at=datetime.now(UTC),
            )
        except Refusal as refusal:
            refuse(form, refusal, {"paid": "amount"})
        else:
            notices.say(request, _said(done))
            return redirect("web:order", order_id=done.new_order_id)
    return show_cancel(request, order_id, status=422, swap_form=form)


def _offer_form(request: Any, order_id: UUID) -> OfferForm | None:
    merchant_id = request.desk.merchant_id
    ledger = ledgers.read(merchant_id=merchant_id, order_ids=[order_id], locked=False).get(order_id)
    reference = request.POST.get("offer-line", "")
    line = next((line for line in ledger.lines if line.reference == reference), None) if ledger else None
    if line is None:
        return None
    near = guided.alternatives_for(request.desk, line, at=datetime.now(UTC))
    return OfferForm(request.POST, line=line, near=near)


def _stock_done(merchant_id: int, order_id: UUID, offer_id: UUID) -> bool:
    found = procedure.progress(merchant_id=merchant_id, order_id=order_id)
    offer = next(offer for offer in found.offers if offer.id == offer_id)
    if offer.state == "exchanged":
        return True  # done before: the verb says so
    ledger = ledgers.read(merchant_id=merchant_id, order_ids=[order_id], locked=False)[order_id]
    lines = [line for line in ledger.lines if line.reference == offer.line]
    return not guided.stock_of(found, lines).is_open


def _order_of(request: Any, offer_id: UUID) -> UUID:
    found = Offer.of(request.desk.merchant_id).filter(id=offer_id).values_list("order_id", flat=True).first()
    if found is None:
        raise Refusal("not_found", "no such offer")
    return found


def _say(request: Any, refusal: Refusal) -> None:
    if refusal.status in (403, 404):
        raise refusal
    notices.say(request, refusal_words.say(refusal), tone="attention")


def _said(done: Exchanged) -> str:
    if done.again:
        return gettext("C'est déjà échangé : un échange, pas deux.")
    text = gettext("Échangé : commande %(number)s") % {"number": done.number}
    if done.back_minor:
        text += gettext(", %(amount)s à rendre") % {
            "amount": readable.money(done.back_minor, done.offer.currency)
        }
    return text
