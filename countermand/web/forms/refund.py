"""Giving back outside a cancellation: what, for what, and by which way (SG-2, SH-10)."""

from datetime import date, datetime, time
from hashlib import sha256
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from countermand.payments.facts import Ledger
from countermand.refunds.actions import GiveBack, LineWish
from countermand.refusals import LONGEST_TEXT, Refusal
from countermand.web import refusal_words, words
from countermand.web.forms.cancel import CREDIT
from countermand.web.forms.cancel_questions import agreement
from countermand.web.forms.typed import AmountField, units_field


class RefundForm(forms.Form):
    """All that is owed, or so many units of some lines, or a free amount."""

    what = forms.ChoiceField(label=_("Que rendre ?"))
    shipping = forms.ChoiceField(
        label=_("Livraison"),
        required=False,
        initial="none",
        choices=[("none", _("Garder")), ("all", _("Rendre"))],
    )
    amount = AmountField(label=_("Montant du geste"), required=False)
    method = forms.ChoiceField(label=_("Par quel moyen"), initial="original")
    consent, via = agreement()
    reason = forms.CharField(
        label=_("Pourquoi"), required=False, max_length=LONGEST_TEXT, help_text=_("Reste au dossier.")
    )
    notify = forms.BooleanField(label=_("Prévenir le client par e-mail"), required=False, initial=True)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    token = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, ledger: Ledger, owed: int, goodwill: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger = ledger
        self.lines = [line for line in ledger.lines if line.given < line.total]
        ways = []
        # A second press of the same button still asks for it: it finds what the first one did.
        if owed or (self.is_bound and self.data.get("what") == "owed"):
            ways.append(("owed", _("Tout ce qui est dû")))
        ways.append(("lines", _("Des articles")))
        if goodwill:
            ways.append(("goodwill", _("Un geste commercial")))
            self.fields["amount"].needed = True  # type: ignore[attr-defined]  # by that way alone: it is not called optional
        else:
            del self.fields["amount"]
        self.fields["what"].choices = ways  # type: ignore[attr-defined]
        self.fields["what"].initial = ways[0][0]
        for line in self.lines:
            self.fields[f"units-{line.position}"] = units_field(
                most=line.quantity, label=line.title, initial=0
            )
        if ledger.order.shipping <= ledger.order.shipping_given:
            del self.fields["shipping"]
        methods = [m for m in ledger.terms.methods if m != "store_credit" or ledger.order.email.strip()]
        self.fields["method"].choices = [(name, capfirst(words.METHOD[name])) for name in methods]  # type: ignore[attr-defined]
        if not set(CREDIT) & set(methods):
            del self.fields["consent"], self.fields["via"]

    def value(self, name: str) -> Any:
        """This will give what was typed, or the initial; "" for a question that is not asked."""
        if name not in self.fields:
            return ""
        if self.is_bound:
            return getattr(self, "cleaned_data", {}).get(name, "")
        return self.initial.get(name, self.fields[name].initial)

    def rows(self) -> list[dict[str, Any]]:
        """This will give the lines that are still worth something, with their fields."""
        return [
            {"line": line, "units": self[f"units-{line.position}"], "left": line.total - line.given}
            for line in self.lines
        ]

    def wish(self, *, at: datetime, confirming: bool) -> GiveBack:
        """This will read the answers as a wish. A preview does not wait for the buyer's words."""
        method = self.value("method") or "original"
        said = self.value("consent") or ("" if confirming else "–")
        consent = {"text": said, "at": at.isoformat(), "via": self.value("via") or "phone"}
        common: dict[str, Any] = {
            "method": method,
            "reason": self.value("reason") or "",
            "notify": bool(self.value("notify")),
            "consent": consent if method in CREDIT else None,
        }
        what = self.value("what")
        if what == "goodwill":
            return GiveBack(amount=self.value("amount") or "0", **common)
        if what == "lines":
            lines = tuple(
                LineWish(line.reference, quantity=units)
                for line in self.lines
                if (units := self.value(f"units-{line.position}"))
            )
            return GiveBack(lines=lines, shipping=self.value("shipping") or "none", **common)
        return GiveBack(**common)

    def digest(self, amount: int) -> str:
        """This will tell one preview from another: a confirm that was not seen is shown first (SG-3)."""
        wish = [
            str(self.value(name) or "")  # not typed, typed as nothing, and 0 units are one wish
            for name in sorted(self.fields)
            if name not in ("seen", "token", "reason", "notify", "consent", "via")
        ]
        return sha256(repr((amount, self.ledger.order.version, wish)).encode()).hexdigest()[:24]

    def refuse(self, refusal: Refusal) -> None:
        """This will put a refusal beside the question that it is about."""
        parts = refusal.field.split(".")
        name: str | None = parts[0]
        if parts[0] == "lines" and len(parts) > 1 and parts[1].isdigit():
            wanted = [line for line in self.lines if self.value(f"units-{line.position}")]
            name = f"units-{wanted[int(parts[1])].position}" if int(parts[1]) < len(wanted) else None
        self.add_error(name if name in self.fields else None, refusal_words.say(refusal))


class SettleForm(forms.Form):
    """A refund made by hand is counted as given back, with what proves it (SG-5)."""

    # The day is what a statement shows; the time of day proves nothing.
    at = forms.DateField(
        label=_("Rendu le"),
        input_formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Choisissez un jour."), "required": _("Choisissez un jour.")},
    )
    evidence = forms.CharField(
        label=_("Preuve"),
        max_length=LONGEST_TEXT,
        help_text=_("Référence du virement, numéro du reçu, nom de qui a reçu."),
    )

    def clean_at(self) -> date:
        """This will refuse a day that is still to come."""
        on: date = self.cleaned_data["at"]
        if on > timezone.localdate():
            raise forms.ValidationError(
                _("Ce jour n'est pas encore venu. Notez le remboursement quand il est fait.")
            )
        return on

    def settled_at(self, *, now: datetime) -> datetime:
        """This will give the instant that the history gets: now for today, noon of an earlier day."""
        on: date = self.cleaned_data["at"]
        if on == timezone.localdate(now):
            return now
        return timezone.make_aware(datetime.combine(on, time(12)))
