"""What is done on an order's page beside cancelling: contacts, notes, units back in stock, mails again."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from countermand.correspondence.actions import send_again
from countermand.intake.reorder import reorder
from countermand.orders.actions import add_note, restock
from countermand.overview.orders import order_page
from countermand.refusals import Refusal
from countermand.web import notices, refusal_words
from countermand.web.access import member_view
from countermand.web.beside import refuse
from countermand.web.forms.deeds import ContactForm, NoteForm, RestockForm
from countermand.web.spoken import log_spoken
from countermand.web.views.mistake import told_since
from countermand.web.views.order import show_order


@member_view("contact")
@require_POST
def contact(request: Any, order_id: UUID) -> HttpResponse:
    """This will log that somebody spoke with the buyer."""
    form = ContactForm(request.POST)
    if form.is_valid():
        try:
            log_spoken(request, order_id, form.cleaned_data)
        except Refusal as refusal:
            refuse(form, refusal, {"note": "text"})
        else:
            notices.say(request, gettext("Contact noté."))
            return redirect("web:order", order_id=order_id)
    return show_order(request, order_id, status=422, contact_form=form)


@member_view("contact")
@require_POST
def note(request: Any, order_id: UUID) -> HttpResponse:
    """This will add a note."""
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            add_note(
                merchant_id=request.desk.merchant_id,
                order_id=order_id,
                text=form.cleaned_data["text"],
                by=request.desk.by,
                at=datetime.now(UTC),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            notices.say(request, gettext("Note ajoutée."))
            return redirect("web:order", order_id=order_id)
    return show_order(request, order_id, status=422, note_form=form)


@member_view("stock")
@require_POST
def put_back(request: Any, order_id: UUID) -> HttpResponse:
    """This will put cancelled or returned units on sale again (SH-8)."""
    merchant_id = request.desk.merchant_id
    found = order_page(merchant_id=merchant_id, order_id=order_id)
    form = RestockForm(request.POST, lines=found["lines"])
    if form.is_valid():
        try:
            wanted = form.wanted()
            if not wanted:
                raise Refusal("invalid_quantity")
            back = restock(
                merchant_id=merchant_id,
                order_id=order_id,
                lines=wanted,
                by=request.desk.by,
                at=datetime.now(UTC),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            units = sum(each.quantity for each in back)
            said = ngettext("%(n)s unité remise en stock.", "%(n)s unités remises en stock.", units)
            notices.say(request, said % {"n": units})
            return redirect("web:order", order_id=order_id)
    return show_order(request, order_id, status=422, restock_form=form)


@member_view("intake")
@require_POST
def place_again(request: Any, order_id: UUID) -> HttpResponse:
    """This will place what was cancelled by mistake again, as it was (SH-20): once the buyer knows of it."""
    desk = request.desk
    if told_since(order_page(merchant_id=desk.merchant_id, order_id=order_id)) is None:
        notices.say(
            request, gettext("Prévenez d'abord le client, puis repassez la commande."), tone="attention"
        )
        return redirect("web:mistake", order_id=order_id)
    try:
        placed = reorder(merchant_id=desk.merchant_id, order_id=order_id, by=desk.by, at=datetime.now(UTC))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
        return redirect("web:order", order_id=order_id)
    said = (
        gettext("Commande repassée : la voici.")
        if placed.created
        else gettext("Elle était déjà repassée : la voici.")
    )
    notices.say(request, said)
    return redirect("web:order", order_id=placed.order_id)


@member_view("contact")
@require_POST
def mail_again(request: Any, message_id: UUID) -> HttpResponse:
    """This will send a mail that failed once more."""
    try:
        message = send_again(
            merchant_id=request.desk.merchant_id,
            message_id=message_id,
            by=request.desk.by,
            at=datetime.now(UTC),
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
        return redirect("web:to_do")
    notices.say(request, gettext("L'e-mail repart."))
    return redirect("web:order", order_id=message.order_id)
