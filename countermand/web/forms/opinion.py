"""What a customer says of a cancellation, as staff note it (SH-14)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from countermand.refusals import LONGEST_TEXT

SCORES = [
    ("5", _("5, très bien")),
    ("4", "4"),
    ("3", "3"),
    ("2", "2"),
    ("1", _("1, mal")),
]


class OpinionForm(forms.Form):
    """A score and, in the customer's words, why."""

    score = forms.ChoiceField(
        label=_("Comment s'est passée l'annulation, selon le client ?"),
        choices=SCORES,
        error_messages={"required": _("Choisissez une note de 1 à 5.")},
    )
    text = forms.CharField(
        label=_("Ce qu'il en dit"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
