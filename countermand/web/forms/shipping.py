"""What leaves: units of each article, with whom, and whether its shipment is confirmed already."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from countermand.web.forms.typed import units_field


class ShipForm(forms.Form):
    """One parcel (AZ-12). Open units are all proposed."""

    carrier = forms.CharField(label=_("Transporteur"), required=False, max_length=100)
    tracking = forms.CharField(label=_("Numéro de suivi"), required=False, max_length=200)
    confirmed = forms.ChoiceField(
        label=_("Expédition"),
        choices=[("yes", _("Confirmée")), ("no", _("Remise, à confirmer plus tard"))],
        initial="yes",
    )

    despite_request = forms.BooleanField(
        label=_("Expédier malgré la demande officielle du client"),
        required=False,
        help_text=_("Ce qui est parti ne s'annule plus : cela revient comme retour."),
    )

    def __init__(self, *args: Any, lines: list[dict[str, Any]], held: bool = False, **kwargs: Any) -> None:
        """`held`: the buyer officially asks to call something of it off (AZ-5)."""
        super().__init__(*args, **kwargs)
        if not held:
            del self.fields["despite_request"]
        self.lines = {}
        for i, line in enumerate(lines):
            if line["open"]:
                name = f"units-{i}"
                self.fields[name] = units_field(most=line["open"], label=line["title"], initial=line["open"])
                self.lines[name] = line["reference"]

    def rows(self) -> list[Any]:
        """This will give the fields of units, as they stand on the page."""
        return [self[name] for name in self.lines]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.wanted():
            raise forms.ValidationError(_("Dites au moins une unité qui part."))
        return cleaned

    def wanted(self) -> list[dict[str, Any]]:
        """This will list the units that leave, as the verb takes them."""
        return [
            {"line": reference, "quantity": self.cleaned_data[name]}
            for name, reference in self.lines.items()
            if self.cleaned_data.get(name)
        ]

    def parcel(self, reference: str) -> dict[str, Any]:
        """This will give the parcel as the verb takes it."""
        said = self.cleaned_data
        return {
            "reference": reference,
            "carrier": said["carrier"],
            "tracking": said["tracking"],
            "confirmed": said["confirmed"] == "yes",
            "despite_request": said.get("despite_request", False),
            "lines": self.wanted(),
        }
