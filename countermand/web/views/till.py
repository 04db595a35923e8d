"""« Changer d'utilisateur »: on a shared till, who came in today takes over with a short code."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from countermand.merchants import till as verbs
from countermand.web import notices, till
from countermand.web.access import CHOSEN, member_view
from countermand.web.forms.settings import TakeOverForm
from countermand.web.pages import page
from countermand.web.views.settings.asked import took


@member_view("read")
@require_http_methods(["GET", "POST"])
def take_over(request: Any) -> HttpResponse:
    """This will list who may take this till over, and hand it to whoever gives their code."""
    desk, now, browser = request.desk, datetime.now(UTC), till.browser_of(request)
    here = verbs.at_this_till(merchant_id=_shop(desk), browser=browser, at=now)
    people = [(each.id, str(each.user)) for each in here if each.user_id != desk.user.pk]
    form = TakeOverForm(request.POST if request.method == "POST" else None, people=people)
    if request.method == "POST":
        taken: list[Any] = []
        ask: dict[str, Any] = {"merchant_id": _shop(desk), "browser": browser, "at": now}
        if took(
            form,
            lambda: taken.append(
                verbs.take_over(member_id=form.cleaned_data["member"], code=form.cleaned_data["code"], **ask)
            ),
        ):
            till.hand_to(request, taken[0])
            request.session[CHOSEN] = taken[0].merchant_id
            notices.say(request, gettext("À vous, %(name)s.") % {"name": taken[0].user})
            return redirect("web:to_do")
    codes = any(each.user_id == desk.user.pk and hasattr(each, "till_code") for each in here)
    facts = {"form": form, "people": people, "has_code": codes}
    return page(request, "web/till.html", room="", status=422 if form.errors else 200, **facts)


def _shop(desk: Any) -> int:
    """Codes belong to the real shop, also while somebody practises."""
    return int(desk.merchant.practice_of_id or desk.merchant_id)
