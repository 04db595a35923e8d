"""Taking up an invitation: the one page that somebody without a place may open."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from countermand.merchants.models import User
from countermand.merchants.team import invitation_of, take_up
from countermand.refusals import Refusal
from countermand.web import notices
from countermand.web.access import CHOSEN
from countermand.web.forms.settings import JoinForm
from countermand.web.till import BACKEND
from countermand.web.views.settings.asked import took


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: Any, key: str) -> HttpResponse:
    """This will show whose invitation it is (GET) and give the place (POST); the link serves once."""
    now = datetime.now(UTC)
    found = invitation_of(key=key, at=now)
    if found is None:
        return _answer(request, "web/invitation/over.html", 410)
    known = User.objects.filter(email=found.email).exists()
    if known and (not request.user.is_authenticated or request.user.email != found.email):
        if request.user.is_authenticated:
            return _answer(request, "web/invitation/other.html", 403, invitation=found)
        return redirect_to_login(request.get_full_path())
    facts: dict[str, Any] = {"invitation": found, "known": known}
    if known:
        if request.method == "POST":
            return _join(request, key, now)
        return _answer(request, "web/invitation/page.html", **facts)
    form = JoinForm(request.POST or None, email=found.email, initial={"first_name": found.first_name})
    if request.method == "POST":
        made: list[Any] = []
        said = form.data
        ask: dict[str, Any] = {"key": key, "user": None, "at": now}
        if took(
            form,
            lambda: made.append(
                take_up(password=said["password"], first_name=form.cleaned_data["first_name"], **ask)
            ),
        ):
            return _enter(request, made[0])
        return _answer(request, "web/invitation/page.html", 422, form=form, **facts)
    return _answer(request, "web/invitation/page.html", form=form, **facts)


def _join(request: Any, key: str, now: datetime) -> HttpResponse:
    try:
        place = take_up(key=key, user=request.user, password="", first_name="", at=now)
    except Refusal:
        return _answer(request, "web/invitation/over.html", 410)
    request.session[CHOSEN] = place.merchant_id
    notices.say(request, gettext("Bienvenue : votre place est ouverte."))
    return redirect("web:to_do")


def _enter(request: Any, place: Any) -> HttpResponse:
    request.session.flush()
    login(request, place.user, backend=BACKEND)
    request.session[CHOSEN] = place.merchant_id
    notices.say(request, gettext("Bienvenue : votre place est ouverte."))
    return redirect("web:to_do")


def _answer(request: Any, template: str, status: int = 200, **facts: Any) -> HttpResponse:
    answer = render(request, template, facts, status=status)
    # The address is a secret: no page that is opened from here may hear of it. Of where its form comes from
    # a browser must still speak: under "no-referrer" it says "null", and the place cannot be taken.
    answer.headers["Referrer-Policy"] = "strict-origin"
    return answer
