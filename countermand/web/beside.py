"""Where a refusal stands on a page: beside the question that it is about, with what was typed."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.forms import Form

from countermand.refusals import Refusal
from countermand.web import refusal_words

ALIKE: Mapping[str, str] = MappingProxyType({})


def beside(form: Form, refusal: Refusal, places: Mapping[str, str] = ALIKE, *, said: Any = None) -> None:
    """This will put a refusal beside its question, else above the form.

    `places`: what the verb's fields are called in the form, where that differs; `said`: in other words than usual.
    """
    name = places.get(refusal.field, refusal.field)
    form.add_error(name if name in form.fields else None, said or refusal_words.say(refusal))


def refuse(form: Form, refusal: Refusal, places: Mapping[str, str] = ALIKE) -> None:
    """This will do so, too; but what is another's, nobody's or not allowed stays a refusal of the whole page."""
    if refusal.status in (403, 404):
        raise refusal
    beside(form, refusal, places)
