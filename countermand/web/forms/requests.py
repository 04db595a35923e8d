"""The forms of buyers' requests: what was heard and how, the official one, and a no with its reason."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from countermand.buyer_requests.rules import LONGEST_CASE, ROUTES
from countermand.channels.presets import Terms
from countermand.orders.facts import LineFacts
from countermand.payments.facts import Ledger
from countermand.refusals import LONGEST_TEXT, Refusal
from countermand.web import request_words, words
from countermand.web.beside import beside
from countermand.web.forms.typed import InstantField, units_field


def _text(label: Any, *, rows: int = 2, most: int = LONGEST_TEXT, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=False, max_length=most, widget=widget, **more)


class _Said(forms.Form):
    """A form that shows a refusal beside what it is about."""

    PLACES: dict[str, str] = {}

    def refuse(self, refusal: Refusal) -> None:
        """This will put a refusal beside the question that it is about."""
        beside(self, refusal, self.PLACES)


class RequestForm(_Said):
    """A request as it was heard: by what way, for what, in the buyer's words, and where that can be read again."""

    PLACES = {"case_at": "case_on"}
    route = forms.ChoiceField(
        label=_("Par où la demande est venue"),
        choices=[(route, capfirst(str(request_words.ROUTE[route]))) for route in ROUTES],
        error_messages={"required": _("Dites par où la demande est venue.")},
    )
    kind = forms.ChoiceField(
        label=_("Ce qu'il demande"),
        choices=[("cancellation", _("Annuler")), ("withdrawal", _("Se rétracter"))],
        initial="cancellation",
    )
    reason = forms.ChoiceField(label=_("Son motif"), required=False)
    comment = _text(_("Ses mots"), rows=3, help_text=_("Comme il les a dits ou écrits."))
    evidence = _text(
        _("Preuve"), help_text=_("Où le relire : objet de l'e-mail, numéro d'appel, qui l'a entendu.")
    )
    case_reference = forms.CharField(
        label=_("Référence du dossier au service client"), required=False, max_length=LONGEST_CASE
    )
    case_on = InstantField(label=_("Dossier ouvert le"), required=False)
    requested_at = InstantField(label=_("Demandé le"), required=False)
    token = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(self, *args: Any, ledger: Ledger, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ledger = ledger
        self.fields["route"].choices = self._routes()  # type: ignore[attr-defined]
        known = words.reasons_by_family(first=_("Sans motif : il n'a pas à en donner"))
        self.fields["reason"].choices = known  # type: ignore[attr-defined]
        if not ledger.terms.case_required:
            del self.fields["case_reference"], self.fields["case_on"]
        self.lines: list[LineFacts] = [line for line in ledger.lines if line.quantity > line.cancelled]
        for line in self.lines:
            here = line.quantity - line.cancelled
            self.fields[f"units-{line.position}"] = units_field(most=here, label=line.title, initial=here)

    def _routes(self) -> list[tuple[str, Any]]:
        """What the channel recognises stands first."""
        official = self.ledger.terms.official_routes
        first = [route for route in ROUTES if route in official]
        return [
            (route, capfirst(str(request_words.ROUTE[route])))
            for route in (*first, *(route for route in ROUTES if route not in official))
        ]

    def effects(self) -> dict[str, str]:
        """This will say beside each way whether the channel recognises it."""
        terms = self.ledger.terms
        if terms.case_required:
            return {}
        return {route: gettext("officielle") for route in terms.official_routes}

    def rows(self) -> list[dict[str, Any]]:
        """This will give the lines with their fields."""
        return [{"line": line, "units": self[f"units-{line.position}"]} for line in self.lines]

    def value(self, name: str) -> Any:
        """This will give what was typed, or the initial; "" for a question that is not asked."""
        if name not in self.fields:
            return ""
        if self.is_bound:
            return getattr(self, "cleaned_data", {}).get(name, "")
        return self.initial.get(name, self.fields[name].initial)

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(said.get(f"units-{line.position}") for line in self.lines):
            self.add_error(None, _("Choisissez au moins un article qu'il veut annuler."))
        return said

    def asked_lines(self) -> tuple[tuple[str, int], ...] | None:
        """This will read which units are asked for; None where it is the whole order."""
        units = [(line, self.value(f"units-{line.position}") or 0) for line in self.lines]
        if all(n == line.quantity - line.cancelled for line, n in units):
            return None
        return tuple((line.reference, n) for line, n in units if n)

    def wish(self, *, now: datetime) -> dict[str, Any]:
        """This will read the answers as the verb takes them."""
        return {
            "route": self.value("route"),
            "kind": self.value("kind") or "cancellation",
            "lines": self.asked_lines(),
            "reason": self.value("reason") or "",
            "comment": self.value("comment") or "",
            "evidence": self.value("evidence") or "",
            "case_reference": self.value("case_reference") or "",
            "case_at": self.value("case_on") or None,
            "requested_at": self.value("requested_at") or now,
        }


class OfficialForm(_Said):
    """What makes a request official after all: the buyer's own, or the customer service's case."""

    prefix = "official"
    PLACES = {"case_at": "case_on"}
    case_reference = forms.CharField(label=_("Référence du dossier"), required=False, max_length=LONGEST_CASE)
    case_on = InstantField(label=_("Dossier ouvert le"), required=False)
    requested_at = InstantField(label=_("Demandé le"), required=False)
    evidence = forms.CharField(
        label=_("Preuve"),
        required=False,
        max_length=LONGEST_TEXT,
        help_text=_("Par exemple l'e-mail de la plateforme."),
    )

    def __init__(self, *args: Any, case: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if case:
            del self.fields["requested_at"]
            self.fields["case_reference"].required = True
            self.fields["case_reference"].error_messages["required"] = _("Donnez la référence du dossier.")
        else:
            del self.fields["case_reference"], self.fields["case_on"]

    def wish(self, *, route: str) -> dict[str, Any]:
        """This will read the answers as the verb takes them."""
        said = self.cleaned_data
        return {
            "route": route,
            "case_reference": said.get("case_reference") or "",
            "case_at": said.get("case_on"),
            "requested_at": said.get("requested_at"),
            "evidence": said.get("evidence") or "",
        }


class DeclineForm(_Said):
    """A no, with the reason that stays and the words that the buyer reads."""

    prefix = "no"
    reason = forms.CharField(
        label=_("Pourquoi non"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Reste au dossier, avec votre nom."),
        error_messages={"required": _("Dites pourquoi vous déclinez.")},
    )
    message = _text(_("Votre mot au client"), rows=3, help_text=_("Vide : personne ne lui écrit."))


class TakeBackForm(_Said):
    """A withdrawal from what has left is accepted: what the buyer reads of how to send it back (SH-16)."""

    prefix = "back"
    message = _text(
        _("Votre mot au client"), rows=3, help_text=_("Où renvoyer les articles, avec quelle étiquette.")
    )
    notify = forms.BooleanField(label=_("Prévenir le client par e-mail"), required=False, initial=True)

    def __init__(self, *args: Any, terms: Terms, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if terms.notify != "choice":
            del self.fields["notify"]


def today() -> str:
    """This will write now as the browser's picker has it."""
    return timezone.localtime().strftime("%Y-%m-%dT%H:%M")
