"""« Canaux et conditions »: what holds on each channel, from where it comes, and what the merchant may set."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from countermand.channels.actions import change_channel
from countermand.channels.presets import OVERRIDES, with_sources
from countermand.channels.queries import channel as channel_of
from countermand.channels.queries import channels as channels_of
from countermand.overview.activity import of_channel
from countermand.web import notices
from countermand.web.access import forbidden, member_view
from countermand.web.activity_words import told
from countermand.web.forms.terms import TermsForm
from countermand.web.pages import page
from countermand.web.terms_words import said
from countermand.web.views.settings.asked import took, who


@member_view("read")
@require_safe
def channels(request: Any) -> HttpResponse:
    """This will list the channels with the terms that hold there."""
    places = [
        {"channel": each, "set": len(each.overrides)}
        for each in channels_of(merchant_id=request.desk.merchant_id)
    ]
    return page(request, "web/settings/channels.html", room="settings", places=places)


@member_view("read")
@require_http_methods(["GET", "POST"])
def terms(request: Any, code: str) -> HttpResponse:
    """This will show a channel's terms with their sources and history; who may sets some of them."""
    desk = request.desk
    place = channel_of(merchant_id=desk.merchant_id, code=code)
    form = TermsForm(request.POST if request.method == "POST" else None, channel=place)
    if request.method == "POST":
        if not desk.allows("terms"):
            return forbidden(request, "terms")
        if took(
            form, lambda: change_channel(code=code, changes={"overrides": form.overrides()}, **who(request))
        ):
            notices.say(request, gettext("Conditions réglées : elles valent dès la prochaine annulation."))
            return redirect("web:terms", code=code)
    return page(
        request,
        "web/settings/terms.html",
        room="settings",
        status=422 if form.errors else 200,
        place=place,
        form=form,
        rows=said(with_sources(place.terms, place.overrides)),
        settable=set(OVERRIDES),
        history=[told(event) for event in of_channel(merchant_id=desk.merchant_id, channel_id=place.id)],
    )
