"""Rows of a cancellation file as cancellations: rows of one order that follow each other and want the same
become one, so that the buyer gets one mail and the payment one refund. Pure.

Why, and what it means for a row: docs/decisions/0002-rows-that-become-one-cancellation.md.
"""

import hashlib
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass

from countermand.cancellations.actions import Wish
from countermand.cancellations.ask import Ask
from countermand.cancellations.rows import FileRow
from countermand.files.cancellation_rows import CancelRow
from countermand.orders.by_number import KnownLine, KnownOrder
from countermand.refusals import Refusal

MAX_SOURCE_CHARACTERS = 128  # of the column
Units = tuple[tuple[str, int | None], ...]  # (line reference, units; None: all that is open)


@dataclass(slots=True)
class Run:
    """Rows that make one cancellation. `lines` of each row; None: the whole order, which stands alone."""

    order: KnownOrder
    rows: list[CancelRow]
    lines: list[Units | None]

    def wish(self) -> Wish:
        """This will make the wish that all its rows stand behind."""
        if len(self.rows) == 1:
            row, units = self.rows[0], self.lines[0]
            return Wish(self.order.id, _ask(row, units), source=source_of(row))
        named = [units or () for units in self.lines]
        rows = tuple(
            FileRow(source_of(row), tuple(reference for reference, _ in units))
            for row, units in zip(self.rows, named, strict=True)
        )
        together = tuple(unit for units in named for unit in units)
        return Wish(self.order.id, _ask(self.rows[0], together), rows=rows)

    def apart(self) -> "list[Run]":
        """This will give each row as a run of its own: what is refused together is judged one by one."""
        return [Run(self.order, [row], [units]) for row, units in zip(self.rows, self.lines, strict=True)]


def reference_of(row: CancelRow) -> str:
    """This will give the name that the merchant gave a row, empty where there is none."""
    return row.raw.get("reference", "").strip()


def source_of(row: CancelRow) -> str:
    """This will give a row's identity for ever: within its channel, its reference, else the file and its row.

    A name longer than what is kept of it (a long reference on a channel of a long code) is kept as its hash.
    """
    reference = reference_of(row)
    kind, name = ("ref", reference) if reference else ("file", row.identity)
    source = f"{kind}:{row.channel}:{name}"
    if len(source) <= MAX_SOURCE_CHARACTERS:
        return source
    return f"{kind}:sha256:{hashlib.sha256(source.encode()).hexdigest()}"


def runs(
    *, rows: Iterable[CancelRow], orders: Mapping[tuple[str, str], KnownOrder], channels: Container[str]
) -> tuple[list[Run], dict[int, Refusal]]:
    """This will put rows together into runs, in their order, and refuse by row number what names no order or line.

    Only a row whose units are there for sure joins others: one that may be refused is judged by itself, so
    that it holds up no other.
    """
    made: list[Run] = []
    refused: dict[int, Refusal] = {}
    last: Run | None = None
    for row in rows:
        order = orders.get((row.channel, row.order))
        if order is None:
            refused[row.row_number] = _nowhere(row, channels)
            continue
        try:
            units, sure = _units(row, order)
        except Refusal as refusal:
            refused[row.row_number] = refusal
            continue
        if last is not None and sure and _joins(last, row, order, units):
            last.rows.append(row)
            last.lines.append(units)
            continue
        run = Run(order, [row], [units])
        made.append(run)
        if sure:
            last = run
    return made, refused


def _nowhere(row: CancelRow, channels: Container[str]) -> Refusal:
    if row.channel not in channels:
        return Refusal("unknown_channel", f"no channel {row.channel!r}", field="channel")
    return Refusal("not_found", f"no order {row.order!r} on channel {row.channel!r}", field="order")


def _units(row: CancelRow, order: KnownOrder) -> tuple[Units | None, bool]:
    """What a row calls off, and whether that is there for sure; takes it off what is open for the next row."""
    if not (row.line or row.sku):
        for line in order.lines:
            line.open = 0
        return None, True
    lines = _named(row, order)
    wanted, there = row.quantity, sum(line.open for line in lines)
    if not there:
        # Left to the verb, which knows whether it has left or was called off, perhaps by a row before.
        return ((lines[0].reference, wanted),), False
    if wanted and wanted > there:
        what = f"line {row.line!r}" if row.line else f"article {row.sku!r}"
        detail = f"{there} of {what} can still be called off"
        raise Refusal("quantity_too_large", detail, field="quantity", facts={"open": there})
    if len(lines) == 1:
        lines[0].open -= wanted or there
        return ((lines[0].reference, wanted),), True
    taken = []
    left = wanted or there
    for line in lines:
        units = min(line.open, left)
        if units:
            taken.append((line.reference, units if wanted else None))
            line.open -= units
            left -= units
    return tuple(taken), True


def _named(row: CancelRow, order: KnownOrder) -> list[KnownLine]:
    """The line that is meant, or every line of an article: its units are the same to a buyer, first lines first."""
    found = [
        line
        for line in order.lines
        if (not row.line or line.reference == row.line) and (not row.sku or line.sku == row.sku)
    ]
    if not found:
        meant = " ".join(
            part for part in (row.line and f"line {row.line!r}", row.sku and f"article {row.sku!r}") if part
        )
        raise Refusal("unknown_line", f"the order has no {meant}", field="line" if row.line else "sku")
    return found


def _joins(run: Run, row: CancelRow, order: KnownOrder, units: Units | None) -> bool:
    if run.order is not order or units is None or run.lines[0] is None:
        return False
    if _choices(run.rows[0]) != _choices(row):
        return False
    taken = {reference for named in run.lines for reference, _ in named or ()}
    return not any(reference in taken for reference, _ in units)


def _choices(row: CancelRow) -> tuple[object, ...]:
    return row.reason, row.message, row.refund, row.shipping, row.restock, row.notify


def _ask(row: CancelRow, units: Units | None) -> Ask:
    return Ask(
        reason=row.reason,
        lines=units,
        when=row.refund or "now",
        shipping=row.shipping or "terms",
        restock=row.restock,
        notify=row.notify,
        message=row.message,
    )
