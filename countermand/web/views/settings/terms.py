"""Channels with the terms that hold there: each value with its source, some of them the merchant's to set."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from countermand.channels.presets import with_sources
from countermand.channels.queries import channels as channels_of
from countermand.web.access import member_view
from countermand.web.pages import page
from countermand.web.terms_words import said


@member_view("read")
@require_safe
def channels(request: Any) -> HttpResponse:
    """This will list the channels with the terms that hold there."""
    places = [
        {"channel": each, "terms": said(with_sources(each.terms, each.overrides))}
        for each in channels_of(merchant_id=request.desk.merchant_id)
    ]
    return page(request, "web/settings/channels.html", room="settings", places=places)
