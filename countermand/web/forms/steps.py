"""The forms of the guided cancellation's first two steps: what was said, what was done to the stock, or why not."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from countermand.procedure.rules import WITH_A_DATE
from countermand.refusals import LONGEST_TEXT
from countermand.web import words
from countermand.web.forms.typed import InstantField

# In the order in which a call goes.
OUTCOMES = ("accepts", "alternative", "will_wait", "no_answer")


class SpokenForm(forms.Form):
    """Step one: somebody spoke with the buyer, and what came of it (EM-2)."""

    prefix = "spoken"
    by = forms.ChoiceField(label=_("Par quel moyen"), choices=list(words.MEANS.items()), initial="phone")
    outcome = forms.ChoiceField(
        label=_("Ce que le client répond"),
        choices=[(code, words.OUTCOME[code]) for code in OUTCOMES],
        error_messages={"required": _("Dites ce que le client a répondu.")},
    )
    call_again_at = InstantField(
        label=_("Jusqu'à quand, ou quand rappeler"),
        required=False,
        help_text=_("Ce jour-là, la commande revient dans « À traiter »."),
    )
    text = forms.CharField(
        label=_("Ce qui a été dit"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        dated = said.get("outcome") in WITH_A_DATE
        if dated and "call_again_at" not in self.errors and not said.get("call_again_at"):
            self.add_error("call_again_at", _("Donnez une date : sans elle, personne ne rappelle."))
        if not dated:
            said["call_again_at"] = None
        return said


class SkipForm(forms.Form):
    """A step is passed over, with a reason that stays with the name of who said it (EM-11)."""

    reason = forms.CharField(
        label=_("Passer cette étape, parce que"),
        max_length=LONGEST_TEXT,
        help_text=_("Reste au dossier, avec votre nom. L'e-mail automatique n'est pas un échange."),
        error_messages={"required": _("Dites pourquoi vous passez cette étape.")},
    )


class ArticleForm(forms.Form):
    """Step two for one article: short for some days, none left, or counted (EM-5, EM-6); or a ticket (EM-7)."""

    DEEDS = ("zero", "shortage", "count", "ticket")
    sku = forms.CharField(widget=forms.HiddenInput)
    do = forms.ChoiceField(choices=[(deed, deed) for deed in DEEDS], widget=forms.HiddenInput)
    wants = forms.ChoiceField(
        label=_("Demander au support"),
        required=False,
        initial="zero",
        choices=[
            ("zero", _("Mettre à zéro")),
            ("shortage", _("Suspendre quelques jours")),
            ("count", _("Corriger le compte")),
        ],
    )
    days = forms.IntegerField(
        label=_("De retour dans"),
        required=False,
        min_value=1,
        max_value=365,
        initial=3,
        widget=forms.NumberInput(
            attrs={"class": "input input-short", "min": 1, "max": 365, "inputmode": "numeric"}
        ),
    )
    count = forms.IntegerField(
        label=_("J'en compte"),
        required=False,
        min_value=0,
        widget=forms.NumberInput(attrs={"class": "input input-short", "min": 0, "inputmode": "numeric"}),
    )
    note = forms.CharField(
        label=_("Pour le support"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        deed = said.get("do")
        needed = {"shortage": "days", "count": "count"}.get(str(deed))
        if deed == "ticket" and said.get("wants") == "shortage":
            needed = "days"
        if needed and needed not in self.errors and said.get(needed) is None:
            self.add_error(needed, _("Indiquez un nombre."))
        return said


class ShipForm(forms.Form):
    """What is not called off leaves in the same go: « expédier 2, annuler 1 »."""

    prefix = "ship"
    rest = forms.BooleanField(
        label=_("Expédier maintenant ce qui n'est pas annulé"),
        required=False,
        help_text=_("Le colis est noté parti dans le même geste."),
    )
    carrier = forms.CharField(label=_("Transporteur"), required=False, max_length=100)
    tracking = forms.CharField(label=_("Numéro de suivi"), required=False, max_length=200)
