"""Credit lines of the Online Retail data, matched to the units they give back.

A credit line names a customer, an article and a price, no order. It is matched to earlier units of the same
three, newest invoice first, each unit once; a line matched in part gives the part. Units of an invoice with a
discount are passed over: they were sold for less than the price that the credit names, so they are not units
of the same price, and what is matched can be proved to the penny as quantity × price.
Memory: the credit lines and the units of what they name (a few thousand, whatever the file holds).
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from countermand.files.online_retail.source import Kind, Line, OnlineRetailFile, pounds
from countermand.files.writing import Cell

REASON = "customer_changed_mind"
WITHOUT_CUSTOMER = "without_customer"
NO_ARTICLE = "no_article"
UNMATCHED = "unmatched"
MATCHED_IN_PART = "matched_in_part"

Key = tuple[str, str, int]  # customer, sku, price in pence


@dataclass(slots=True)
class _Units:
    """Units of one order line that no credit has taken yet."""

    placed_at: str
    invoice: str
    reference: int
    left: int


@dataclass(frozen=True, slots=True)
class MatchedPart:
    """Some units of one order line that one credit line gives back; `part` counts from 1 within the credit."""

    credit: Line
    part: int
    order: str
    line: str
    quantity: int

    @property
    def amount_minor(self) -> int:
        """This will say what the units cost, and so what goes back."""
        return self.quantity * self.credit.price_minor


@dataclass(frozen=True, slots=True)
class ListedCredit:
    """A credit line, or the rest of one, that becomes no cancellation, and why."""

    credit: Line
    why: str
    quantity: int  # units left over, positive

    def as_dict(self) -> dict[str, Cell]:
        """This will lay it out as a row of a list."""
        line = self.credit
        return {
            "row": line.row_number,
            "credit": line.invoice,
            "customer": line.customer,
            "sku": line.sku,
            "title": line.title,
            "quantity": self.quantity,
            "unit_price": pounds(minor=line.price_minor),
            "why": self.why,
        }


@dataclass(slots=True)
class CreditMatching:
    """All credit lines: what is given back, and what is listed instead."""

    parts: list[MatchedPart] = field(default_factory=list)
    listed: list[ListedCredit] = field(default_factory=list)
    counts: Counter[str] = field(
        default_factory=Counter
    )  # credit lines: matched, matched_in_part, unmatched, …

    def rows(self, *, channel: str) -> Iterator[dict[str, Cell]]:
        """This will yield the rows of the order cancellation file (columns: `cancellation_rows.COLUMNS`).

        `shipping` none: a credit line gives back goods, never carriage. `restock` empty: the goods came back,
        so the channel's terms say what they say of every cancel. `notify` no: these people are made up and
        their credits years old; a loaded history tells nobody news.
        """
        for part in self.parts:
            yield {
                "channel": channel,
                "order": part.order,
                "line": part.line,
                "sku": part.credit.sku,
                "quantity": part.quantity,
                "reason": REASON,
                "message": "",
                "refund": "now",
                "shipping": "none",
                "restock": "",
                "notify": "no",
                "reference": f"{part.credit.invoice}:{part.credit.row_number}:{part.part}",
            }

    @property
    def amount_minor(self) -> int:
        """This will say what all matched units cost."""
        return sum(part.amount_minor for part in self.parts)

    def amount_minor_by_customer(self) -> dict[str, int]:
        """This will say what each customer is given back: what an audit must find refunded to the penny."""
        amounts: Counter[str] = Counter()
        for part in self.parts:
            amounts[part.credit.customer] += part.amount_minor
        return dict(amounts)

    def as_dict(self) -> dict[str, Any]:
        """This will give all counts by name."""
        return {
            "credit_lines": self.counts.total(),
            **self.counts,
            "rows": len(self.parts),
            "units": sum(part.quantity for part in self.parts),
            "orders": len({part.order for part in self.parts}),
            "amount_minor": self.amount_minor,
            "by_customer": self.amount_minor_by_customer(),
        }


def match_credits(*, source: OnlineRetailFile) -> CreditMatching:
    """This will match the credit lines of a file, in the order of time.

    Raises `UnreadableFile`.
    """
    matching = CreditMatching()
    candidates: list[Line] = []
    discounted: set[str] = set()
    for line in source:
        kind = line.kind
        if kind is Kind.DISCOUNT:
            discounted.add(line.invoice)
        elif kind is Kind.CREDIT:
            if line.customer and line.is_article:
                candidates.append(line)
            else:
                _list(matching, line, NO_ARTICLE if line.customer else WITHOUT_CUSTOMER, abs(line.quantity))
    candidates.sort(key=lambda line: (line.at, line.row_number))
    units = _units(source, {_key(line) for line in candidates}, discounted)
    for credit in candidates:
        _match(matching, credit, units.get(_key(credit), []))
    return matching


def _key(line: Line) -> Key:
    return line.customer, line.sku, line.price_minor


def _units(source: OnlineRetailFile, wanted: set[Key], discounted: set[str]) -> dict[Key, list[_Units]]:
    """The units that credits can take, of each key newest invoice first, within it in the order of the lines."""
    units: dict[Key, list[_Units]] = {}
    references: Counter[str] = Counter()
    placed: dict[str, str] = {}
    for line in source:
        kind = line.kind
        if kind in (Kind.ARTICLE, Kind.CARRIAGE, Kind.DISCOUNT):
            # The order's time is that of its first line, as in the order itself.
            placed_at = placed.setdefault(line.invoice, line.at)
        if kind is Kind.ARTICLE:
            references[line.invoice] += 1
            if line.invoice not in discounted and (key := _key(line)) in wanted:
                found = _Units(placed_at, line.invoice, references[line.invoice], line.quantity)
                units.setdefault(key, []).append(found)
    for found_units in units.values():
        found_units.sort(key=lambda unit: unit.reference)
        found_units.sort(key=lambda unit: (unit.placed_at, unit.invoice), reverse=True)
    return units


def _match(matching: CreditMatching, credit: Line, units: list[_Units]) -> None:
    wanted = abs(credit.quantity)
    part = 0
    for unit in units:
        if not wanted:
            break
        # Not later than the credit: nobody gives back what is not yet sold.
        if unit.left and unit.placed_at <= credit.at:
            part += 1
            taken = min(wanted, unit.left)
            unit.left -= taken
            wanted -= taken
            matching.parts.append(MatchedPart(credit, part, unit.invoice, str(unit.reference), taken))
    if wanted:
        _list(matching, credit, MATCHED_IN_PART if part else UNMATCHED, wanted)
    else:
        matching.counts["matched"] += 1


def _list(matching: CreditMatching, credit: Line, why: str, quantity: int) -> None:
    matching.counts[why] += 1
    matching.listed.append(ListedCredit(credit, why, quantity))
