"""What is asked when a case is handed over, a plan is declined, and when rules are made."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from countermand.approvals.rules import APPROVERS, KINDS, Rule
from countermand.refusals import LONGEST_TEXT
from countermand.web import approvals, words
from countermand.web.access import Desk
from countermand.web.forms.typed import AmountField

TO_ROLES = (("role:manager", _("À un responsable, le premier libre")), ("role:owner", _("Au propriétaire")))


class HandOverForm(forms.Form):
    """To whom, and what is to be done."""

    prefix = "case"
    to = forms.ChoiceField(label=_("À qui"))
    note = forms.CharField(
        label=_("Ce qu'il faut savoir"), max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [
            (f"by:{place.user.email}", str(place.user))
            for place in desk.places
            if place.merchant_id == desk.merchant_id
            and place.user_id != desk.user.pk
            and place.role != "viewer"
        ]
        self.fields["to"].choices = [*TO_ROLES, *people]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """This will read to whom as the verb takes it."""
        how, _colon, who = self.cleaned_data["to"].partition(":")
        return {"to_role": who} if how == "role" else {"to_by": who}


class DeclineForm(forms.Form):
    """Why not, as who asked will read it."""

    prefix = "no"
    note = forms.CharField(
        label=_("Pourquoi, pour qui a demandé"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RuleForm(forms.Form):
    """One rule more: when, and who looks."""

    kind = forms.ChoiceField(
        label=_("Quand"), choices=[(kind, approvals.KIND[kind]) for kind in KINDS], initial="amount"
    )
    above = AmountField(label=_("Montant"), required=False, help_text=_("Dans la devise de chaque commande."))
    reasons = forms.MultipleChoiceField(
        label=_("Motifs"), required=False, choices=[], widget=forms.CheckboxSelectMultiple
    )
    near = forms.ChoiceField(
        label=_("De quoi"), required=False, choices=list(approvals.NEAR.items()), initial="limit"
    )
    approver = forms.ChoiceField(
        label=_("Qui valide"),
        choices=[(role, approvals.APPROVER[role]) for role in APPROVERS],
        initial="manager",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reasons"].choices = list(words.REASON.items())  # type: ignore[attr-defined]

    def rule(self) -> Rule:
        """This will read the rule; the verb judges it."""
        said = self.cleaned_data
        return Rule(
            kind=said["kind"],
            approver=said["approver"],
            above=said["above"] or "",
            reasons=tuple(said["reasons"]),
            near=said["near"] or "limit",
        )
