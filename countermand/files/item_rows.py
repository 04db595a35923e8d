"""The item file: CSV with a row for each article, or JSON lines with a body of PUT /items/{sku} and its `sku`."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from countermand.files.cells import Cells
from countermand.files.json_lines import JsonLines, is_json_lines, open_json_lines
from countermand.files.opening import MAX_UNPACKED_BYTES
from countermand.files.reading import BrokenRow, Row, Table, open_table
from countermand.files.row_results import RefusedCell, RowRefused, refused_broken

OPTION = "option:"  # the column "option:couleur" holds the option "couleur"
COLUMNS = (
    "sku", "title", "product", "interchangeable", "range", "barcode",
    "price", "currency", "on_hand", "active", "restock_default",
)  # fmt: skip
NEEDED_COLUMNS = ("sku", "title")
MAX_ON_HAND = 10**9
_SEVERAL = "|"  # between the words of `interchangeable`: neither delimiter of a CSV file


@dataclass(frozen=True, slots=True)
class ItemBody:
    """One body of PUT /items/{sku}, and the row that it was read from; `field_rows` where a field is another row's."""

    row_number: int
    sku: str
    body: dict[str, Any]
    field_rows: dict[str, int] = field(default_factory=dict, compare=False)

    @property
    def name(self) -> str:
        """This will give the sku."""
        return self.sku

    def place(self, path: str) -> tuple[int, str]:
        """This will say in which row and column a path in the body stands: the columns have the body's names."""
        return self.field_rows.get(path, self.row_number), path


@dataclass(frozen=True, slots=True)
class ItemFile:
    """An item file that can be read; iterate it as often as needed, each time from the first row."""

    source: Table | JsonLines

    @property
    def sha256(self) -> str:
        return self.source.sha256

    @property
    def row_count(self) -> int:
        return self.source.row_count

    def __iter__(self) -> Iterator[ItemBody | RowRefused]:
        if isinstance(self.source, Table):
            return (_from_row(row) for row in self.source)
        return (_from_json(found) for found in self.source)


def open_items(*, path: Path, max_bytes: int = MAX_UNPACKED_BYTES) -> ItemFile:
    """This will open an item file.

    Raises `UnreadableFile`.
    """
    if is_json_lines(path=path):
        return ItemFile(open_json_lines(path=path, max_bytes=max_bytes))
    table = open_table(path=path, max_bytes=max_bytes)
    options = [name for name in table.header if name.startswith(OPTION) and name != OPTION]
    table.expect(known=(*COLUMNS, *options), needed=NEEDED_COLUMNS)
    return ItemFile(table)


def _from_row(row: Row | BrokenRow) -> ItemBody | RowRefused:
    if isinstance(row, BrokenRow):
        return refused_broken(row=row)
    try:
        sku, body = _body(row.cells)
    except RefusedCell as refused:
        return refused.as_row(
            row_number=row.row_number, raw=row.cells, name=row.cells.get("sku", "").strip()[:64]
        )
    return ItemBody(row.row_number, sku, body)


def _body(raw: dict[str, str]) -> tuple[str, dict[str, Any]]:
    cells = Cells(raw)
    sku = cells.code("sku")
    if not sku:
        raise RefusedCell("sku_required", "no sku", field="sku")
    body: dict[str, Any] = {"title": cells.text("title")}
    for name in ("product", "range", "barcode", "price", "currency"):
        if text := cells.code(name, longest=255):
            body[name] = text
    if words := [
        word.strip() for word in cells.code("interchangeable", longest=255).split(_SEVERAL) if word.strip()
    ]:
        body["interchangeable"] = words
    if options := {name.removeprefix(OPTION): cells.code(name) for name in raw if name.startswith(OPTION)}:
        body["options"] = {name: option for name, option in options.items() if option}
    if (on_hand := cells.quantity("on_hand", least=0, most=MAX_ON_HAND)) is not None:
        body["on_hand"] = on_hand
    for name in ("active", "restock_default"):
        if (chosen := cells.yes_no(name)) is not None:
            body[name] = chosen
    return sku, body


def _from_json(found: tuple[int, dict[str, Any]] | RowRefused) -> ItemBody | RowRefused:
    if isinstance(found, RowRefused):
        return found
    row_number, body = found
    sku = body.pop("sku", None)
    if not isinstance(sku, str) or not 0 < len(sku) <= 64:
        return RowRefused(
            row_number, "sku_required", "a line names its item in `sku`, 64 characters at most", "sku"
        )
    return ItemBody(row_number, sku, body)
