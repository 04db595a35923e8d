"""Steps one and two of the guided cancellation: each saves at once, and stays when the page is left."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from countermand.procedure.actions import open_ticket, set_stock, skip_step
from countermand.procedure.models import StepTaken
from countermand.refusals import Refusal
from countermand.web import notices
from countermand.web.access import member_view
from countermand.web.beside import refuse
from countermand.web.forms.steps import ArticleForm, SkipForm, SpokenForm
from countermand.web.spoken import log_spoken
from countermand.web.views.cancel import show_cancel


@member_view("contact")
@require_POST
def spoken(request: Any, order_id: UUID) -> HttpResponse:
    """This will log what the buyer said: step one is done (EM-2)."""
    form = SpokenForm(request.POST)
    if form.is_valid():
        try:
            log_spoken(request, order_id, form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal, {"note": "text"})
        else:
            return back(request, order_id, to="step-2")
    return show_cancel(request, order_id, status=422, spoken_form=form)


@member_view("contact")
@require_POST
def skip_contact(request: Any, order_id: UUID) -> HttpResponse:
    """This will pass over step one, with a reason."""
    return _skip(request, order_id, step="contact")


@member_view("stock")
@require_POST
def skip_stock(request: Any, order_id: UUID) -> HttpResponse:
    """This will pass over step two, with a reason."""
    return _skip(request, order_id, step="stock")


@member_view("stock")
@require_POST
def article(request: Any, order_id: UUID) -> HttpResponse:
    """This will make the stock of one article right: off sale for some days, none left, counted, or a ticket."""
    form = ArticleForm(request.POST)
    if form.is_valid():
        try:
            taken = _made_right(request, order_id, form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal, {"set": "count"})
        else:
            if taken is not None and taken.leaves_short:
                _say_short(request, taken)
            return back(request, order_id)
    return show_cancel(request, order_id, status=422, article_form=form)


def _made_right(request: Any, order_id: UUID, said: dict[str, Any]) -> StepTaken | None:
    desk, now = request.desk, datetime.now(UTC)
    if said["do"] == "ticket":
        open_ticket(
            merchant_id=desk.merchant_id,
            order_id=order_id,
            skus=[said["sku"]],
            wants=said["wants"] or "zero",
            days=said["days"],
            note=said["note"],
            by=desk.by,
            at=now,
        )
        return None
    return set_stock(
        merchant_id=desk.merchant_id,
        order_id=order_id,
        sku=said["sku"],
        deed=said["do"],
        days=said["days"] if said["do"] == "shortage" else None,
        on_hand=said["count"] if said["do"] == "count" else None,
        by=desk.by,
        at=now,
    )


def _say_short(request: Any, taken: StepTaken) -> None:
    text = ngettext(
        "%(sku)s : %(n)s autre commande ouverte reste à découvert.",
        "%(sku)s : %(n)s autres commandes ouvertes restent à découvert.",
        taken.leaves_short,
    )
    notices.say(request, text % {"sku": taken.sku, "n": taken.leaves_short}, tone="attention")


def _skip(request: Any, order_id: UUID, *, step: str) -> HttpResponse:
    form = SkipForm(request.POST, prefix=f"{step}_skip")
    if form.is_valid():
        try:
            skip_step(
                merchant_id=request.desk.merchant_id,
                order_id=order_id,
                step=step,
                reason=form.cleaned_data["reason"],
                by=request.desk.by,
                at=datetime.now(UTC),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            return back(request, order_id, to="step-2" if step == "contact" else "step-3")
    return show_cancel(request, order_id, status=422, **{f"{step}_skip_form": form})


def back(
    request: Any, order_id: UUID, *, keeps: tuple[str, ...] = ("ligne", "combien"), to: str = ""
) -> HttpResponse:
    """This will go back to the steps, with the lines that were chosen, and how many of each where it is not all.

    `to`: the step that comes next; without it the browser stays at the one that was sent.
    """
    asked = {name: request.POST.getlist(name) for name in keeps}
    said = urlencode({name: given for name, given in asked.items() if given}, doseq=True)
    address = reverse("web:cancel", kwargs={"order_id": order_id})
    there = f"{address}?{said}" if said else address
    return redirect(f"{there}#{to}" if to else there)
