"""What is done to an article's stock: counted, added to, off sale for some days."""

from django import forms
from django.utils.translation import gettext_lazy as _

from countermand.refusals import LONGEST_TEXT


class StockForm(forms.Form):
    """One of five deeds; each reads its own number."""

    do = forms.ChoiceField(
        choices=[(name, name) for name in ("zero", "count", "add", "unavailable", "available")]
    )
    count = forms.IntegerField(
        label=_("Compté en rayon"), required=False, min_value=0, widget=forms.NumberInput(attrs={"min": 0})
    )
    add = forms.IntegerField(label=_("Ajouter"), required=False)
    days = forms.IntegerField(
        label=_("Indisponible pendant"), required=False, min_value=1, max_value=365, initial=3
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=LONGEST_TEXT)

    def clean(self) -> dict[str, object]:
        said: dict[str, object] = super().clean() or {}
        needed = {"count": "count", "add": "add", "unavailable": "days"}.get(str(said.get("do")))
        if needed and needed not in self.errors and said.get(needed) is None:
            self.add_error(needed, _("Indiquez un nombre."))
        return said
