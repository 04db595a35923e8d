"""Filters of the Performance page: {% load performance %}."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from countermand.performance.opinions import opinions_of
from countermand.web import counting_words, readable
from countermand.web.forms.opinion import OpinionForm

register = template.Library()


@register.filter
def negative(minor: int) -> int:
    """{% money_line l sales.cancelled|negative "EUR" %} — what is taken off is written with its sign."""
    return -minor


@register.filter
def of(found: Mapping[str, Any], key: str) -> Any:
    """{% with was=found.sales_before|of:sales.currency %} — the entry of a table, or nothing."""
    return found.get(key)


@register.filter
def score(mean: float) -> str:
    """{{ opinions.mean|score }} — "4,2"."""
    return readable.number(round(mean, 1))


@register.filter
def why_word(code: str) -> Any:
    """{{ each.why|why_word }} — why a cancellation counts or not, in words."""
    return counting_words.WHY.get(code, code)


@register.filter
def family_word(name: str) -> Any:
    """{{ family.name|family_word }} — a family of the score in words."""
    return counting_words.FAMILY[name]


@register.simple_tag(takes_context=True)
def opinions(context: Any, order: Mapping[str, Any]) -> SafeString:
    """{% opinions order %} — what the customer said of the order's cancellations, and a form for the latest without."""
    desk = context["desk"]
    said = opinions_of(merchant_id=desk.merchant_id, order_id=UUID(order["id"]))
    told = {str(one["cancellation_id"]) for one in said}
    standing = [each["id"] for each in order["cancellations"] if each["state"] != "undone"]
    if not standing and not said:
        return SafeString("")
    facts = {
        "said": said,
        "open_id": next((one for one in reversed(standing) if one not in told), ""),
        "form": context.get("opinion_form") or OpinionForm(),
    }
    return SafeString(render_to_string("web/order/opinions.html", {**context.flatten(), **facts}))
