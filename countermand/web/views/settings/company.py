"""« Entreprise »: what the shop is called, who writes for it, and what holds on all its channels."""

from typing import Any

from django.conf import settings as django_settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from countermand.channels.actions import change_everywhere
from countermand.channels.queries import channels
from countermand.merchants.company import FIELDS, change_company
from countermand.web import notices
from countermand.web.access import member_view
from countermand.web.forms.settings import CompanyForm, EverywhereForm
from countermand.web.pages import page
from countermand.web.views.settings.asked import took, who


@member_view("settings")
@require_http_methods(["GET", "POST"])
def company(request: Any) -> HttpResponse:
    """This will show and change what the shop is called and who writes for it (EM-15)."""
    desk = request.desk
    owner = desk.allows("team")
    if request.method == "POST":
        form = CompanyForm(request.POST, owner=owner)
        if took(form, lambda: change_company(changes=form.cleaned_data, **who(request))):
            notices.say(request, gettext("C'est réglé."))
            return redirect("web:company")
        return _show(request, form=form, status=422)
    return _show(request)


@member_view("terms")
@require_POST
def everywhere(request: Any) -> HttpResponse:
    """This will set on all channels at once what is put back in stock and how long one may go back."""
    form = EverywhereForm(request.POST)

    def act() -> None:
        said = form.cleaned_data
        wanted = {
            "restock": {"yes": True, "no": False}.get(said["restock"]),
            "undo_seconds": said["undo_seconds"],
        }
        change_everywhere(overrides=wanted, **who(request))

    if took(form, act):
        notices.say(request, gettext("C'est réglé pour tous les canaux."))
        return redirect("web:company")
    return _show(request, everywhere=form, status=422)


def _show(
    request: Any,
    *,
    form: CompanyForm | None = None,
    everywhere: EverywhereForm | None = None,
    status: int = 200,
) -> HttpResponse:
    desk = request.desk
    now = {name: getattr(desk.merchant, name) for name in FIELDS}
    return page(
        request,
        "web/settings/company.html",
        room="settings",
        status=status,
        form=form or CompanyForm(initial=now, owner=desk.allows("team")),
        everywhere=everywhere or EverywhereForm(initial=_shared(desk.merchant_id)),
        sends=bool(django_settings.EMAIL_HOST),
    )


def _shared(merchant_id: int) -> dict[str, Any]:
    """What every channel was told alike; where they differ, nothing."""
    set_here = [place.overrides for place in channels(merchant_id=merchant_id)]
    restock = {one.get("restock") for one in set_here}
    undo = {one.get("undo_seconds") for one in set_here}
    said = restock.pop() if len(restock) == 1 else None
    return {
        "restock": {True: "yes", False: "no"}.get(said, ""),  # type: ignore[arg-type]
        "undo_seconds": undo.pop() if len(undo) == 1 else None,
    }
