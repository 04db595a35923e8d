"""The index of the settings, and turning to another of the reader's merchants."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from countermand.web.access import CHOSEN, member_view
from countermand.web.pages import page
from countermand.web.views.settings.lines import lines_for


@member_view("read")
@require_safe
def settings(request: Any) -> HttpResponse:
    """This will show what can be set, one line each."""
    return page(request, "web/settings/index.html", room="settings", groups=lines_for(request.desk))


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
