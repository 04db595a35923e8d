"""« Tickets »: what merchants ask of the support that keeps their stock, with the articles in it (EM-7)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from countermand.marketplace import queries, support
from countermand.refusals import Refusal
from countermand.web import notices, refusal_words
from countermand.web.forms.operator import TicketForm
from countermand.web.operator_access import operator_page, operator_view
from countermand.web.operator_words import WANTS
from countermand.web.views.operator.merchants import paged

VIEWS = {"": ("open",), "repondus": ("answered",), "clos": ("closed",)}


@operator_view("agent")
@require_safe
def tickets(request: Any) -> HttpResponse:
    """This will list tickets, the longest waiting first."""
    view = request.GET.get("vue", "")
    view = view if view in VIEWS else ""
    found = paged(
        request,
        name="operator_tickets",
        asked={"vue": view},
        read=lambda after, limit: queries.tickets_page(
            marketplace_id=request.station.marketplace_id, states=VIEWS[view], after=after, limit=limit
        ),
        key=lambda ticket: (ticket.opened_at.isoformat(), str(ticket.id)),
    )
    found["rows"] = [{"ticket": ticket, "wants": WANTS[ticket.wants]} for ticket in found["rows"]]
    words = {"": _("À répondre"), "repondus": _("Répondus"), "clos": _("Clos")}
    address = reverse("web:operator_tickets")
    tabs = [
        {"label": word, "url": f"?vue={name}" if name else address, "current": name == view, "count": None}
        for name, word in words.items()
    ]
    return operator_page(
        request, "web/operator/tickets.html", room="operator_tickets", views=tabs, view=view, **found
    )


@operator_view("agent")
@require_http_methods(["GET", "HEAD", "POST"])
def ticket(request: Any, ticket_id: UUID) -> HttpResponse:
    """This will show one ticket, and take the support's answer."""
    form, status = TicketForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                support.answer_ticket(
                    ticket_id=ticket_id, text=form.cleaned_data["text"], **request.station.who
                )
            except Refusal as refusal:
                if refusal.status == 404:
                    raise
                form.add_error(None, refusal_words.say(refusal))
            else:
                notices.say(request, _("Réponse envoyée au commerçant."))
                return redirect("web:operator_ticket", ticket_id=ticket_id)
    found = queries.ticket(marketplace_id=request.station.marketplace_id, ticket_id=ticket_id)
    facts = {"ticket": found, "wants": WANTS[found.wants], "form": form}
    return operator_page(request, "web/operator/ticket.html", room="operator_tickets", status=status, **facts)


@operator_view("agent")
@require_POST
def finish(request: Any, ticket_id: UUID) -> HttpResponse:
    """This will close a ticket."""
    try:
        support.finish_ticket(ticket_id=ticket_id, **request.station.who)
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
    return redirect("web:operator_tickets")
