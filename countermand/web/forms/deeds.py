"""The small forms of an order's page: a contact, a note, units back in stock."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from countermand.refusals import LONGEST_TEXT
from countermand.web import words
from countermand.web.forms.typed import InstantField, units_field


class ContactForm(forms.Form):
    """Somebody spoke with the buyer (EM-2)."""

    prefix = "contact"
    by = forms.ChoiceField(label=_("Par quel moyen"), choices=list(words.MEANS.items()), initial="phone")
    outcome = forms.ChoiceField(label=_("Résultat"), choices=[("", "–"), *words.OUTCOME.items()])
    text = forms.CharField(
        label=_("Ce qui a été dit"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    call_again_at = InstantField(label=_("Rappeler le"), required=False)


class NoteForm(forms.Form):
    """What staff write for each other."""

    prefix = "note"
    text = forms.CharField(label=_("Note"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 2}))


class RestockForm(forms.Form):
    """n of each article, from the cancelled order (SH-8)."""

    prefix = "back"

    def __init__(self, *args: Any, lines: Sequence[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = {}
        for i, line in enumerate(lines):
            left = line["cancelled"] + line["returned"] - line["restocked"]
            if line["stock_kept"] and left > 0:
                name = f"units-{i}"
                self.fields[name] = units_field(most=left, label=line["title"], initial=left)
                self.lines[name] = line["reference"]

    def wanted(self) -> list[dict[str, Any]]:
        """This will list the units to put back, as the verb takes them."""
        return [
            {"line": reference, "quantity": self.cleaned_data[name]}
            for name, reference in self.lines.items()
            if self.cleaned_data.get(name)
        ]
