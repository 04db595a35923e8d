"""The questions after shipping: what comes back and why, how it was found, what became of a parcel called back."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from countermand.buyer_requests.taking_back import Parted
from countermand.cancellations.ask import Ask
from countermand.orders.facts import LineFacts, Requested
from countermand.payments.facts import Ledger
from countermand.refusals import LONGEST_TEXT, Refusal
from countermand.returns.wishes import Coming
from countermand.web import return_words, words
from countermand.web.beside import beside
from countermand.web.forms.typed import units_field

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
        beside(self, refusal, self.places)


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
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Où renvoyer les articles, avec quelle étiquette."),
    )
    note = forms.CharField(
        label=_("Note pour l'équipe"),
        required=False,
        max_length=LONGEST_TEXT,
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
        self.answers: Requested | None = None
        self._obey()

    def as_asked(self, withdrawal: Requested, units: Parted) -> None:
        """This will begin with what a buyer withdraws from, so that confirming it is the answer."""
        self.answers = withdrawal
        off, back = dict(units.off), dict(units.back)
        for line in self.open_lines:
            self.fields[f"off-{line.position}"].initial = off.get(line.reference, 0)
        for line, _most in self.sent_lines:
            self.fields[f"back-{line.position}"].initial = back.get(line.reference, 0)
        self.fields["reason"].initial = withdrawal.reason
        self.fields["asked_by"].initial = "buyer"
        if "informed_on" in self.fields:
            self.fields["informed_on"].initial = timezone.localdate(withdrawal.asked_at)

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
            request_id=self.answers.id if self.answers and self._withdraws() else None,
            when=self.value("when") or "now",
            notify=bool(self.value("notify")) if "notify" in self.fields else None,
            message=message,
            note=self.value("note") or "",
            undo_seconds=self.ledger.terms.undo_seconds,
            role=self.role,
        )

    def _informed_at(self, now: datetime) -> datetime | None:
        on = self.value("informed_on") or None
        if self.answers and on == timezone.localdate(self.answers.asked_at):
            return self.answers.asked_at  # to the minute: the law's clock began then
        return moment(on, now=now)

    def _withdraws(self) -> bool:
        return self.value("kind") in ("", "withdrawal") and self.value("asked_by") != "merchant"

    def coming(self, *, now: datetime, confirming: bool) -> Coming | None:
        """This will read what comes back; None where nothing does."""
        lines = self.units("back")
        if not lines:
            return None
        return Coming(
            lines=lines,
            kind=self.value("kind") or "withdrawal",
            reason=self.value("reason") or ("" if confirming else "other"),
            informed_at=self._informed_at(now),
            note=self.value("note") or "",
            message=self.value("message") or "",
            notify=bool(self.value("notify")) if "notify" in self.fields else True,
        )
