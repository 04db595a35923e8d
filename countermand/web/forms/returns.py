"""The questions after shipping: what comes back and why, how it was found, what became of a parcel called back."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from countermand.cancellations.ask import Ask
from countermand.orders.facts import LineFacts
from countermand.payments.facts import Ledger
from countermand.refusals import Refusal
from countermand.returns.wishes import Arrived, Coming, Verdict
from countermand.web import refusal_words, return_words, words
from countermand.web.forms.typed import AmountField, units_field

KINDS = ("withdrawal", "return", "refused_delivery")


def reasons() -> list[tuple[str, Any]]:
    """This will list the reasons that are met after shipping, none chosen."""
    known = [(code, capfirst(words.REASON[code])) for code in return_words.REASONS]
    return [("", _("Choisir un motif")), *known]


def day_field(label: Any, **more: Any) -> forms.DateField:
    """This will make a field for a day that has come."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, widget=widget, error_messages={"invalid": _("Choisissez un jour.")}, **more
    )


def moment(on: date | None, *, now: datetime) -> datetime | None:
    """This will give the instant of a day: now for today, noon of an earlier day."""
    if on is None or on >= timezone.localdate(now):
        return now if on else None
    return timezone.make_aware(datetime.combine(on, time(12)))


class Answering(forms.Form):
    """A form whose answers are read the same before and after it was sent."""

    places: dict[str, str] = {}

    def value(self, name: str) -> Any:
        """This will give what was typed, or the initial; "" for a question that is not asked."""
        if name not in self.fields:
            return ""
        if self.is_bound:
            return getattr(self, "cleaned_data", {}).get(name, "")
        return self.initial.get(name, self.fields[name].initial)

    def refuse(self, refusal: Refusal) -> None:
        """This will put a refusal beside the question that it is about."""
        name = self.places.get(refusal.field, refusal.field)
        self.add_error(name if name in self.fields else None, refusal_words.say(refusal))


