"""A search kept under a name, as a tab of « Commandes »: for oneself, or for the whole team."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from countermand.refusals import Refusal
from countermand.saved_views.actions import forget_view, save_view
from countermand.web import notices, refusal_words
from countermand.web.access import member_view


@member_view("read")
@require_POST
def keep(request: Any) -> HttpResponse:
    """This will keep a search as a view; for everybody where the member may and says so."""
    desk = request.desk
    q = request.POST.get("q", "")
    shared = bool(request.POST.get("shared")) and desk.allows("settings")
    try:
        view = save_view(
            member=desk.member,
            name=request.POST.get("name", ""),
            q=q,
            shared=shared,
            by=desk.by,
            at=datetime.now(UTC),
        )
    except Refusal as refusal:
        notices.say(request, refusal_words.say(refusal), tone="attention")
        return redirect(f"{reverse('web:orders')}?{urlencode({'q': q})}")
    text = gettext("Vue « %(name)s » gardée pour l'équipe") if shared else gettext("Vue « %(name)s » gardée")
    notices.say(request, text % {"name": view.name})
    return redirect(f"{reverse('web:orders')}?{urlencode({'vue': view.id})}")


@member_view("read")
@require_POST
def forget(request: Any, view_id: UUID) -> HttpResponse:
    """This will let a view go; the orders stay, and its search stays on the page."""
    desk = request.desk
    try:
        view = forget_view(member=desk.member, view_id=view_id, may_share=desk.allows("settings"))
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
        return redirect("web:orders")
    notices.say(request, gettext("Vue « %(name)s » retirée") % {"name": view.name})
    return redirect(f"{reverse('web:orders')}?{urlencode({'q': view.q})}")
