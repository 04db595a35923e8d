"""An order's body read as facts: every field judged, nothing written. Pure.

The shape is the body of POST /orders (docs/api.md); the doors have checked types, this room checks meaning.
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from countermand.intake.worth import Worth, freeze
from countermand.money import exponent
from countermand.payments.reading import PaymentRead, read_payment
from countermand.refusals import Refusal, named

MAX_LINES = 2_000
LONGEST_EMAIL = 254
# One plain address: what stands before and behind the @ holds no space and no second one, the domain no odd sign.
_EMAIL = re.compile(r"""[^\s@<>()\[\],;:\\"]{1,64}@[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)*""")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,4})?", re.ASCII)


@dataclass(slots=True)
class OrderRead:
    """An order as it may come in. `shipped` maps a line's reference to the units that left before."""

    body: dict[str, Any]
    number: str
    placed_at: datetime
    placed_on: date
    currency: str
    digest: bytes
    worth: Worth
    references: list[str]
    payments: list[PaymentRead]
    shipped: dict[str, int]


def read(body: dict[str, Any], *, timezone: str, mode: str) -> OrderRead:
    """This will read one order for a channel with this clock and mode, or refuse, naming the field."""
    named(body["number"], field="number")
    currency = body["currency"]
    exponent(currency)
    judge_buyer(body.get("customer") or {})
    lines = body["lines"]
    if not lines or len(lines) > MAX_LINES:
        raise Refusal("invalid_lines", f"an order has 1 to {MAX_LINES} lines", field="lines")
    references = _references(lines, "lines")
    for i, line in enumerate(lines):
        named(line["sku"], field=f"lines.{i}.sku")
    placed_at = _instant(body["placed_at"], "placed_at")
    worth = freeze(body, currency=currency)
    payments = [
        read_payment(
            payment,
            reference=reference,
            number=body["number"],
            currency=currency,
            mode=mode,
            at=f"payments.{i}.",
        )
        for i, (payment, reference) in enumerate(
            zip(body.get("payments") or (), _references(body.get("payments") or (), "payments"), strict=True)
        )
    ]
    return OrderRead(
        body=body,
        number=body["number"],
        placed_at=placed_at,
        placed_on=placed_at.astimezone(ZoneInfo(timezone)).date(),
        currency=currency,
        digest=sha256(json.dumps(body, sort_keys=True, default=str).encode()).digest(),
        worth=worth,
        references=references,
        payments=payments,
        shipped=_shipped(body.get("fulfilments") or (), lines, references),
    )


def judge_buyer(customer: dict[str, Any]) -> None:
    """This will refuse an e-mail that can reach nobody (`invalid_email`) and a language that is none (`invalid_language`)."""
    email, language = customer.get("email") or "", customer.get("language") or ""
    if email and (len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email.strip())):
        raise Refusal("invalid_email", "an address is written like ana@example.org", field="customer.email")
    if language and not _LANGUAGE.fullmatch(language):
        raise Refusal("invalid_language", "a language is written like fr or fr-CH", field="customer.language")


def _references(rows: Any, at: str) -> list[str]:
    references = [str(row.get("reference") or position) for position, row in enumerate(rows, 1)]
    seen: set[str] = set()
    for i, reference in enumerate(references):
        named(reference, field=f"{at}.{i}.reference")
        if reference in seen:
            raise Refusal("duplicate_reference", f"{reference!r} stands twice", field=f"{at}.{i}.reference")
        seen.add(reference)
    return references


def _instant(value: Any, at: str) -> datetime:
    instant = datetime.fromisoformat(value) if isinstance(value, str) else value
    if instant.tzinfo is None:
        raise Refusal("naive_time", "a time carries its offset, like 2026-11-20T10:00:00+01:00", field=at)
    if not 1990 <= instant.year <= 2100:
        raise Refusal("invalid_time", "outside 1990 to 2100", field=at)
    return instant.astimezone(UTC)


def _shipped(fulfilments: Any, lines: Any, references: list[str]) -> dict[str, int]:
    left = {reference: line["quantity"] for reference, line in zip(references, lines, strict=True)}
    shipped: dict[str, int] = {}
    _references(fulfilments, "fulfilments")
    for i, fulfilment in enumerate(fulfilments):
        _instant(fulfilment["shipped_at"], f"fulfilments.{i}.shipped_at")
        for j, part in enumerate(fulfilment["lines"]):
            at, reference, quantity = f"fulfilments.{i}.lines.{j}", str(part["line"]), part["quantity"]
            if reference not in left:
                raise Refusal("unknown_line", f"no line {reference!r}", field=f"{at}.line")
            if not 1 <= quantity <= left[reference]:
                raise Refusal("quantity_too_large", "more shipped than ordered", field=f"{at}.quantity")
            left[reference] -= quantity
            shipped[reference] = shipped.get(reference, 0) + quantity
    return shipped
