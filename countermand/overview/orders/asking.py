"""What somebody typed into the search of orders, read as conditions: words, and filters like `status:open`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from countermand.lifecycle import ORDER
from countermand.money import CURRENCIES, exponent
from countermand.orders import search
from countermand.orders.models import PAYMENT_STATUSES, RISKS
from countermand.reasons import REASONS
from countermand.refusals import Refusal
from countermand.stock.queries import skus_by_barcode

_FILTER = re.compile(r"([a-z_]+):(\S+)")
_SCANNED = re.compile(r"(?=.*\d)[\w.\-/+]{6,64}")
_COMPARED = re.compile(r"(>=|<=|>|<|=)?(.+)")
_SIGNS = {"": "=", "=": "=", ">": ">", "<": "<", ">=": ">=", "<=": "<="}
# An amount is written in major units, and currencies differ in how many minor ones that is.
_BY_PLACES: dict[int, list[str]] = {}
for _code in sorted(CURRENCIES):
    _BY_PLACES.setdefault(exponent(_code), []).append(_code)


@dataclass
class Question:
    """Conditions on `"order" o`, joined by AND, with their values; `query` is the tsquery of the words, or ""."""

    merchant_id: int
    conditions: list[str] = field(default_factory=list)
    walks: bool = False  # no index knows what is asked: the list is walked, a stretch at a time
    values: dict[str, Any] = field(default_factory=dict)
    query: str = ""

    def add(self, condition: str, value: Any) -> None:
        """This will add a condition in which each `{}` stands for the value."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        self.conditions.append(condition.replace("{}", f"%({name})s"))


def question(*, merchant_id: int, q: str = "", filters: Mapping[str, str] | None = None) -> Question:
    """This will read a search; several values of one filter mean any of them, several filters all of them.

    Refuses `unknown_filter` and `invalid_filter`, naming the filter.
    """
    asked = Question(merchant_id)
    wanted: dict[str, list[str]] = {name: [value] for name, value in (filters or {}).items() if value}
    words, typed = parted(q)
    for name, value in typed:
        wanted.setdefault(name, []).append(value)
    for name, values in wanted.items():
        if name not in FILTERS:
            raise Refusal("unknown_filter", f"filters are {', '.join(FILTERS)}", field=f"q.{name}")
        if not all(value.isprintable() for value in values):
            raise Refusal("invalid_filter", "only characters that can be read", field=f"q.{name}")
        FILTERS[name](asked, values)
    terms = [_words(merchant_id, words) if words else ""]
    terms += [f"({_any_sku(merchant_id, wanted['sku'])})"] if "sku" in wanted else []
    asked.query = " & ".join(f"({term})" for term in terms if term)
    asked.walks = not asked.query and bool(wanted.keys() & WALKED) and not wanted.keys() & INDEXED
    return asked


def parted(q: str) -> tuple[list[str], list[tuple[str, str]]]:
    """This will part what somebody typed into words and filters, (name, value) each, in their order."""
    words, filters = [], []
    for token in q.split():
        found = _FILTER.fullmatch(token)
        if found:
            filters.append((found[1], found[2]))
        else:
            words.append(token)
    return words, filters


def _words(merchant_id: int, words: list[str]) -> str:
    """A word that a scanner may have typed is an article's barcode too: one more question, only then."""
    scans = [search.fold(word) for word in words[: search.MOST_WORDS] if _SCANNED.fullmatch(word)]
    scanned = skus_by_barcode(merchant_id=merchant_id, barcodes=scans) if scans else {}
    return search.query_of(merchant_id=merchant_id, text=" ".join(words), scanned=scanned)


def _any_sku(merchant_id: int, skus: list[str]) -> str:
    """The index narrows to orders with that word; the condition beside it makes sure that it is an article."""
    folded = (search.fold(sku).strip()[: search.LONGEST] for sku in _split(skus))
    words = (word.replace("\\", "\\\\").replace("'", "''") for word in folded)
    return " | ".join(f"'m{merchant_id}:{word}'" for word in words)


def _split(values: list[str]) -> list[str]:
    return [part for value in values for part in value.split(",") if part]


