"""What an order's page says about what the buyer asks: {% load asked %}."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from countermand.web import request_words

register = template.Library()


@register.filter
def request_route(code: str) -> Any:
    """{{ request.route|request_route }} — by what way the buyer asked."""
    return request_words.ROUTE.get(code, code)


@register.filter
def title_of(reference: str, lines: Sequence[Mapping[str, Any]]) -> str:
    """{{ asked.line|title_of:order.lines }} — the article of a line of the order."""
    return next((str(line["title"]) for line in lines if line["reference"] == reference), reference)
