"""The questions of a cancellation, made for one order under its channel's terms, and read as an `Ask`."""

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from countermand.cancellations.ask import Ask
from countermand.correspondence.reasons import Said
from countermand.orders.facts import LineFacts
from countermand.payments.facts import Ledger
from countermand.reasons import REASONS
from countermand.refusals import Refusal
from countermand.vouchers.rules import USUAL_DAYS, Offer
from countermand.web import refusal_words, request_words, words
from countermand.web.forms.typed import AmountField, units_field

CREDIT = ("store_credit", "gift_card")
NO_REQUEST = "none"
VIAS = [("phone", _("au téléphone")), ("email", _("par e-mail")), ("page", _("sur place"))]
# What the buyer receives may be worded without a new plan; everything else is what was previewed.
NOT_PREVIEWED = (
    *("message", "note", "plan", "token", "seen"),
    *("voucher", "voucher_value", "voucher_until"),
)
# Where a refusal's field stands under another name on the page.
PLACES = {
    "initiated_by": "asked_by",
    "voucher.kind": "voucher",
    "voucher.value": "voucher_value",
    "voucher.expires_on": "voucher_until",
}


def usual_last_day() -> date:
    """This will say until when a voucher counts where nobody says otherwise."""
    return timezone.localdate() + timedelta(days=USUAL_DAYS)


