"""Words of what comes back, by code: {{ return.kind|comes:"KIND" }}."""

from typing import Any

from django import template

from countermand.web import return_words

register = template.Library()


@register.filter
def comes(code: str, table: str) -> Any:
    """This will say a code in the words of a table of `return_words`."""
    return getattr(return_words, table).get(code, code)