class TogetherForm(Answering):
    """What is called off of the rest, and what comes back of what left: one page, one reason (SH-16)."""

    reason = forms.ChoiceField(label=_("Motif"), error_messages={"required": _("Choisissez un motif.")})
    asked_by = forms.ChoiceField(
        label=_("Qui le demande ?"),
        initial="buyer",
        choices=[("buyer", _("Le client")), ("merchant", _("La boutique"))],
    )
    kind = forms.ChoiceField(label=_("C'est"), initial="withdrawal")
    informed_on = day_field(_("Le client l'a dit le"), required=False)
    when = forms.ChoiceField(
        label=_("Rembourser ce qui est annulé"),
        initial="now",
        choices=[("now", _("Maintenant")), ("later", _("Plus tard"))],
    )
    notify = forms.BooleanField(label=_("Prévenir le client par e-mail"), required=False, initial=True)
    message = forms.CharField(
        label=_("Votre mot au client"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Où renvoyer les articles, avec quelle étiquette."),
    )
    note = forms.CharField(
        label=_("Note pour l'équipe"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    token = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    places = {"initiated_by": "asked_by", "informed_at": "informed_on", "refund.when": "when"}

    def __init__(self, *args: Any, ledger: Ledger, free: dict[str, int], role: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger, self.role = ledger, role
        self.fields["reason"].choices = reasons()  # type: ignore[attr-defined]
        self.open_lines = [line for line in ledger.lines if line.open]
        self.sent_lines = [(line, free[line.reference]) for line in ledger.lines if free.get(line.reference)]
        for line in self.open_lines:
            self.fields[f"off-{line.position}"] = units_field(
                most=line.open, label=line.title, initial=line.open
            )
        for line, most in self.sent_lines:
            self.fields[f"back-{line.position}"] = units_field(most=most, label=line.title, initial=most)
        self._obey()

    def _obey(self) -> None:
        fields, terms = self.fields, self.ledger.terms
        fields["informed_on"].initial = timezone.localdate()
        fields["kind"].choices = [(kind, capfirst(return_words.KIND[kind])) for kind in KINDS]  # type: ignore[attr-defined]
        if not self.sent_lines:
            del fields["kind"], fields["informed_on"]
        paid = any(share.free for share in self.ledger.shares)
        if not self.open_lines or terms.refunds_by != "merchant" or not paid:
            del fields["when"]
        if terms.notify != "choice":
            del fields["notify"]
        if terms.notify == "channel":
            fields["message"].help_text = _("Transmis au canal, qui écrit au client.")
        if terms.message_required and self.open_lines:
            fields["message"].help_text = _("Ce canal le demande. Le client le lira tel quel.")

    def rows(self, which: str) -> list[dict[str, Any]]:
        """This will give the lines with their fields: `off` those still here, `back` those that left."""
        lines = [(line, line.open) for line in self.open_lines] if which == "off" else self.sent_lines
        return [
            {"line": line, "most": most, "units": self[f"{which}-{line.position}"]} for line, most in lines
        ]

    def units(self, which: str) -> tuple[tuple[str, int], ...]:
        """This will read how many units of each line: reference → units."""
        lines: list[LineFacts] = self.open_lines if which == "off" else [line for line, _ in self.sent_lines]
        named = ((line.reference, self.value(f"{which}-{line.position}") or 0) for line in lines)
        return tuple((reference, units) for reference, units in named if units)

    def ask(self, *, confirming: bool) -> Ask | None:
        """This will read what is called off; None where nothing is."""
        lines = self.units("off")
        if not lines:
            return None
        message = self.value("message") or ""
        if not confirming and self.ledger.terms.message_required:
            message = message or "–"
        return Ask(
            reason=self.value("reason") or ("" if confirming else "other"),
            lines=lines,
            initiated_by=self.value("asked_by") or "buyer",
            when=self.value("when") or "now",
            notify=bool(self.value("notify")) if "notify" in self.fields else None,
            message=message,
            note=self.value("note") or "",
            undo_seconds=self.ledger.terms.undo_seconds,
            role=self.role,
        )

    def coming(self, *, now: datetime, confirming: bool) -> Coming | None:
        """This will read what comes back; None where nothing does."""
        lines = self.units("back")
        if not lines:
            return None
        return Coming(
            lines=lines,
            kind=self.value("kind") or "withdrawal",
            reason=self.value("reason") or ("" if confirming else "other"),
            informed_at=moment(self.value("informed_on") or None, now=now),
            note=self.value("note") or "",
            message=self.value("message") or "",
            notify=bool(self.value("notify")) if "notify" in self.fields else True,
        )


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
    fee_note = forms.CharField(label=_("Pour quoi"), required=False, max_length=500)
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
    proof = forms.CharField(label=_("Preuve"), max_length=500, help_text=_("Numéro de suivi, reçu de dépôt."))
    on = day_field(_("Envoyé le"))
    places = {"at": "on"}


class CallBackForm(Answering):
    """A parcel is asked back on its way."""

    prefix = "back"
    parcel = forms.ChoiceField(label=_("Quel colis"))
    asked_of = forms.ChoiceField(
        label=_("Le demander"),
        initial="carrier",
        choices=[(code, capfirst(word)) for code, word in return_words.ASKED_OF.items()],
    )
    reason = forms.ChoiceField(label=_("Motif"), error_messages={"required": _("Choisissez un motif.")})
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        help_text=_("Numéro de dossier du transporteur, nom de l'interlocuteur."),
    )

    def __init__(self, *args: Any, parcels: list[dict[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons()  # type: ignore[attr-defined]
        self.fields["parcel"].choices = [  # type: ignore[attr-defined]
            (
                each["reference"],
                " · ".join(filter(None, (each["reference"], each["carrier"], each["tracking"]))),
            )
            for each in parcels
        ]
        if len(parcels) == 1:
            self.fields["parcel"].initial = parcels[0]["reference"]


class HomeForm(Answering):
    """A parcel whose shipment was never confirmed is back: how its units are called off (AZ-4)."""

    prefix = "home"
    reason = forms.ChoiceField(label=_("Motif"), error_messages={"required": _("Choisissez un motif.")})
    asked_by = forms.ChoiceField(
        label=_("Qui le demande ?"),
        initial="buyer",
        choices=[("buyer", _("Le client")), ("merchant", _("La boutique"))],
    )
    restock = forms.ChoiceField(
        label=_("Remettre en stock"),
        initial="terms",
        choices=[("terms", _("Selon le motif")), ("all", _("Tout")), ("none", _("Rien"))],
    )
    message = forms.CharField(
        label=_("Votre mot au client"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    places = {"initiated_by": "asked_by"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = reasons()  # type: ignore[attr-defined]

    def ask(self, *, role: str) -> Ask:
        """This will read how the units are called off; never with a fee."""
        return Ask(
            reason=self.value("reason") or "other",
            initiated_by=self.value("asked_by") or "buyer",
            restock={"all": True, "none": False}.get(self.value("restock") or ""),
            message=self.value("message") or "",
            role=role,
        )
