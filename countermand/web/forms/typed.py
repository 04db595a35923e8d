"""Fields as people type them: amounts with a comma, and nothing where nothing is meant."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_SPACES = re.compile(r"[\s\u00a0\u202f]")
_AMOUNT = re.compile(r"\d{1,13}(\.\d{1,6})?", re.ASCII)


class AmountField(forms.CharField):
    """An amount in major units as text ("12.30"), typed with a comma or a point, with or without its sign."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(max_length=24, **kwargs)

    def clean(self, value: Any) -> str:
        typed = _SPACES.sub("", str(super().clean(value) or "")).strip("€$£").replace(",", ".")
        if typed and not _AMOUNT.fullmatch(typed):
            raise forms.ValidationError(_("Écrivez un montant en chiffres, comme 12,30."))
        return typed


def units_field(*, most: int, label: Any, initial: int) -> forms.IntegerField:
    """This will make a field for a number of units, 0 to `most`; left empty it is 0."""
    field = forms.IntegerField(
        label=label,
        initial=initial,
        required=False,
        min_value=0,
        max_value=most,
        widget=forms.NumberInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "min": 0, "max": most, "class": "input"}
        ),
    )
    field.error_messages["max_value"] = _("Il n'en reste que %(limit_value)s.")
    field.error_messages["min_value"] = _("Indiquez un nombre à partir de 0.")
    return field


class InstantField(forms.DateTimeField):
    """A day and time, picked with the browser's own picker."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "widget", forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
        )
        super().__init__(**kwargs)
