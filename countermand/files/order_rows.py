"""The order file: CSV with a row for each line, or JSON lines with a body of POST /orders each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from countermand.files.json_lines import JsonLines, is_json_lines, open_json_lines
from countermand.files.opening import MAX_UNPACKED_BYTES
from countermand.files.order_columns import COLUMNS, NEEDED_COLUMNS, column_of, order_body
from countermand.files.reading import BrokenRow, Row, Table, open_table
from countermand.files.row_results import RefusedCell, RowRefused

MAX_LINES = 2_000  # of one order (docs/api.md, REST: general)


@dataclass(frozen=True, slots=True)
class OrderBody:
    """One body of POST /orders, and the first row that it was read from; of a CSV file, the row of each line."""

    row_number: int
    body: dict[str, Any]
    line_rows: tuple[int, ...] = field(default=(), compare=False)

    @property
    def name(self) -> str:
        """This will give the order's number, as far as there is one."""
        return _name(self.body.get("number", ""))

    def place(self, path: str) -> tuple[int, str]:
        """This will say in which row and column a path in the body stands; JSON lines have no columns but paths."""
        if not self.line_rows:
            return self.row_number, path
        line, column = column_of(path=path)
        return self.row_number if line is None else self.line_rows[line], column


@dataclass(frozen=True, slots=True)
class OrderFile:
    """An order file that can be read; iterate it as often as needed, each time from the first row."""

    source: Table | JsonLines
    channel: str

    @property
    def sha256(self) -> str:
        return self.source.sha256

    @property
    def row_count(self) -> int:
        return self.source.row_count

    def __iter__(self) -> Iterator[OrderBody | RowRefused]:
        if isinstance(self.source, Table):
            return _from_rows(self.source, self.channel)
        return _from_bodies(self.source, self.channel)


def open_orders(*, path: Path, channel: str = "", max_bytes: int = MAX_UNPACKED_BYTES) -> OrderFile:
    """This will open an order file; `channel` stands in where an order names none.

    Raises `UnreadableFile`. An order is the rows that follow each other with the same channel and number;
    what is wrong with one of them refuses that order whole.
    """
    if is_json_lines(path=path):
        return OrderFile(open_json_lines(path=path, max_bytes=max_bytes), channel)
    table = open_table(path=path, max_bytes=max_bytes)
    table.expect(known=COLUMNS, needed=NEEDED_COLUMNS)
    return OrderFile(table, channel)


def _from_bodies(source: JsonLines, channel: str) -> Iterator[OrderBody | RowRefused]:
    for found in source:
        if isinstance(found, RowRefused):
            yield found
        else:
            row_number, body = found
            yield OrderBody(
                row_number, body if "channel" in body or not channel else {"channel": channel, **body}
            )


def _from_rows(table: Table, channel: str) -> Iterator[OrderBody | RowRefused]:
    for group in _groups(table):
        rows = [row for row in group if isinstance(row, Row)]
        broken = next((row for row in group if isinstance(row, BrokenRow)), None)
        if broken is None:
            yield _order(rows, channel)
        else:
            cells = rows[0].cells if rows else broken.cells
            name = _name(cells.get("order", "").strip())
            yield RowRefused(broken.row_number, broken.code, broken.detail, "", cells, name)


def _order(rows: list[Row], channel: str) -> OrderBody | RowRefused:
    first = rows[0]
    try:
        if not first.cells["order"].strip():
            raise RefusedCell("order_required", "no order number", field="order")
        if len(rows) > MAX_LINES:
            raise RefusedCell("too_many_lines", f"more than {MAX_LINES} lines", field="line")
        body = order_body(rows=rows, channel=channel)
        if not body["channel"]:
            raise RefusedCell(
                "channel_required", "no channel in the row and none given for the file", field="channel"
            )
    except RefusedCell as refused:
        name = _name(first.cells["order"].strip())
        return refused.as_row(row_number=first.row_number, raw=first.cells, name=name)
    return OrderBody(first.row_number, body, tuple(row.row_number for row in rows))


def _name(number: Any) -> str:
    return str(number)[:64]


def _groups(table: Table) -> Iterator[list[Row | BrokenRow]]:
    """Rows that follow each other and belong to one order, the broken ones with them.

    A broken row that does not even say whose it is counts to the order before it and to the one after: an
    order that may be short of a line is refused, never taken for whole.
    """
    group: list[Row | BrokenRow] = []
    current: tuple[str, str] | None = None
    stray: BrokenRow | None = None
    for row in table:
        owner = (row.cells.get("channel", "").strip(), row.cells.get("order", "").strip())
        if isinstance(row, BrokenRow) and not (
            owner[1] and ("channel" in row.cells or "channel" not in table.header)
        ):
            stray = row
            _add(group, row)
            continue
        if current is not None and (owner != current or not owner[1]):
            yield group
            group = [stray] if stray else []
        stray = None
        current = owner
        _add(group, row)
    if group:
        yield group


def _add(group: list[Row | BrokenRow], row: Row | BrokenRow) -> None:
    # One more than may be is enough to refuse an order: no group is longer than that in memory.
    if len(group) <= MAX_LINES:
        group.append(row)
