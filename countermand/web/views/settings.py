"""« Réglages »: channels with the terms that hold there, the team, and keys to the API."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from countermand.access import tokens
from countermand.channels.presets import with_sources
from countermand.channels.queries import channels
from countermand.refusals import Refusal
from countermand.web import notices, refusal_words
from countermand.web.access import CHOSEN, member_view
from countermand.web.forms.settings import TokenForm
from countermand.web.pages import page
from countermand.web.terms_words import said


@member_view("read")
@require_safe
def settings(request: Any) -> HttpResponse:
    """This will show the settings."""
    return _show(request)


@member_view("tokens")
@require_POST
def issue(request: Any) -> HttpResponse:
    """This will make a key and show it: the only time that anybody sees it."""
    desk, form = request.desk, TokenForm(request.POST)
    if not form.is_valid():
        return _show(request, form=form, status=422)
    said_by = form.cleaned_data
    try:
        plain = tokens.issue(
            merchant_id=desk.merchant_id,
            name=said_by["name"],
            role=said_by["role"],
            by=desk.by,
            at=datetime.now(UTC),
        )
    except Refusal as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal_words.say(refusal))
        return _show(request, form=form, status=422)
    answer = _show(request, status=201, plain=plain)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@member_view("tokens")
@require_POST
def revoke(request: Any, token_id: UUID) -> HttpResponse:
    """This will end a key for good."""
    desk = request.desk
    tokens.revoke(merchant_id=desk.merchant_id, token_id=token_id, by=desk.by, at=datetime.now(UTC))
    notices.say(request, gettext("Clé retirée : elle n'ouvre plus rien."))
    return redirect("web:settings")


@member_view("read")
@require_POST
def switch(request: Any) -> HttpResponse:
    """This will turn to another of the reader's merchants, kept in the session."""
    wanted = request.POST.get("merchant", "")
    if wanted in {str(merchant.id) for merchant in request.desk.merchants}:
        request.session[CHOSEN] = int(wanted)
    there = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(there, {request.get_host()}, request.is_secure())
    return redirect(there if ours else "web:to_do")


def _show(request: Any, *, form: TokenForm | None = None, plain: str = "", status: int = 200) -> HttpResponse:
    desk = request.desk
    places = [
        {"channel": each, "terms": said(with_sources(each.terms, each.overrides))}
        for each in channels(merchant_id=desk.merchant_id)
    ]
    known = tokens.tokens(merchant_id=desk.merchant_id) if desk.allows("tokens") else []
    return page(
        request,
        "web/settings/page.html",
        room="settings",
        status=status,
        places=places,
        team=[place for place in desk.places if place.merchant_id == desk.merchant_id],
        tokens=known,
        form=form or TokenForm(),
        plain=plain,
    )
