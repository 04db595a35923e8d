"""The platform's own statement held against ours: what differs, order by order (RK-13). Pure.

Their file is CSV: order, amount, kind, and item where they have one. Amounts with point or comma; what lowers the
payout may be written with a minus or without: the kind says it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from countermand.money import parse
from countermand.payouts.rules import BACK, COMMISSION, KINDS, REFUND, REVERSAL, SALE
from countermand.refusals import Refusal

MOST_ROWS = 100_000
COLUMNS = ("order", "item", "amount", "kind")
# What platforms call it, folded.
CALLED = {
    "order": ("order", "commande", "purchaseid", "order_number"),
    "item": ("item", "article", "itemid", "sku"),
    "amount": ("amount", "montant"),
    "kind": ("kind", "type", "nature"),
}
MEANT = {
    SALE: ("sale", "vente", "itempayment", "order"),
    COMMISSION: ("commission", "commission vente", "commission annulation", "fee"),
    REVERSAL: ("reversal", "cancellation", "annulation", "cancelleditempayment"),
    REFUND: ("refund", "remboursement", "itemadjustmentpayment"),
    BACK: ("commission_back", "commission rendue", "avoir commission"),
}
LOWERS = (COMMISSION, REVERSAL, REFUND)


@dataclass(frozen=True, slots=True)
class Difference:
    """An order and kind on which the two statements do not agree; `theirs` or `ours` None where it stands nowhere."""

    order: str
    kind: str
    ours: int | None
    theirs: int | None
    currency: str

    @property
    def amount(self) -> int:
        """This will say by how much theirs is above ours."""
        return (self.theirs or 0) - (self.ours or 0)


def columns_of(heading: Iterable[str]) -> dict[str, str]:
    """This will find our columns among theirs: ours -> theirs. Refuses `unknown_column` when one is missing."""
    known = {name.strip().lower(): name for name in heading if name}
    found = {ours: known[each] for ours, names in CALLED.items() for each in names if each in known}
    if missing := [name for name in ("order", "amount", "kind") if name not in found]:
        raise Refusal("column_missing", f"no column {missing[0]}", field="file", facts={"column": missing[0]})
    return found


def added_up(
    rows: Iterable[Mapping[str, str]], columns: Mapping[str, str], *, currency: str
) -> dict[tuple[str, str], int]:
    """This will add their lines up by order and kind, as signed minor units. Refuses a line by its number."""
    sums: dict[tuple[str, str], int] = {}
    for number, row in enumerate(rows, 2):
        if number > MOST_ROWS + 1:
            raise Refusal("file_too_long", f"at most {MOST_ROWS} lines", field="file")
        order = (row.get(columns["order"]) or "").strip()
        if not order:
            continue
        try:
            kind = _kind(row.get(columns["kind"]) or "")
            amount = _amount(row.get(columns["amount"]) or "", kind, currency)
        except Refusal as refusal:
            raise Refusal(
                "line_unreadable", refusal.detail, field="file", facts={"line": number}
            ) from refusal
        sums[order, kind] = sums.get((order, kind), 0) + amount
    return sums


def differences(
    ours: Mapping[tuple[str, str], tuple[int, str]], theirs: Mapping[tuple[str, str], int], *, currency: str
) -> Iterator[Difference]:
    """This will list what differs, in the order of the orders' numbers. What is of no amount is no line of theirs."""
    mine = {place: amount for place, (amount, _) in ours.items() if amount}
    order_of_kinds = {kind: i for i, kind in enumerate(KINDS)}
    for order, kind in sorted({*mine, *theirs}, key=lambda place: (place[0], order_of_kinds[place[1]])):
        here, there = mine.get((order, kind)), theirs.get((order, kind))
        if (here or 0) != (there or 0):
            yield Difference(order, kind, here, there, currency)


def _kind(text: str) -> str:
    said = " ".join(text.lower().split())
    for kind, words in MEANT.items():
        if said in words:
            return kind
    raise Refusal("unknown_kind", f"no kind {text!r}")


def _amount(text: str, kind: str, currency: str) -> int:
    said = text.strip().replace(" ", "").replace(" ", "").replace(",", ".")
    amount = parse(said.lstrip("+-"), currency=currency)
    if kind in LOWERS:
        return -amount
    return -amount if said.startswith("-") else amount
