"""The answers of a cancellation's page, read as an `Ask`; what is refused goes beside its question."""

from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from countermand.cancellations.ask import Ask
from countermand.orders.facts import LineFacts
from countermand.reasons import REASONS
from countermand.refusals import Refusal
from countermand.vouchers.rules import Offer
from countermand.web import refusal_words
from countermand.web.forms.cancel_questions import NO_REQUEST, CancelQuestions, usual_last_day

CREDIT = ("store_credit", "gift_card")
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


class CancelForm(CancelQuestions):
    """What was answered: the one place where a page's words become what a cancellation asks for."""

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
