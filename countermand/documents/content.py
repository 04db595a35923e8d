"""What a document says, from facts: frozen as JSON, amounts in minor units with their sign. Pure.

Its parts always sum: lines to rates, rates to totals, totals to what was refunded (docs/decisions/0007).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from countermand.money import spread

VERSION = 1


@dataclass(frozen=True, slots=True)
class Goal:
    """What some money went back for: a line, shipping, fees, goodwill or overpaid; `tax` is inside `amount`."""

    target: str
    amount: int
    tax: int
    reference: str = ""
    title: str = ""
    sku: str = ""
    ordered: int = 0
    worth: int = 0  # of all its units
    rate: int = 0
    cancelled: int | None = None  # units, where a cancellation says how many


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a document is made of but its number and its day."""

    kind: str
    language: str
    currency: str
    specimen: bool
    seller: Mapping[str, Any]
    buyer: Mapping[str, Any]
    order: Mapping[str, Any]  # number, placed_on, invoice_number
    cause: Mapping[str, Any]  # what (cancellation or refund), on; retained: a fee of the merchant's
    goals: Sequence[Goal]
    fees: Sequence[Mapping[str, Any]]  # as ordered: title, amount, tax, rate, refundable
    shipping_rate: int
    paid: Sequence[Mapping[str, Any]]  # how, means, amount, on
    corrects: Mapping[str, Any] | None = None  # label, on, whole


@dataclass(slots=True)
class _Rate:
    rate: int | None
    net: int = 0
    tax: int = 0
    gross: int = 0


def compose(facts: Facts, *, series: str, number: int, issued_on: date) -> dict[str, Any]:
    """This will make the frozen content of a document."""
    sign = -1 if facts.corrects else 1
    lines = [line for goal in _together(facts.goals) for line in _lines(goal, facts, sign)]
    rates = _rates(lines)
    return {
        "version": VERSION,
        "kind": facts.kind,
        "series": series,
        "number": number,
        "label": label(series, number),
        "issued_on": issued_on.isoformat(),
        "language": facts.language,
        "currency": facts.currency,
        "specimen": facts.specimen,
        "seller": dict(facts.seller),
        "buyer": dict(facts.buyer),
        "order": dict(facts.order),
        "cause": dict(facts.cause),
        "corrects": dict(facts.corrects) if facts.corrects else None,
        "lines": lines,
        "rates": rates,
        "net": sum(rate["net"] for rate in rates),
        "tax": sum(rate["tax"] for rate in rates),
        "gross": sum(rate["gross"] for rate in rates),
        "paid": [{**one, "amount": sign * one["amount"]} for one in facts.paid],
    }


def label(series: str, number: int) -> str:
    """This will write a number as people read it: AV-2026-00012."""
    return f"{series}-{number:05d}"


def digest(content: Mapping[str, Any]) -> str:
    """This will make the fingerprint of a content, the same however its JSON was stored."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()


def units_of(amount: int, *, worth: int, ordered: int) -> int | None:
    """This will say how many units of a line an amount is the worth of; None where it is a part of a price.

    Units are worth `floor(worth * k / ordered)` in steps, so k of them are worth one of two neighbouring amounts.
    """
    if worth <= 0 or ordered <= 0:
        return None
    near = (amount * ordered + worth // 2) // worth
    exact = near * worth
    if 0 < near <= ordered and amount in (exact // ordered, -(-exact // ordered)):
        return near
    return None


def _together(goals: Iterable[Goal]) -> list[Goal]:
    """One goal per line, though several payments gave its money back."""
    found: dict[tuple[str, str], Goal] = {}
    for goal in goals:
        key = (goal.target, goal.reference)
        if before := found.get(key):
            found[key] = Goal(
                goal.target,
                before.amount + goal.amount,
                before.tax + goal.tax,
                *(goal.reference, goal.title, goal.sku, goal.ordered, goal.worth, goal.rate, goal.cancelled),
            )
        else:
            found[key] = goal
    return list(found.values())


def _lines(goal: Goal, facts: Facts, sign: int) -> list[dict[str, Any]]:
    if goal.target == "line":
        quantity = goal.cancelled or units_of(goal.amount, worth=goal.worth, ordered=goal.ordered)
        return [_line("line", goal.title, goal.sku, quantity, goal.rate, goal.amount, goal.tax, sign)]
    if goal.target == "shipping":
        return [_line("shipping", "", "", 1, facts.shipping_rate, goal.amount, goal.tax, sign)]
    if goal.target == "fees":
        return [
            _line("fees", str(fee["title"]), "", 1, int(fee["rate"]), amount, tax, sign)
            for fee, amount, tax in _fees(facts.fees, goal.amount)
        ]
    # A gesture, or what was paid too much: the tax of the sale stays as it was invoiced.
    return [_line(goal.target, "", "", None, None, goal.amount, 0, sign)]


def _fees(fees: Sequence[Mapping[str, Any]], amount: int) -> list[tuple[Mapping[str, Any], int, int]]:
    """What of each refundable fee goes back, and the tax inside; all of them together are `amount`."""
    refundable = [fee for fee in fees if fee.get("refundable", True)] or [
        {"title": "", "amount": amount, "tax": 0, "rate": 0}
    ]
    shares = spread(amount, [int(fee["amount"]) for fee in refundable])
    return [
        (fee, share, int(fee.get("tax") or 0) * share // int(fee["amount"]) if fee["amount"] else 0)
        for fee, share in zip(refundable, shares, strict=True)
        if share
    ]


def _line(
    what: str, title: str, sku: str, quantity: int | None, rate: int | None, amount: int, tax: int, sign: int
) -> dict[str, Any]:
    return {
        "what": what,
        "title": title,
        "sku": sku,
        "quantity": quantity,
        "rate": rate,
        "net": sign * (amount - tax),
        "tax": sign * tax,
        "gross": sign * amount,
    }


def _rates(lines: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Sums per rate, the highest first; what bears no tax correction comes last, with rate None."""
    sums: dict[int | None, _Rate] = {}
    for line in lines:
        one = sums.setdefault(line["rate"], _Rate(line["rate"]))
        one.net += line["net"]
        one.tax += line["tax"]
        one.gross += line["gross"]
    ordered = sorted(sums.values(), key=lambda one: (one.rate is None, -(one.rate or 0)))
    return [{"rate": one.rate, "net": one.net, "tax": one.tax, "gross": one.gross} for one in ordered]
