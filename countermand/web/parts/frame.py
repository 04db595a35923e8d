"""What the frame itself needs: the menu, the chosen theme, the addresses of our two bundles."""

from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.urls import NoReverseMatch, reverse

from countermand.web import menu, notices
from countermand.web.assets import bundle
from countermand.web.views.preferences import THEMES

register = template.Library()


@register.simple_tag
def asset_url(name: str) -> str:
    """{% asset_url "desk.css" %} — the address of a bundle, with the digest of its content."""
    return reverse("web:asset", kwargs={"digest": bundle(name).digest, "name": name})


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """{% theme %} — light or dark as the reader chose, nothing where the machine decides."""
    request: HttpRequest | None = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in THEMES else ""


@register.simple_tag(takes_context=True)
def menu_lines(context: Context) -> list[dict[str, Any]]:
    """{% menu_lines as lines %} — reads `room` (where we are), `menu_counts` and `rooms` from the page's context."""
    request: HttpRequest | None = context.get("request")
    path = request.path if request else ""
    rooms = context.get("rooms") or menu.ROOMS
    where = str(context.get("room") or "")
    return menu.lines(path=path, room=where, counts=context.get("menu_counts"), rooms=rooms)


@register.simple_tag(takes_context=True)
def here(context: Context) -> str:
    """{% here %} — this page's own address, to come back to."""
    request: HttpRequest | None = context.get("request")
    return request.get_full_path() if request else "/"


@register.simple_tag(takes_context=True, name="notices")
def notices_of(context: Context) -> list[notices.Notice]:
    """{% notices as said %} — what `notices.say` left for this page."""
    request: HttpRequest | None = context.get("request")
    return notices.waiting(request) if request and hasattr(request, "_messages") else []


@register.simple_tag
def url_if(name: str) -> str:
    """{% url_if "web:orders" as url %} — an address, or nothing while that page does not exist."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.simple_tag
def languages() -> list[tuple[str, str]]:
    return list(settings.LANGUAGES)
