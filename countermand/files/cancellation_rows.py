"""The order cancellation file: each row an order, a line of it or some units, and what follows.

Source: docs/api.md, Cancellation file. Whether an order exists and may be cancelled is asked later, by the verb.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from countermand.files.cells import MAX_KEY_CHARACTERS, Cells
from countermand.files.opening import MAX_UNPACKED_BYTES
from countermand.files.reading import BrokenRow, Row, Table, open_table
from countermand.files.row_identity import SeenRows, fingerprint
from countermand.files.row_results import RefusedCell, RowRefused, refused_broken
from countermand.files.writing import Cell

COLUMNS = (
    "channel", "order", "line", "sku", "quantity", "reason",
    "message", "refund", "shipping", "restock", "notify", "reference",
)  # fmt: skip
NEEDED_COLUMNS = ("order", "reason")
RESULT_COLUMNS = (*COLUMNS, "state", "code", "detail", "cancellation", "amount", "currency")
REFUNDS = ("now", "later", "none")
SHIPPING = ("terms", "all", "none")

State = Literal["done", "already_done", "refused", "error"]


@dataclass(frozen=True, slots=True)
class CancelRow:
    """One thing to cancel. `line` and `sku` both empty: the whole order. `quantity` None: all that is open.

    None in `refund`: now. None in `shipping`, `restock`, `notify`: what the terms say.
    """

    row_number: int
    identity: str
    channel: str
    order: str
    line: str
    sku: str
    quantity: int | None
    reason: str
    message: str
    refund: str | None
    shipping: str | None
    restock: bool | None
    notify: bool | None
    raw: dict[str, str]


@dataclass(frozen=True, slots=True)
class CancellationFile:
    """A cancellation file that can be read; iterate it as often as needed, each time from the first row."""

    table: Table
    channel: str

    @property
    def sha256(self) -> str:
        return self.table.sha256

    @property
    def row_count(self) -> int:
        return self.table.row_count

    def __iter__(self) -> Iterator[CancelRow | RowRefused]:
        seen = SeenRows()
        for row in self.table:
            if isinstance(row, BrokenRow):
                yield refused_broken(row=row)
                continue
            try:
                read = _read(row, self.channel, self.table.sha256)
                # Only rows that are handed on count: a row refused above may be repeated rightly below.
                _refuse_twin(read, seen)
            except RefusedCell as refused:
                yield refused.as_row(row_number=row.row_number, raw=row.cells)
            else:
                yield read


def open_cancellations(
    *, path: Path, channel: str = "", max_bytes: int = MAX_UNPACKED_BYTES
) -> CancellationFile:
    """This will open a cancellation file; `channel` stands in where a row names none.

    A row's identity is its `reference`, else the file's hash and its row number, each within its channel: the
    same file again has the same identities. Raises `UnreadableFile`; unknown columns are refused by name, those of a result file too:
    sent again as it is, its rows without reference would have another identity and be done twice.
    """
    table = open_table(path=path, max_bytes=max_bytes)
    table.expect(known=COLUMNS, needed=NEEDED_COLUMNS)
    return CancellationFile(table, channel)


def result_row(
    *,
    raw: Mapping[str, str],
    state: State,
    code: str = "",
    detail: str = "",
    cancellation: str = "",
    amount: Decimal | None = None,
    currency: str = "",
) -> dict[str, Cell]:
    """This will lay out one row of the result file: the row as it was sent, and what became of it."""
    cells: dict[str, Cell] = {name: raw.get(name, "") for name in COLUMNS}
    return cells | {
        "state": state,
        "code": code,
        "detail": detail,
        "cancellation": cancellation,
        "amount": amount,
        "currency": currency,
    }


def _read(row: Row, channel: str, sha256: str) -> CancelRow:
    cells = Cells(row.cells)
    reference = cells.code("reference", longest=MAX_KEY_CHARACTERS)
    read = CancelRow(
        row_number=row.row_number,
        identity=reference or f"{sha256}:{row.row_number}",
        channel=cells.code("channel") or channel,
        order=cells.code("order"),
        line=cells.code("line"),
        sku=cells.code("sku"),
        quantity=cells.quantity(),
        reason=cells.code("reason"),
        message=cells.text("message", code="message_too_long"),
        refund=cells.choice("refund", choices=REFUNDS),
        shipping=cells.choice("shipping", choices=SHIPPING),
        restock=cells.yes_no("restock"),
        notify=cells.yes_no("notify"),
        raw=row.cells,
    )
    if not read.channel:
        raise RefusedCell(
            "channel_required", "no channel in the row and none given for the file", field="channel"
        )
    if not read.order:
        raise RefusedCell("order_required", "no order number", field="order")
    if not read.reason:
        raise RefusedCell("reason_required", "no reason", field="reason")
    if read.quantity is not None and not (read.line or read.sku):
        # The whole order would be more than was asked for.
        raise RefusedCell("line_required", "a quantity needs a line or a sku that it is of", field="line")
    return read


def _refuse_twin(read: CancelRow, seen: SeenRows) -> None:
    reference = read.raw.get("reference", "").strip()
    # Per channel, as a row's identity is: two channels may number their orders, and name their rows, alike.
    rest = (reference,) if reference else [read.raw.get(name, "") for name in COLUMNS[1:]]
    parts = ("reference" if reference else "row", read.channel, *rest)
    first = seen.first(fingerprint=fingerprint(parts=parts), row_number=read.row_number)
    if first is not None:
        same = (
            "has the same reference"
            if reference
            else "is the same in every column and neither has a reference"
        )
        raise RefusedCell("duplicate_row", f"row {first} {same}", field="reference")
