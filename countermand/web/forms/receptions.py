"""The questions when something came back: how it was found, what is kept of it, what proves that it was sent."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from countermand.payments.facts import Ledger
from countermand.refusals import LONGEST_TEXT
from countermand.returns.wishes import Arrived, Verdict
from countermand.web import return_words
from countermand.web.forms.returns import Answering, day_field
from countermand.web.forms.typed import AmountField, units_field


class ReceptionForm(Answering):
    """What came, how it was found, what goes on sale, what is kept of it, and when the rest goes back."""

    restock = forms.ChoiceField(
        label=_("Remettre en stock"),
        initial="terms",
        choices=[("terms", _("Selon l'état")), ("all", _("Tout")), ("none", _("Rien"))],
    )
    shipping = forms.ChoiceField(
        label=_("Livraison"),
        initial="terms",
        choices=[("terms", _("D'usage")), ("all", _("Rendre")), ("none", _("Garder"))],
    )
    fee = AmountField(label=_("Retenir"), required=False)
    fee_note = forms.CharField(label=_("Pour quoi"), required=False, max_length=LONGEST_TEXT)
    when = forms.ChoiceField(
        label=_("Rembourser"), initial="now", choices=[("now", _("Maintenant")), ("later", _("Plus tard"))]
    )
    notify = forms.BooleanField(label=_("Prévenir le client par e-mail"), required=False, initial=True)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    places = {"restocking_fee": "fee", "refund": "when"}

    def __init__(
        self, *args: Any, ledger: Ledger, lines: list[dict[str, Any]], looked_at: bool, **kwargs: Any
    ) -> None:
        """`lines`: those of the return, as it is written; `looked_at` once it was counted in."""
        super().__init__(*args, **kwargs)
        self.ledger, self.lines, self.counted = ledger, lines, looked_at
        states = [(code, capfirst(word)) for code, word in return_words.CONDITION.items() if code != "lost"]
        first = [] if looked_at else [("", _("À regarder plus tard"))]
        for i, line in enumerate(lines):
            if not looked_at:
                self.fields[f"units-{i}"] = units_field(
                    most=line["asked"], label=line["title"], initial=line["asked"]
                )
            self.fields[f"state-{i}"] = forms.ChoiceField(
                label=_("État"), choices=[*states, *first], required=looked_at, initial="as_new"
            )
        self._obey()

    def _obey(self) -> None:
        order, terms = self.ledger.order, self.ledger.terms
        if (
            order.shipping <= max(order.shipping_released, order.shipping_given)
            or terms.refunds_by != "merchant"
        ):
            del self.fields["shipping"]
        if terms.refunds_by != "merchant":
            del self.fields["when"]
        if terms.notify != "choice":
            del self.fields["notify"]
        references = {line["line"] for line in self.lines}
        if not any(line.tracked for line in self.ledger.lines if line.reference in references):
            del self.fields["restock"]

    def no_fee(self) -> None:
        """This will not ask what is kept, where nothing may be."""
        del self.fields["fee"], self.fields["fee_note"]

    def clean(self) -> dict[str, Any]:
        """This will ask what something is kept for: it stands in the file."""
        said: dict[str, Any] = super().clean() or {}
        if said.get("fee") and not said.get("fee_note") and self.data.get("do") == "confirm":
            self.add_error("fee_note", _("Dites pour quoi vous le retenez : le client peut le demander."))
        return said

    def rows(self) -> list[dict[str, Any]]:
        """This will give the lines with their fields."""
        return [
            {
                "line": line,
                "units": self[f"units-{i}"] if not self.counted else None,
                "state": self[f"state-{i}"],
            }
            for i, line in enumerate(self.lines)
        ]

    def conditions(self) -> list[str]:
        """This will list how the units that came were found."""
        return [condition for _, _, condition in self._named() if condition]

    def _named(self) -> list[tuple[str, int, str]]:
        named = []
        for i, line in enumerate(self.lines):
            units = line["received"] if self.counted else (self.value(f"units-{i}") or 0)
            if units:
                named.append((line["line"], units, self.value(f"state-{i}") or ""))
        return named

    def arrived(self) -> Arrived:
        """This will read what came. One line without a condition leaves the whole to be looked at later."""
        named = self._named()
        later = any(not condition for _, _, condition in named)
        return Arrived(tuple((line, units, "" if later else state) for line, units, state in named))

    def verdict(self) -> Verdict:
        """This will read what was found, and what follows."""
        restock = {"all": True, "none": False}.get(self.value("restock") or "")
        named = self._named()
        return Verdict(
            conditions=tuple((line, state) for line, _, state in named) if self.counted else (),
            restock=restock,
            fee=self.value("fee") or "0",
            fee_note=self.value("fee_note") or "",
            shipping=self.value("shipping") or "terms",
            when=self.value("when") or "now",
            notify=bool(self.value("notify")) if "notify" in self.fields else True,
        )


class ProofForm(Answering):
    """The buyer shows that it was sent: the law's clock waits no longer."""

    prefix = "proof"
    proof = forms.CharField(
        label=_("Preuve"), max_length=LONGEST_TEXT, help_text=_("Numéro de suivi, reçu de dépôt.")
    )
    on = day_field(_("Envoyé le"))
    places = {"at": "on"}
