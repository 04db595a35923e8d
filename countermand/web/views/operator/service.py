"""« Service client »: refunds that the platform was asked for, and what becomes of them (RK-5, EM-10)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from countermand.marketplace import service
from countermand.refusals import Refusal
from countermand.web import notices, readable, refusal_words
from countermand.web.beside import beside
from countermand.web.forms.operator import EvidenceForm, SendBackForm
from countermand.web.operator_access import operator_page, operator_view
from countermand.web.views.operator.merchants import paged


@operator_view("agent")
@require_safe
def queue(request: Any) -> HttpResponse:
    """This will list the refunds that wait for the customer service, or for their merchant, the soonest due first."""
    now, sent_back = datetime.now(UTC), request.GET.get("vue") == "renvoyees"
    found = paged(
        request,
        name="operator_service",
        asked={"vue": "renvoyees" if sent_back else ""},
        read=lambda after, limit: service.queue(
            marketplace_id=request.station.marketplace_id, sent_back=sent_back, after=after, limit=limit
        ),
        key=lambda row: (row["turn"].isoformat(), str(row["id"])),
    )
    for row in found["rows"]:
        row["late"] = row["due_at"] is not None and row["due_at"] < now
    address = reverse("web:operator_service")
    views = [
        {"label": _("À rembourser"), "url": address, "current": not sent_back, "count": None},
        {"label": _("Chez le commerçant"), "url": "?vue=renvoyees", "current": sent_back, "count": None},
    ]
    facts = {"views": views, "sent_back": sent_back}
    return operator_page(request, "web/operator/service.html", room="operator_service", **facts, **found)


@operator_view("agent")
@require_POST
def let_go(request: Any, refund_id: UUID) -> HttpResponse:
    """This will have a refund carried out by the means it was paid with."""
    station = request.station
    row = service.refund(marketplace_id=station.marketplace_id, refund_id=refund_id)
    try:
        service.let_go_asked(refund_id=refund_id, **station.who)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
    else:
        amount = readable.money(row["amount_minor"], row["currency"])
        notices.say(request, _("%(amount)s à rendre : le remboursement part.") % {"amount": amount})
    return redirect("web:operator_service")


@operator_view("agent")
@require_http_methods(["GET", "HEAD", "POST"])
def settle(request: Any, refund_id: UUID) -> HttpResponse:
    """This will count a refund as paid in the platform's own way, with what proves it."""
    station = request.station
    row = service.refund(marketplace_id=station.marketplace_id, refund_id=refund_id)
    form = EvidenceForm(request.POST or None, initial={"at": datetime.now(UTC)})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            try:
                service.settle_asked(
                    refund_id=refund_id, settled_at=said["at"], evidence=said["evidence"], **station.who
                )
            except Refusal as refusal:
                if refusal.status == 404:
                    raise
                beside(form, refusal)
            else:
                notices.say(request, _("Noté comme rendu."))
                return redirect("web:operator_service")
    return _one(request, row, status=status, form=form)


@operator_view("agent")
@require_POST
def send_back(request: Any, refund_id: UUID) -> HttpResponse:
    """This will send a refund back to the merchant, who reads what is missing and asks again."""
    station = request.station
    row = service.refund(marketplace_id=station.marketplace_id, refund_id=refund_id)
    form = SendBackForm(request.POST)
    if form.is_valid():
        try:
            service.send_back_asked(refund_id=refund_id, because=form.cleaned_data["because"], **station.who)
        except Refusal as refusal:
            if refusal.status == 404:
                raise
            beside(form, refusal)
        else:
            said = _("Renvoyée à %(name)s, qui le lit par e-mail.") % {"name": row["merchant_name"]}
            notices.say(request, said)
            return redirect("web:operator_service")
    return _one(request, row, status=422, back_form=form)


def _one(request: Any, row: dict[str, Any], *, status: int, **forms: Any) -> HttpResponse:
    shown = {"form": EvidenceForm(initial={"at": datetime.now(UTC)}), "back_form": SendBackForm(), **forms}
    theirs = row["state"] == "held" and row["asked_at"] is None
    return operator_page(
        request,
        "web/operator/settle.html",
        room="operator_service",
        status=status,
        row=row,
        theirs=theirs,
        **shown,
    )
