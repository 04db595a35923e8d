"""« Place de marché »: what the marketplace tells a merchant, and what the merchant says to it (RK-9, RK-10)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from countermand.marketplace import actions, deciding, queries, service
from countermand.marketplace.letters import advice
from countermand.marketplace.queries import Row
from countermand.marketplace.rates import judged, terms_of_seat
from countermand.overview.refunds import refund_shape
from countermand.refusals import Refusal
from countermand.web import notices, refusal_words
from countermand.web.access import member_view
from countermand.web.beside import beside
from countermand.web.forms.operator import AppealForm, AskAgainForm
from countermand.web.operator_words import alert_said
from countermand.web.pages import page
from countermand.web.views.operator.merchants import dressed


@member_view("read")
@require_safe
def place(request: Any) -> HttpResponse:
    """This will show the merchant's seats with their rates, alerts and suspensions."""
    return _show(request)


@member_view("contact")
@require_POST
def seen(request: Any, alert_id: UUID) -> HttpResponse:
    """This will note that an alert was read."""
    desk = request.desk
    note = request.POST.get("note", "")
    try:
        actions.acknowledge(
            merchant_id=desk.merchant_id, alert_id=alert_id, note=note, by=desk.by, at=datetime.now(UTC)
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
    else:
        notices.say(request, _("Alerte lue : la place de marché le voit."))
    return redirect("web:place")


@member_view("settings")
@require_POST
def appeal(request: Any, suspension_id: UUID) -> HttpResponse:
    """This will send the merchant's answer to a suspension, once."""
    desk, form = request.desk, AppealForm(request.POST)
    if form.is_valid():
        try:
            deciding.appeal(
                merchant_id=desk.merchant_id,
                suspension_id=suspension_id,
                text=form.cleaned_data["text"],
                by=desk.by,
                at=datetime.now(UTC),
            )
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            if not refusal.field:  # it is over, or was answered before: the page as it is now says so
                notices.say(request, refusal_words.say(refusal), tone="attention")
                return redirect("web:place")
            form.add_error("text", refusal_words.say(refusal))
        else:
            notices.say(request, _("Réponse envoyée : une personne la lit et vous répond."))
            return redirect("web:place")
    return _show(request, status=422, about=suspension_id, form=form)


@member_view("cancel")
@require_http_methods(["GET", "HEAD", "POST"])
def ask_again(request: Any, refund_id: UUID) -> HttpResponse:
    """This will show what the customer service wants to know about a refund, and ask for it again (RK-5)."""
    desk, form, status = request.desk, AskAgainForm(request.POST or None), 200
    refund = refund_shape(merchant_id=desk.merchant_id, refund_id=refund_id)
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service.ask_service_again(
                    merchant_id=desk.merchant_id,
                    refund_id=refund_id,
                    answer=form.cleaned_data["answer"],
                    by=desk.by,
                    at=datetime.now(UTC),
                )
            except Refusal as refusal:
                if refusal.status == 404:
                    raise
                beside(form, refusal)
            else:
                notices.say(request, _("Redemandé : le service client a votre réponse."))
                return redirect("web:order", order_id=refund["order_id"])
    waits = refund["state"] == "held" and refund["sent_back_at"] and not refund["asked_at"]
    return page(
        request,
        "web/place/ask_again.html",
        room="refunds",
        status=status,
        refund=refund,
        waits=waits,
        form=form,
    )


def _show(
    request: Any, *, status: int = 200, about: UUID | None = None, form: AppealForm | None = None
) -> HttpResponse:
    now = datetime.now(UTC)
    found = queries.of_merchant(merchant_id=request.desk.merchant_id)
    rows = [dressed(Row(each, None, 0)) for each in judged(found["seats"], at=now)]
    for row in rows:
        row["advice"] = advice(terms_of_seat(row["seat"]))
    suspensions = [
        {
            "suspension": each,
            "lasts": each.state in ("decided", "running") and each.ends_at is not None and each.ends_at > now,
            "form": form if each.id == about else AppealForm(auto_id=f"appeal-{each.id}-%s"),
        }
        for each in found["suspensions"]
    ]
    return page(
        request,
        "web/place/page.html",
        room="performance",
        status=status,
        rows=rows,
        alerts=[alert_said(each) for each in found["alerts"] if each.closed_at is None],
        suspensions=suspensions,
        past=[each["suspension"] for each in suspensions if not each["lasts"]],
    )
