"""The questions about a parcel called back: which one, of whom, and how its units are called off once it is here."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from countermand.cancellations.ask import Ask
from countermand.refusals import LONGEST_TEXT
from countermand.web import return_words
from countermand.web.forms.returns import Answering, reasons


class CallBackForm(Answering):
    """A parcel is asked back on its way."""

    prefix = "back"
    parcel = forms.ChoiceField(label=_("Quel colis"))
    asked_of = forms.ChoiceField(
        label=_("Le demander"),
        initial="carrier",
        choices=[(code, capfirst(word)) for code, word in return_words.ASKED_OF.items()],
    )
    reason = forms.ChoiceField(label=_("Motif"), error_messages={"required": _("Choisissez un motif.")})
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("Numéro de dossier du transporteur, nom de l'interlocuteur."),
    )

    def __init__(self, *args: Any, parcels: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons()  # type: ignore[attr-defined]
        self.fields["parcel"].choices = [  # type: ignore[attr-defined]
            (
                each["reference"],
                " · ".join(filter(None, (each["reference"], each["carrier"], each["tracking"]))),
            )
            for each in parcels
        ]
        if len(parcels) == 1:
            self.fields["parcel"].initial = parcels[0]["reference"]


class HomeForm(Answering):
    """A parcel whose shipment was never confirmed is back: how its units are called off (AZ-4)."""

    prefix = "home"
    reason = forms.ChoiceField(label=_("Motif"), error_messages={"required": _("Choisissez un motif.")})
    asked_by = forms.ChoiceField(
        label=_("Qui le demande ?"),
        initial="buyer",
        choices=[("buyer", _("Le client")), ("merchant", _("La boutique"))],
    )
    restock = forms.ChoiceField(
        label=_("Remettre en stock"),
        initial="terms",
        choices=[("terms", _("Selon le motif")), ("all", _("Tout")), ("none", _("Rien"))],
    )
    message = forms.CharField(
        label=_("Votre mot au client"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    places = {"initiated_by": "asked_by"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons()  # type: ignore[attr-defined]

    def ask(self, *, role: str) -> Ask:
        """This will read how the units are called off; never with a fee."""
        return Ask(
            reason=self.value("reason") or "other",
            initiated_by=self.value("asked_by") or "buyer",
            restock={"all": True, "none": False}.get(self.value("restock") or ""),
            message=self.value("message") or "",
            role=role,
        )