class CancelForm(forms.Form):
    """One question after the other; what the terms leave no choice about is not asked."""

    reason = forms.ChoiceField(label=_("Motif"), error_messages={"required": _("Choisissez un motif.")})
    request = forms.ChoiceField(label=_("Le client a demandé l'annulation : est-ce pour cela ?"))
    asked_by = forms.ChoiceField(
        label=_("Qui le demande ?"),
        required=False,
        choices=[("", _("D'après le motif")), ("buyer", _("Le client")), ("merchant", _("La boutique"))],
    )
    when = forms.ChoiceField(
        label=_("Rembourser"),
        initial="now",
        choices=[
            ("now", _("Maintenant")),
            ("later", _("Plus tard")),
            ("none", _("Ne pas rembourser")),
        ],
    )
    waiver = forms.CharField(
        label=_("Pourquoi rien n'est rendu"),
        required=False,
        max_length=1000,
        help_text=_("Le client a payé : cette raison reste au dossier."),
    )
    method = forms.ChoiceField(label=_("Par quel moyen"), initial="original")
    consent = forms.CharField(
        label=_("Accord du client"),
        required=False,
        max_length=1000,
        help_text=_("Ses mots, comme il les a dits : l'argent revient sinon comme il est venu."),
    )
    via = forms.ChoiceField(label=_("Accord donné"), required=False, choices=VIAS, initial="phone")
    shipping = forms.ChoiceField(label=_("Livraison"), initial="terms")
    shipping_amount = AmountField(label=_("Montant de livraison à rendre"), required=False)
    fee = AmountField(
        label=_("Frais d'annulation retenus"),
        required=False,
        help_text=_("Seulement si vos conditions de vente l'annoncent."),
    )
    restock = forms.ChoiceField(
        label=_("Remettre en stock"),
        initial="terms",
        choices=[
            ("terms", _("Selon le motif")),
            ("all", _("Tout")),
            ("none", _("Rien")),
            ("lines", _("Choisir")),
        ],
    )
    notify = forms.BooleanField(label=_("Prévenir le client par e-mail"), required=False, initial=True)
    message = forms.CharField(
        label=_("Votre mot au client"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    voucher = forms.ChoiceField(
        label=_("Offrir un bon d'achat"),
        required=False,
        initial="none",
        choices=[("none", _("Non")), ("percent", _("En %")), ("amount", _("Un montant"))],
    )
    voucher_value = AmountField(label=_("Ce qu'il retire"), required=False)
    voucher_until = forms.DateField(
        label=_("Valable jusqu'au"),
        required=False,
        initial=usual_last_day,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    note = forms.CharField(
        label=_("Note pour l'équipe"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Le client ne la voit pas."),
    )
    plan = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    token = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        ledger: Ledger,
        role: str,
        chosen: Collection[str] | None = None,
        said_units: Mapping[int, int] | None = None,
        wordings: Collection[Said] = (),
        **kwargs: Any,
    ) -> None:
        """`chosen`: the lines that are called off as the page opens; None for all that are open.

        `wordings`: the merchant's own words for reasons, in the buyer's language (SH-6).
        """
        super().__init__(*args, **kwargs)
        self.ledger, self.role = ledger, role
        self.wordings = {f"{each.reason}:{each.id}": each for each in wordings}
        self.open_lines: list[LineFacts] = [line for line in ledger.lines if line.open]
        self.said_units = dict(said_units or {})
        self._ask_units(chosen)
        if self.is_bound:
            self._press(str(self.data.get("do", "")))
        self._obey_terms()

    def _ask_units(self, lines: Collection[str] | None) -> None:
        for line in self.open_lines:
            chosen = line.open if lines is None or line.reference in lines else 0
            chosen = self.said_units.get(line.position, chosen)
            self.fields[f"units-{line.position}"] = units_field(
                most=line.open, label=line.title, initial=chosen
            )
            self.fields[f"units-{line.position}"].widget.attrs["data-line"] = line.reference
            if line.tracked:
                self.fields[f"back-{line.position}"] = units_field(
                    most=line.open, label=_("dont remis en stock"), initial=0
                )

    def _press(self, do: str) -> None:
        """The buttons beside the units, for hands without a script: all, none, one more, one less."""
        deed, _colon, position = do.partition(":")
        if deed not in ("all", "none", "more", "less"):
            return
        typed_in = self.data.copy()  # type: ignore[attr-defined]  # the browser's, which may not be written
        for line in self.open_lines:
            name = f"units-{line.position}"
            typed = str(typed_in.get(name) or "0")
            units = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
            if deed in ("all", "none"):
                units = line.open if deed == "all" else 0
            elif position == str(line.position):
                units = min(line.open, units + 1) if deed == "more" else max(0, units - 1)
            typed_in[name] = str(units)
        self.data = typed_in

    def _obey_terms(self) -> None:
        terms, order, fields = self.ledger.terms, self.ledger.order, self.fields
        known = words.reasons_by_family(first=_("Choisir un motif"), own=self.wordings.values())
        fields["reason"].choices = known  # type: ignore[attr-defined]
        self._ask_for_which_request()
        if not self.paid or terms.refunds_by != "merchant":
            for name in ("when", "waiver", "method", "consent", "via"):
                del fields[name]
        else:
            fields["method"].choices = [  # type: ignore[attr-defined]
                (name, capfirst(words.METHOD[name]))
                for name in terms.methods
                if name != "store_credit" or order.email.strip()
            ]
            if self.role != "owner":
                fields["when"].choices = fields["when"].choices[:2]  # type: ignore[attr-defined]
                del fields["waiver"]
            if not {"store_credit", "gift_card"} & set(terms.methods):
                del fields["consent"], fields["via"]
        if (
            order.shipping > max(order.shipping_released, order.shipping_given)
            and terms.refunds_by == "merchant"
        ):
            fields["shipping"].choices = [  # type: ignore[attr-defined]
                ("terms", _("D'usage")),
                ("all", _("Tout rendre")),
                ("none", _("Garder")),
                ("amount", _("Un montant")),
            ]
        else:
            del fields["shipping"], fields["shipping_amount"]
        if terms.fee_allowed == "never" or terms.refunds_by != "merchant" or not self.paid:
            del fields["fee"]
        if not any(line.tracked for line in self.open_lines):
            del fields["restock"]
        if terms.notify != "choice":
            del fields["notify"]
        if terms.message_required:
            fields["message"].help_text = _("Ce canal le demande. Le client le lira tel quel.")
        if terms.notify == "channel":
            del fields["voucher"], fields["voucher_value"], fields["voucher_until"]
            fields["message"].help_text = fields["message"].help_text or _(
                "Transmis au canal, qui écrit au client."
            )

    def _ask_for_which_request(self) -> None:
        """A buyer who waits for an answer is not passed over: this is the answer, or it is said not to be (AZ-6)."""
        waiting = self.ledger.order.requests
        if not waiting:
            del self.fields["request"]
            return
        self.fields["request"].choices = [  # type: ignore[attr-defined]
            *((str(each.id), request_words.named(each)) for each in waiting),
            (NO_REQUEST, _("Non : j'annule pour une autre raison")),
        ]
        known = {str(each.id) for each in waiting}
        asked = self.initial.get("request")
        self.fields["request"].initial = asked if asked in known else str(waiting[0].id)

    def as_asked(self) -> None:
        """This will answer what the request that is answered has answered: why, and that it is the buyer's wish."""
        chosen = next((each for each in self.ledger.order.requests if each.id == self.answers), None)
        if chosen is not None:
            self.fields["reason"].initial = chosen.reason

    @property
    def answers(self) -> UUID | None:
        """This will say which request of the buyer's is answered with it."""
        chosen = self.value("request")
        return UUID(chosen) if chosen and chosen != NO_REQUEST else None

    @property
    def paid(self) -> bool:
        """This will say whether there is money that may go back at all."""
        return any(share.free for share in self.ledger.shares)

    def rows(self) -> list[dict[str, Any]]:
        """This will give the open lines with their fields."""
        return [
            {
                "line": line,
                "units": self[f"units-{line.position}"],
                "back": self[f"back-{line.position}"] if line.tracked else None,
                "each": line.total // line.quantity,
            }
            for line in self.open_lines
        ]

    def value(self, name: str) -> Any:
        """This will give what was typed, or the initial; "" for a question that is not asked."""
        if name not in self.fields:
            return ""
        if self.is_bound:
            cleaned: dict[str, Any] = getattr(self, "cleaned_data", {})
            return cleaned.get(name, "")
        initial = self.fields[name].initial
        return initial() if callable(initial) else initial

    def wanted(self) -> list[tuple[LineFacts, int]]:
        """This will list the lines of which units are to be called off."""
        units = [(line, self.value(f"units-{line.position}") or 0) for line in self.open_lines]
        return [(line, quantity) for line, quantity in units if quantity]

    def clean(self) -> dict[str, Any]:
        """This will read a reason in the merchant's words: its kind decides, its words are said (SH-6).

        Staff's own message goes before the words; the label stands in the note, for colleagues.
        """
        said: dict[str, Any] = super().clean() or {}
        wording = self.wordings.get(str(said.get("reason") or ""))
        if wording is not None:
            said["reason"] = wording.reason
            said["message"] = said.get("message") or wording.words
            said["note"] = "\n".join(filter(None, (wording.label, said.get("note"))))
        return said

    def ask(self, *, at: datetime, undo_seconds: int, confirming: bool) -> Ask:
        """This will read the answers. A preview goes on without the words that a confirm needs."""
        reason, message = self.value("reason") or "", self.value("message") or ""
        if not confirming:
            reason = reason or "other"
            message = message or ("–" if self.ledger.terms.message_required else "")
        method = self.value("method") or "original"
        said = self.value("consent") or ("" if confirming else "–")
        consent = {"text": said, "at": at.isoformat(), "via": self.value("via") or "phone"}
        shipping = self.value("shipping") or "terms"
        return Ask(
            reason=reason,
            lines=tuple((line.reference, quantity) for line, quantity in self.wanted()),
            initiated_by=self.value("asked_by") or ("buyer" if self.answers else asked_by(reason)),
            request_id=self.answers,
            despite_request=self.value("request") == NO_REQUEST,
            when=self.value("when") or "now",
            method=method,
            shipping="terms" if shipping == "amount" else shipping,
            shipping_amount=(self.value("shipping_amount") or "0") if shipping == "amount" else None,
            fee=self.value("fee") or "0",
            waiver=self.value("waiver") or ("" if confirming or self.role != "owner" else "–"),
            consent=consent if method in CREDIT and said else None,
            restock=self._restock(),
            notify=bool(self.value("notify")) if "notify" in self.fields else None,
            message=message,
            note=self.value("note") or "",
            plan=(self.value("plan") or "-") if confirming else None,
            undo_seconds=undo_seconds,
            role=self.role,
        )

    def _restock(self) -> bool | tuple[tuple[str, int], ...] | None:
        choice = self.value("restock") or "terms"
        if choice == "lines":
            return tuple(
                (line.reference, min(self.value(f"back-{line.position}") or 0, quantity))
                for line, quantity in self.wanted()
                if line.tracked
            )
        return {"terms": None, "all": True, "none": False}[choice]

    def offer(self) -> Offer | None:
        """This will read the voucher that goes with the cancellation; None for none."""
        kind = self.value("voucher") or "none"
        if kind == "none" or self.value("reason") == "fraud_suspected":
            return None
        until = self.value("voucher_until") or usual_last_day()
        return Offer(kind, str(self.value("voucher_value") or ""), until)

    def choices_digest(self) -> str:
        """This will tell one set of answers from another: did the reader change them, or did the order move?"""
        answers = [(name, str(self.value(name))) for name in sorted(self.fields) if name not in NOT_PREVIEWED]
        return sha256(repr(answers).encode()).hexdigest()[:16]

    def refuse(self, refusal: Refusal) -> None:
        """This will put a refusal beside the question that it is about."""
        self.add_error(self._field_of(refusal), refusal_words.say(refusal))

    def _field_of(self, refusal: Refusal) -> str | None:
        place = refusal.field.removeprefix("refund.")
        parts = place.split(".")
        if parts[0] in ("lines", "restock") and len(parts) == 3 and parts[1].isdigit():
            wanted = self.wanted()
            kind = "units" if parts[0] == "lines" else "back"
            name = f"{kind}-{wanted[int(parts[1])][0].position}" if int(parts[1]) < len(wanted) else ""
        else:
            name = PLACES.get(place, place)
            if refusal.code == "refund_owed":
                name = "waiver" if "waiver" in self.fields else "when"
        return name if name in self.fields else None


def asked_by(reason: str) -> str:
    """This will say who a reason usually comes from."""
    return "buyer" if reason in REASONS and REASONS[reason].customer_wish else "merchant"
