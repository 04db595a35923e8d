"""The questions of a run over many orders: asked once, answered for each by its own terms where nothing is chosen."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from countermand.bulk.choices import Choices
from countermand.bulk.models import BulkRun
from countermand.reasons import REASONS
from countermand.refusals import LONGEST_TEXT, Refusal
from countermand.web import words
from countermand.web.beside import beside


class BulkForm(forms.Form):
    """Reason, refund, stock, mail, and why nobody is called one by one (EM-11)."""

    reason = forms.ChoiceField(label=_("Motif"), error_messages={"required": _("Choisissez un motif.")})
    asked_by = forms.ChoiceField(
        label=_("Qui le demande ?"),
        required=False,
        choices=[("", _("D'après le motif")), ("buyer", _("Le client")), ("merchant", _("La boutique"))],
    )
    skip_reason = forms.CharField(
        label=_("Pourquoi ne pas appeler chaque client ni revoir chaque stock"),
        max_length=LONGEST_TEXT,
        help_text=_("Une fois pour toutes : c'est noté sur chaque commande, avec votre nom."),
        error_messages={
            "required": _("Dites pourquoi les étapes « Prévenir » et « Stock » sont passées."),
        },
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    refund_when = forms.ChoiceField(
        label=_("Rembourser"), initial="now", choices=[("now", _("Maintenant")), ("later", _("Plus tard"))]
    )
    restock = forms.ChoiceField(
        label=_("Remettre en stock"),
        initial="terms",
        choices=[("terms", _("Selon le motif")), ("yes", _("Tout")), ("no", _("Rien"))],
    )
    notify = forms.BooleanField(label=_("Prévenir chaque client par e-mail"), required=False, initial=True)
    message = forms.CharField(
        label=_("Votre mot aux clients"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Le même dans chaque e-mail, sous le motif."),
    )
    note = forms.CharField(
        label=_("Note pour l'équipe"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Les clients ne la voient pas."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = words.reasons_by_family(first=_("Choisissez"))  # type: ignore[attr-defined]

    def choices(self) -> Choices:
        """This will read the answers."""
        said = self.cleaned_data
        reason = said["reason"]
        asked_by = said["asked_by"] or ("buyer" if REASONS[reason].customer_wish else "merchant")
        return Choices(
            reason=reason,
            skip_reason=said["skip_reason"],
            initiated_by=asked_by,
            refund_when=said["refund_when"],
            restock={"terms": None, "yes": True, "no": False}[said["restock"]],
            notify=bool(said["notify"]),
            message=said["message"],
            note=said["note"],
        )

    def refuse(self, refusal: Refusal) -> None:
        """This will put a refusal beside the question that it is about."""
        beside(self, refusal, {"initiated_by": "asked_by"})


def answers_of(run: BulkRun) -> dict[str, Any]:
    """This will say what was answered before, to be answered anew."""
    if not run.reason:
        return {}
    return {
        "reason": run.reason,
        "asked_by": run.initiated_by if run.initiated_by != "platform" else "",
        "skip_reason": run.skip_reason,
        "refund_when": run.refund_when,
        "restock": {None: "terms", True: "yes", False: "no"}[run.restock],
        "notify": run.notify is not False,
        "message": run.message,
        "note": run.note,
    }


def said_of(run: BulkRun) -> list[str]:
    """This will say a run's choices in words, one thing after the other."""
    stock = {None: _("stock selon le motif"), True: _("tout remis en stock"), False: _("rien remis en stock")}
    money = {"now": _("remboursement maintenant"), "later": _("remboursement plus tard")}
    told = _("clients prévenus par e-mail") if run.notify is not False else _("sans e-mail")
    return [
        capfirst(str(words.REASON[run.reason])),
        str(money[run.refund_when]),
        str(stock[run.restock]),
        str(told),
    ]
