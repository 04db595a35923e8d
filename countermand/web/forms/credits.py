"""The forms about store credit and gift cards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from countermand.web.forms.typed import AmountField


class RedeemForm(forms.Form):
    """An amount of a credit, spent on an order. The page's own token makes a double click harmless."""

    amount = AmountField(label=_("Montant à dépenser"))
    order_number = forms.CharField(
        label=_("Commande ou ticket"),
        max_length=64,
        help_text=_("Son numéro, celui d'une autre caisse aussi. Il reste dans les mouvements."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)


class CardForm(forms.Form):
    """A gift card made by hand."""

    amount = AmountField(label=_("Montant"))
    customer_email = forms.EmailField(
        label=_("E-mail du client"),
        required=False,
        max_length=254,
        help_text=_("Pour retrouver la carte. Qui a le code peut la dépenser."),
    )
    note = forms.CharField(
        label=_("Pourquoi"),
        required=False,
        max_length=200,
        help_text=_("Vendue au comptoir, geste commercial…"),
    )
    token = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, currencies: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(currencies) > 1:
            choices = [(code, code) for code in currencies]
            self.fields["currency"] = forms.ChoiceField(label=_("Devise"), choices=choices)
            self.order_fields(["amount", "currency", "customer_email", "note", "token"])
