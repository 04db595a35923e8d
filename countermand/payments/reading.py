"""A payment's body read as facts: every field judged, nothing written. Pure.

The shape is that of `payments` in POST /orders (docs/api.md).
"""

from dataclasses import dataclass
from typing import Any

from countermand.money import parse
from countermand.refusals import Refusal, fits

STATES_IN = ("pending", "authorized", "captured", "failed", "voided")
METHODS = ("card", "wallet", "transfer", "cash", "cheque", "store_credit", "gift_card")
PROVIDERS = ("sandbox", "manual", "store_credit")
USUAL_METHOD = {"sandbox": "card", "manual": "transfer", "store_credit": "store_credit"}
LENGTHS = {"reference": 64, "provider_reference": 255}


@dataclass(frozen=True, slots=True)
class PaymentRead:
    """A payment as it may come in; minor units of the order's currency."""

    reference: str
    provider: str
    provider_reference: str | None
    method: str
    state: str
    amount: int
    captured: int
    elsewhere: int
    last_digits: str = ""


def read_payment(
    body: dict[str, Any], *, reference: str, number: str, currency: str, mode: str, at: str = ""
) -> PaymentRead:
    """This will read one payment of an order on a channel in this mode; `at` begins the fields it names.

    Refuses `unknown_provider`, `sandbox_forbidden`, `currency_differs`, `unknown_state`, `unknown_method`,
    `invalid_amount`, `amount_too_large`, `text_too_long`, `invalid_last_digits`.
    """
    for name, length in LENGTHS.items():
        fits(str(body.get(name) or ""), field=at + name, longest=length)
    provider, method, state = _kinds(body, currency=currency, mode=mode, at=at)
    amount = parse(body["amount"], currency=currency, field=at + "amount")
    if amount == 0:
        raise Refusal("invalid_amount", "a payment is more than nothing", field=at + "amount")
    captured = amount if state == "captured" else 0
    if body.get("captured_amount") is not None:
        captured = parse(body["captured_amount"], currency=currency, field=at + "captured_amount")
        if captured > amount or (captured and state != "captured"):
            raise Refusal("amount_too_large", "more captured than paid", field=at + "captured_amount")
    elsewhere = parse(body.get("refunded") or "0", currency=currency, field=at + "refunded")
    if elsewhere > captured:
        raise Refusal("amount_too_large", "more given back than captured", field=at + "refunded")
    provider_reference = body.get("provider_reference") or None
    if provider == "sandbox" and provider_reference is None:
        provider_reference = f"ok-{number}-{reference}"
    digits = body.get("last_digits") or ""
    if digits and not (len(digits) == 4 and digits.isascii() and digits.isdigit()):
        raise Refusal("invalid_last_digits", "the last four digits of the card", field=at + "last_digits")
    return PaymentRead(
        *(reference, provider, provider_reference, method, state, amount, captured, elsewhere, digits)
    )


def _kinds(body: dict[str, Any], *, currency: str, mode: str, at: str) -> tuple[str, str, str]:
    provider, state = body["provider"], body["state"]
    if provider not in PROVIDERS:
        raise Refusal("unknown_provider", f"providers are {', '.join(PROVIDERS)}", field=at + "provider")
    if provider == "sandbox" and mode != "test":
        detail = "the sandbox works on channels in test mode"
        raise Refusal("sandbox_forbidden", detail, field=at + "provider")
    if body.get("currency") not in (None, currency):
        raise Refusal("currency_differs", "a payment is in the order's currency", field=at + "currency")
    if state not in STATES_IN:
        raise Refusal("unknown_state", f"states are {', '.join(STATES_IN)}", field=at + "state")
    method = body.get("method") or USUAL_METHOD[provider]
    if method not in METHODS:
        raise Refusal("unknown_method", f"methods are {', '.join(METHODS)}", field=at + "method")
    return provider, method, state
