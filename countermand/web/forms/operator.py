"""The forms of a marketplace's staff, and of the merchants who answer them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from countermand.refusals import LONGEST_TEXT
from countermand.web import words
from countermand.web.forms.typed import InstantField


def _said(label: Any, *, help_text: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class DecideForm(forms.Form):
    """From when, until when, and why (RK-10)."""

    starts_at = InstantField(label=_("Du"), required=False, help_text=_("Vide : tout de suite."))
    ends_at = InstantField(label=_("Au"))
    reason = _said(_("Motif"), help_text=_("Le commerçant le lit tel quel dans son e-mail."))


class ReasonForm(forms.Form):
    """Why something is left be, or lifted."""

    reason = _said(_("Pourquoi"), rows=3)


class AnswerForm(forms.Form):
    """The answer to an appeal."""

    text = _said(_("Votre réponse"), help_text=_("Le commerçant la reçoit par e-mail."))
    lifts = forms.ChoiceField(
        label=_("Décision"),
        choices=[("no", _("maintenir la suspension")), ("yes", _("lever la suspension"))],
        widget=forms.RadioSelect,
        initial="no",
    )


class AppealForm(forms.Form):
    """What the merchant says to a suspension, once."""

    text = _said(
        _("Votre réponse"),
        help_text=_("Une seule fois : dites ce qui s'est passé et ce que vous avez changé."),
    )


class TicketForm(forms.Form):
    """The support's answer to a ticket."""

    text = _said(_("Ce qui a été fait"), help_text=_("Le commerçant le reçoit par e-mail."))


class EvidenceForm(forms.Form):
    """How the platform paid a refund in its own way."""

    at = InstantField(label=_("Payé le"))
    evidence = forms.CharField(
        label=_("Preuve"),
        max_length=LONGEST_TEXT,
        help_text=_("Numéro de virement, de dossier ou de reçu."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SendBackForm(forms.Form):
    """Why the customer service does not refund yet: the merchant reads it and answers."""

    because = forms.CharField(
        label=_("Ce qui manque"),
        max_length=LONGEST_TEXT,
        help_text=_("Le commerçant le reçoit par e-mail et vous répond."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AskAgainForm(forms.Form):
    """What the merchant answers to a refund that was sent back (RK-5)."""

    answer = forms.CharField(
        label=_("Votre réponse"),
        max_length=LONGEST_TEXT,
        help_text=_("Le service client la lit avec votre demande."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class OperatorForm(forms.Form):
    """A colleague at the marketplace."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    first_name = forms.CharField(label=_("Prénom"), max_length=100, required=False)
    role = forms.ChoiceField(
        label=_("Rôle"), choices=[("agent", words.ROLE["agent"]), ("manager", words.ROLE["manager"])]
    )
