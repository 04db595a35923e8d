"""Where to tell what: the form of a webhook."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ALL = "*"
# What a person picks from; a program may ask for single kinds over the API.
FAMILIES = {
    ALL: _("Tout ce qui arrive"),
    "order.*": _("Commandes"),
    "cancellation.*": _("Annulations"),
    "refund.*": _("Remboursements"),
    "stock.*": _("Stock"),
    "message.*": _("E-mails aux clients"),
    "contact.*": _("Échanges avec les clients"),
    "credit.*": _("Avoirs en boutique et cartes cadeaux"),
    "voucher.*": _("Bons d'achat"),
    "document.*": _("Factures d'avoir et reçus"),
}


class WebhookForm(forms.Form):
    """An address and the events that it is told. Kinds that were asked for over the API stay to be chosen."""

    url = forms.CharField(
        label=_("Adresse"),
        max_length=500,
        widget=forms.URLInput(
            attrs={"placeholder": "https://", "autocomplete": "off", "spellcheck": "false"}
        ),
        help_text=_("Une adresse publique en https. Elle reçoit un POST en JSON à chaque événement."),
    )
    events = forms.MultipleChoiceField(
        label=_("Événements"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez au moins un événement.")},
    )

    def __init__(self, *args: Any, known: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        single = [(kind, kind) for kind in known if kind not in FAMILIES]
        self.fields["events"].choices = [*FAMILIES.items(), *single]  # type: ignore[attr-defined]
