"""What a merchant may set of a channel's terms: one field each, empty meaning what the preset says."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from countermand.channels.models import Channel
from countermand.channels.presets import OVERRIDES, preset
from countermand.web.forms.settings import SettingForm
from countermand.web.terms_words import RATES, TERM, VALUE, value_of

UNITS = {
    "grace_minutes": "min",
    "acceptance_hours": "h",
    "undo_seconds": "s",
    "warn": "%",
    "limit": "%",
}


class TermsForm(SettingForm):
    """Overrides of one channel. What was set stays named; what is left empty follows the preset."""

    def __init__(self, *args: Any, channel: Channel, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = preset(channel.terms)
        for term, allowed in OVERRIDES.items():
            self.fields[term] = _field(term, allowed, self.known[term]["value"])
            self.initial[term] = _typed(channel.overrides.get(term))

    def rows(self) -> list[dict[str, Any]]:
        """This will give the fields with their unit and where the preset's value comes from."""
        return [
            {"field": self[term], "unit": UNITS.get(term, ""), "source": self.known[term]["source"]}
            for term in OVERRIDES
        ]

    def overrides(self) -> dict[str, Any]:
        """This will read what is set, as the API takes it."""
        said = {term: self.cleaned_data.get(term) for term in OVERRIDES}
        return {term: _read(term, value) for term, value in said.items() if value not in ("", None)}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for term in RATES:
            typed = str(cleaned.get(term) or "").replace(",", ".").strip("% \u00a0\u202f")
            cleaned[term] = typed
        return cleaned


def _field(term: str, allowed: Any, usual: Any) -> forms.Field:
    says = _("Comme prévu : %(value)s") % {"value": value_of(term, usual)}
    label = TERM[term]
    if isinstance(allowed, range):
        return forms.IntegerField(
            label=label,
            required=False,
            min_value=allowed.start,
            max_value=allowed.stop - 1,
            help_text=says,
            widget=forms.NumberInput(attrs={"inputmode": "numeric", "class": "input input-short"}),
        )
    if allowed == "rate":
        return forms.CharField(
            label=label,
            required=False,
            max_length=8,
            help_text=says,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "input input-short"}),
        )
    named = [
        (_typed(each), value_of(term, each) if isinstance(each, bool) else VALUE[each]) for each in allowed
    ]
    return forms.ChoiceField(label=label, required=False, choices=[("", says), *named])


def _typed(value: Any) -> str:
    return (
        {True: "yes", False: "no", None: ""}.get(value, str(value))
        if isinstance(value, bool | None)
        else str(value)
    )


def _read(term: str, value: Any) -> Any:
    return value == "yes" if OVERRIDES[term] == (True, False) else value
