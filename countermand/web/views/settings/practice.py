"""« Mode entraînement » (SH-21): in and out by one click, and back to the first day."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from countermand.demo.practice import begin_anew, practise
from countermand.merchants.models import Member
from countermand.merchants.practice import twin_of
from countermand.web import notices
from countermand.web.access import CHOSEN, Desk, member_view
from countermand.web.pages import page


@member_view("read")
@require_safe
def practice(request: Any) -> HttpResponse:
    """This will say what practice is, and whether somebody practises already."""
    twin = twin_of(merchant_id=_shop(request.desk).merchant_id)
    return page(request, "web/settings/practice.html", room="settings", twin=twin)


@member_view("read")
@require_POST
def enter_practice(request: Any) -> HttpResponse:
    """This will take the reader into the twin, made on the first visit."""
    desk = request.desk
    twin = practise(member=_shop(desk), by=desk.by, at=datetime.now(UTC))
    request.session[CHOSEN] = twin.id
    return redirect("web:to_do")


@member_view("read")
@require_POST
def leave_practice(request: Any) -> HttpResponse:
    """This will take the reader back to the real shop."""
    request.session[CHOSEN] = _shop(request.desk).merchant_id
    notices.say(request, gettext("Vous êtes de retour dans la vraie boutique."))
    return redirect("web:to_do")


@member_view("read")
@require_POST
def reset_practice(request: Any) -> HttpResponse:
    """This will begin practice anew: every order as on the first day."""
    desk = request.desk
    twin = begin_anew(member=_shop(desk), by=desk.by, at=datetime.now(UTC))
    request.session[CHOSEN] = twin.id
    notices.say(request, gettext("L'entraînement est remis à neuf."))
    return redirect("web:to_do")


def _shop(desk: Desk) -> Member:
    """The reader's place in the real shop, also while they practise."""
    wanted = desk.merchant.practice_of_id or desk.merchant_id
    return next(place for place in desk.mine if place.merchant_id == wanted)
