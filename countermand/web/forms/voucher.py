"""Vouchers made by hand, and spent at the counter (SH-11)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from countermand.refusals import LONGEST_TEXT, Refusal
from countermand.vouchers.rules import Offer
from countermand.web.beside import beside
from countermand.web.forms.cancel_questions import usual_last_day
from countermand.web.forms.typed import AmountField

PLACES = {
    "voucher.kind": "kind",
    "voucher.value": "value",
    "voucher.expires_on": "until",
    "voucher.note": "note",
    "code": "code",
    "total": "total",
    "order_number": "order_number",
    "currency": "currency",
}


class _Refusing(forms.Form):
    def refuse(self, refusal: Refusal) -> None:
        """This will put a refusal beside the question that it is about."""
        beside(self, refusal, PLACES)


class VoucherForm(_Refusing):
    """What a code takes off, for whom, until when. For the buyer of an order nothing else is asked."""

    kind = forms.ChoiceField(
        label=_("Ce qu'il retire"),
        initial="percent",
        choices=[("percent", _("Un pourcentage")), ("amount", _("Un montant"))],
    )
    value = AmountField(label=_("Combien"), error_messages={"required": _("Indiquez combien.")})
    currency = forms.CharField(label=_("Devise"), max_length=3, initial="EUR")
    email = forms.EmailField(
        label=_("Pour quelle adresse e-mail"),
        required=False,
        help_text=_("Laissez vide pour qui aura le code."),
    )
    until = forms.DateField(
        label=_("Valable jusqu'au"),
        initial=usual_last_day,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=_("Pourquoi"), required=False, max_length=LONGEST_TEXT, help_text=_("Reste au dossier.")
    )

    def __init__(self, *args: Any, for_order: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if for_order:
            del self.fields["currency"], self.fields["email"]

    def offer(self) -> Offer:
        """This will read the answers."""
        said = self.cleaned_data
        return Offer(said["kind"], said["value"], said["until"], said["note"])


class RedeemForm(_Refusing):
    """A code at the till: which one, on which order, of how much."""

    code = forms.CharField(
        label=_("Code du bon"),
        max_length=64,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Recopiez le code du bon.")},
    )
    order_number = forms.CharField(
        label=_("Numéro de la commande"),
        max_length=64,
        error_messages={"required": _("Indiquez la commande sur laquelle il est utilisé.")},
    )
    total = AmountField(
        label=_("Montant avant le bon"), error_messages={"required": _("Indiquez le montant de l'achat.")}
    )
