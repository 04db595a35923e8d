"""The forms of the settings page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from countermand.merchants.roles import ROLES
from countermand.web import words


class TokenForm(forms.Form):
    """A key to the API (shown once)."""

    name = forms.CharField(
        label=_("Nom de la clé"), max_length=100, help_text=_("Le programme qui s'en servira.")
    )
    role = forms.ChoiceField(
        label=_("Rôle"), choices=[(role, words.ROLE[role]) for role in ROLES], initial="agent"
    )