def _one_of(column: str, allowed: Any = None) -> Callable[[Question, list[str]], None]:
    def add(asked: Question, values: list[str]) -> None:
        chosen = _split(values)
        wrong = [value for value in chosen if allowed is not None and value not in allowed]
        if wrong:
            raise Refusal("invalid_filter", f"{wrong[0]!r} is none of {', '.join(allowed)}", field="q")
        asked.add(f"{column} = ANY({{}})", chosen)

    return add


def _channel(asked: Question, values: list[str]) -> None:
    asked.add(
        "o.channel_id IN (SELECT id FROM channel WHERE merchant_id = %(m)s AND code = ANY({}))",
        _split(values),
    )


def _number(asked: Question, values: list[str]) -> None:
    # The unique key leads with the channel: naming all of them lets a number alone use it.
    asked.conditions.append("o.channel_id IN (SELECT id FROM channel WHERE merchant_id = %(m)s)")
    asked.add("o.number = ANY({})", list(values))


def _sku(asked: Question, values: list[str]) -> None:
    asked.add(
        "EXISTS (SELECT 1 FROM order_line l WHERE l.order_id = o.id AND lower(l.sku) = ANY({}))",
        [sku.lower() for sku in _split(values)],
    )


def _placed(asked: Question, values: list[str]) -> None:
    """On days of the channel's clock. The instant's bound beside it, a day wider, is what the index knows."""
    for value in values:
        sign, text = _compared(value)
        day = _day(text)
        asked.add(f"o.placed_on {sign} {{}}", day)
        if sign in (">", ">=", "="):
            asked.add("o.placed_at >= {}::timestamptz", (day - timedelta(days=1)).isoformat() + "T00:00:00Z")
        if sign in ("<", "<=", "="):
            asked.add("o.placed_at < {}::timestamptz", (day + timedelta(days=2)).isoformat() + "T00:00:00Z")


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = date.min
    if not 1900 <= day.year <= 2200:
        raise Refusal("invalid_filter", f"{text!r} is no day like 2026-11-01", field="q.placed")
    return day


def _total(asked: Question, values: list[str]) -> None:
    for value in values:
        sign, text = _compared(value)
        if not re.fullmatch(r"\d{1,13}(\.\d{1,6})?", text, re.ASCII):
            raise Refusal("invalid_filter", f"{text!r} is no amount like 50 or 49.90", field="q.total")
        asked.add(f"o.total_minor {sign} {_in_minor_units()}", Decimal(text))


@cache
def _in_minor_units() -> str:
    """What an amount `{}` in major units is in minor ones of the order's currency; most have two decimals."""
    others = " ".join(
        f"WHEN o.currency IN ({', '.join(repr(code) for code in codes)}) THEN {{}} * {10**places}::numeric"
        for places, codes in _BY_PLACES.items()
        if places != 2
    )
    return f"CASE WHEN o.currency IN ('EUR', 'USD', 'GBP', 'CHF') THEN {{}} * 100::numeric {others} ELSE {{}} * 100::numeric END"


def _request(asked: Question, values: list[str]) -> None:
    for value in values:
        if value not in ("open", "none"):
            raise Refusal("invalid_filter", "open or none", field="q.request")
        asked.conditions.append("o.open_requests > 0" if value == "open" else "o.open_requests = 0")


def _owed(asked: Question, values: list[str]) -> None:
    for value in values:
        if value not in ("yes", "no"):
            raise Refusal("invalid_filter", "yes or no", field="q.owed")
        asked.conditions.append("o.to_give_back_minor > 0" if value == "yes" else "o.to_give_back_minor = 0")


def _compared(value: str) -> tuple[str, str]:
    found = _COMPARED.fullmatch(value)
    if found is None:
        raise Refusal("invalid_filter", f"{value!r}", field="q")
    return _SIGNS[found[1] or ""], found[2]


# Filters that no index knows, and those that narrow enough by theirs.
WALKED = {"total", "payment", "currency", "risk"}
INDEXED = {"status", "reason", "number", "request", "owed", "placed"}

FILTERS: dict[str, Callable[[Question, list[str]], None]] = {
    "status": _one_of("o.status", ORDER),
    "payment": _one_of("o.payment_status", PAYMENT_STATUSES),
    "channel": _channel,
    "number": _number,
    "reason": _one_of("o.cancel_reason", REASONS),
    "sku": _sku,
    "placed": _placed,
    "total": _total,
    "currency": _one_of("o.currency"),
    "request": _request,
    "owed": _owed,
    "risk": _one_of("o.risk_level", RISKS),
}
