"""The questions of a cancellation, made for one order under its channel's terms (SH-3)."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from countermand.correspondence.reasons import Said
from countermand.orders.facts import LineFacts
from countermand.payments.facts import Ledger
from countermand.refusals import LONGEST_TEXT
from countermand.vouchers.rules import USUAL_DAYS
from countermand.web import request_words, words
from countermand.web.forms.typed import AmountField, units_field

NO_REQUEST = "none"
VIAS = [("phone", _("au téléphone")), ("email", _("par e-mail")), ("page", _("sur place"))]


def usual_last_day() -> date:
    """This will say until when a voucher counts where nobody says otherwise."""
    return timezone.localdate() + timedelta(days=USUAL_DAYS)


def agreement() -> tuple[forms.CharField, forms.ChoiceField]:
    """This will ask for the customer's words and how they came: money goes another way only by agreement."""
    consent = forms.CharField(
        label=_("Accord du client"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("Ses mots, comme il les a dits : l'argent revient sinon comme il est venu."),
    )
    return consent, forms.ChoiceField(label=_("Accord donné"), required=False, choices=VIAS, initial="phone")


class CancelQuestions(forms.Form):
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
        max_length=LONGEST_TEXT,
        help_text=_("Le client a payé : cette raison reste au dossier."),
    )
    method = forms.ChoiceField(label=_("Par quel moyen"), initial="original")
    consent, via = agreement()
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
        max_length=LONGEST_TEXT,
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

    @property
    def paid(self) -> bool:
        """This will say whether there is money that may go back at all."""
        return any(share.free for share in self.ledger.shares)
