"""Filters of the Performance page: {% load performance %}."""

from collections.abc import Mapping
from typing import Any

from django import template

from countermand.web import readable

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
