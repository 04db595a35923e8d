"""Help as parts: the sheet of a page, and a few sentences beside a step."""

from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from countermand.web.help_words import PAGES, STEPS, Help

register = template.Library()


@register.simple_tag(takes_context=True)
def page_help(context: Context) -> Help | None:
    """{% page_help as help %} — the help of this page, by the name of its address."""
    request: Any = context.get("request")
    match = getattr(request, "resolver_match", None)
    return PAGES.get(match.url_name or "") if match else None


@register.simple_tag
def step_help(step: str) -> SafeString:
    """{% step_help "contact" %} — contact, stock or cancel: folded help beside a step (SH-21), ideas with the first."""
    return render_to_string("web/parts/step_help.html", {"help": STEPS[step], "step": step})
