"""A browser that several people use: who came in on it with the password, and taking it over with a code.

The browser is known by a random cookie; who came in stands in our tables, so that signing out ends it there.
"""

import secrets
from datetime import UTC, datetime
from typing import Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.account.signals import password_changed, password_reset, password_set
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.http import HttpResponse

from countermand.merchants import till
from countermand.merchants.models import Member

COOKIE = "till"
BACKEND = "countermand.merchants.sign_in.Backend"
# In the session: just signed in with the password; took over with a code, and at which merchant's till.
CAME_IN, BY_CODE = "came_in", "by_code"
NOWHERE = 0  # a place that is no merchant's: no till stands there
# What a short code is not enough for: the password is asked for first.
WITH_PASSWORD = frozenset(["team", "tokens", "channels"])


def browser_of(request: Any) -> str:
    """This will give the name of the browser, empty where nobody has signed in on it."""
    return str(request.COOKIES.get(COOKIE, ""))[:64]


def note(request: Any, answer: HttpResponse, places: list[Member]) -> None:
    """This will remember, on the first page after signing in, that these members came in on this browser."""
    if not request.session.pop(CAME_IN, False):
        return
    browser = browser_of(request) or secrets.token_urlsafe(32)
    for place in places:
        till.came_in(member=place, browser=browser, at=datetime.now(UTC))
    answer.set_cookie(
        COOKIE,
        browser,
        max_age=int(till.DAY.total_seconds()),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def hand_to(request: Any, member: Member) -> None:
    """This will end the session of whoever was here and begin one for the member: nothing of the former stays."""
    request.session.flush()
    request.taken_over = True
    login(request, member.user, backend=BACKEND)
    request.session[BY_CODE] = member.merchant_id
    request.session.set_expiry(int(till.DAY.total_seconds()))


def needs_password(request: Any, permission: str, *, at_merchant: int) -> bool:
    """This will say whether the reader, come in with a code only, must give the password first.

    The code is good at the till where it was typed, and at no other place of the same person.
    """
    till_of = request.session.get(BY_CODE)
    if till_of is None or (till_of == at_merchant and permission not in WITH_PASSWORD):
        return False
    return not did_recently_reauthenticate(request)


def _came_in(sender: Any, request: Any, **more: Any) -> None:
    if request is not None and hasattr(request, "session") and not getattr(request, "taken_over", False):
        request.session[CAME_IN] = True


def _went_out(sender: Any, request: Any, user: Any, **more: Any) -> None:
    browser = browser_of(request) if request is not None else ""
    if user is not None and browser:
        till.went_out(user_id=user.pk, browser=browser)


def _password_changed(sender: Any, user: Any, **more: Any) -> None:
    # Who knew the former password, and came in with it, does not come back with a code.
    till.came_in_nowhere(user_id=user.pk)


def listen() -> None:
    """This will have the house hear of everybody who comes in, goes out, or changes the password."""
    user_logged_in.connect(_came_in, dispatch_uid="till.came_in")
    user_logged_out.connect(_went_out, dispatch_uid="till.went_out")
    for changed in (password_changed, password_reset, password_set):
        changed.connect(_password_changed, dispatch_uid="till.password_changed")
