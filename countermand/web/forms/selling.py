"""What is taken off sale: the ticked articles, or a list that is pasted or comes as a file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from countermand.refusals import LONGEST_TEXT, Refusal
from countermand.stock.selling import MOST_DAYS, read_skus
from countermand.web import refusal_words

MOST_BYTES = 1_000_000
DEEDS = ("off", "on", "seen", "remind")


class SellingForm(forms.Form):
    """One of `DEEDS` for articles; `item` are the ticked ones, which the view reads beside it."""

    do = forms.ChoiceField(choices=[(name, name) for name in DEEDS])
    skus = forms.CharField(
        label=_("Références"),
        required=False,
        max_length=200_000,
        help_text=_("Une par ligne, ou une colonne copiée d'un tableau."),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("Ou un fichier CSV"),
        required=False,
        help_text=_("La référence dans la première colonne."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv,text/plain"}),
    )
    why = forms.CharField(
        label=_("Pourquoi"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("Pour vos collègues : plus fabriqué, annonce erronée…"),
    )
    days = forms.IntegerField(label=_("Jours"), required=False, min_value=0, max_value=MOST_DAYS)

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file and file.size > MOST_BYTES:
            raise forms.ValidationError(_("Ce fichier est trop grand : 1 Mo au plus."))
        return file

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        text = said.get("skus") or ""
        if file := said.get("file"):
            try:
                text += "\n" + file.read().decode("utf-8-sig")
            except UnicodeDecodeError:
                self.add_error("file", _("Ce fichier n'est pas un texte en UTF-8."))
        try:
            said["named"] = read_skus(text)
        except Refusal as refusal:
            self.add_error("skus", refusal_words.say(refusal))
        if said.get("do") == "remind" and said.get("days") is None and "days" not in self.errors:
            self.add_error("days", _("Indiquez un nombre de jours, 0 pour aucun rappel."))
        return said
