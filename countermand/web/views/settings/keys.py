"""Keys to the API: who holds which, made once, ended for good."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from countermand.access import tokens as keys
from countermand.refusals import Refusal
from countermand.web import notices
from countermand.web.access import member_view
from countermand.web.beside import beside
from countermand.web.forms.settings import TokenForm
from countermand.web.pages import page


@member_view("tokens")
@require_safe
def tokens(request: Any) -> HttpResponse:
    """This will list the keys, the newest first."""
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
        plain = keys.issue(
            merchant_id=desk.merchant_id,
            name=said_by["name"],
            role=said_by["role"],
            by=desk.by,
            at=datetime.now(UTC),
        )
    except Refusal as refusal:
        beside(form, refusal)
        return _show(request, form=form, status=422)
    answer = _show(request, status=201, plain=plain)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@member_view("tokens")
@require_POST
def revoke(request: Any, token_id: UUID) -> HttpResponse:
    """This will end a key for good."""
    desk = request.desk
    keys.revoke(merchant_id=desk.merchant_id, token_id=token_id, by=desk.by, at=datetime.now(UTC))
    notices.say(request, gettext("Clé retirée : elle n'ouvre plus rien."))
    return redirect("web:tokens")


def _show(request: Any, *, form: TokenForm | None = None, plain: str = "", status: int = 200) -> HttpResponse:
    return page(
        request,
        "web/settings/tokens.html",
        room="settings",
        status=status,
        tokens=keys.tokens(merchant_id=request.desk.merchant_id),
        form=form or TokenForm(),
        plain=plain,
    )
