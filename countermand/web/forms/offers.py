"""The forms around an offered alternative: what is offered, what the buyer answers, what was paid on top."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from countermand.offers.rules import MOST_DAYS, USUAL_DAYS
from countermand.orders.facts import LineFacts
from countermand.refusals import LONGEST_TEXT
from countermand.stock.rules import Alternative
from countermand.web import words
from countermand.web.forms.typed import AmountField

PAID_BY_HAND = ("cash", "card", "transfer", "cheque")


class OfferForm(forms.Form):
    """One of the alternatives, instead of how many units, until when, with a personal word (EM-3, EM-4, EM-15)."""

    line = forms.CharField(widget=forms.HiddenInput)
    sku = forms.ChoiceField(
        label=_("Proposer à la place"), error_messages={"required": _("Choisissez un article.")}
    )
    quantity = forms.IntegerField(
        label=_("Combien"),
        min_value=1,
        widget=forms.NumberInput(attrs={"class": "input input-short", "min": 1, "inputmode": "numeric"}),
    )
    days = forms.IntegerField(
        label=_("Réponse attendue sous"),
        min_value=1,
        max_value=MOST_DAYS,
        initial=USUAL_DAYS,
        widget=forms.NumberInput(
            attrs={"class": "input input-short", "min": 1, "max": MOST_DAYS, "inputmode": "numeric"}
        ),
    )
    message = forms.CharField(
        label=_("Votre mot au client"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, line: LineFacts, near: Sequence[Alternative], **kwargs: Any) -> None:
        given = [each.article for each in near]
        first = given[0].sku if given else ""
        kwargs.setdefault("initial", {"line": line.reference, "quantity": line.open, "sku": first})
        super().__init__(*args, **{"prefix": "offer", **kwargs})
        choices = [(article.sku, article.title or article.sku) for article in given]
        self.fields["sku"].choices = choices  # type: ignore[attr-defined]
        self.fields["quantity"].widget.attrs["max"] = line.open


class AnswerForm(forms.Form):
    """What the buyer said to an offer, and by what means."""

    answer = forms.ChoiceField(choices=[("accepted", ""), ("declined", "")])
    via = forms.ChoiceField(
        label=_("Répondu"), choices=list(words.MEANS.items()), initial="phone", required=False
    )


class PaidForm(forms.Form):
    """What the buyer paid on top before the exchange, as it was received."""

    amount = AmountField(label=_("Reçu du client"), required=False)
    method = forms.ChoiceField(
        label=_("Comment"),
        required=False,
        choices=[(method, words.PAID_BY[method]) for method in PAID_BY_HAND],
    )
    reference = forms.CharField(label=_("Référence"), required=False, max_length=255)

    def paid(self) -> dict[str, str] | None:
        """This will give what was received as the verb takes it; None for nothing."""
        said = self.cleaned_data
        if not said.get("amount"):
            return None
        return {
            "amount": said["amount"],
            "method": said.get("method") or "cash",
            "reference": said.get("reference") or "",
        }
