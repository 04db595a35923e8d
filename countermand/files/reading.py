"""Reading CSV as people send it: `,` `;` or tab, quoted or not, with or without a byte order mark, plain or .gz.

A file is read twice: once to the end to know that it can be read and what its hash is, then row by row. So a
file that is refused as a whole has done nothing, and a row's identity is known at the first row.
"""

import csv
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from countermand.files.guarding import unguarded
from countermand.files.opening import (
    MAX_LINE_BYTES,
    MAX_UNPACKED_BYTES,
    Digest,
    UnreadableFile,
    content_digest,
    text_lines,
)

MAX_CELL_CHARACTERS = 32_767  # what a spreadsheet cell holds
_DELIMITERS = ",;\t"

# Cells as long as a line may be are read, so that one too long is refused with its row and not with its file; only a
# quotation mark lets a cell grow further. For the whole process: the module knows no other way.
csv.field_size_limit(MAX_LINE_BYTES)


class Row(NamedTuple):
    """One row: `row_number` as a spreadsheet counts (the header is 1), cells by column name."""

    row_number: int
    cells: dict[str, str]


class BrokenRow(NamedTuple):
    """One row that cannot be told apart into cells: `row_too_short`, `row_too_long`, `row_broken`, `text_too_long`."""

    row_number: int
    code: str
    detail: str
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file that was read to its end once and can be read; iterate it as often as needed."""

    path: Path
    header: tuple[str, ...]
    delimiter: str
    sha256: str
    row_count: int  # rows that are not blank, the header not counted: what a progress bar needs
    max_bytes: int

    def __iter__(self) -> Iterator[Row | BrokenRow]:
        records = _records(_text(self.path, None, self.max_bytes), self.delimiter)
        next(records)
        for row_number, record in records:
            yield _row(self.header, row_number, record)

    def records(self) -> Iterator[tuple[int, list[str]]]:
        """This will yield the rows as bare cells in the header's order, for a file whose make is known.

        Half the work of the rows above: no names, no guard. Raises `UnreadableFile` at a broken row.
        """
        records = _records(_text(self.path, None, self.max_bytes), self.delimiter)
        next(records)
        width = len(self.header)
        for row_number, record in records:
            if isinstance(record, str) or len(record) != width:
                broken = _row(self.header, row_number, record)
                detail = f"row {row_number}: {broken.detail}" if isinstance(broken, BrokenRow) else ""
                raise UnreadableFile("row_broken", detail, row_number=row_number)
            yield row_number, record

    def expect(self, *, known: Collection[str], needed: Collection[str] = ()) -> None:
        """This will refuse a header with unknown or missing columns, by name.

        Raises `UnreadableFile`: `unknown_column`, `missing_column`.
        """
        if unknown := [name for name in self.header if name not in known]:
            raise UnreadableFile(
                "unknown_column",
                f"unknown column: {', '.join(unknown)}; known are {', '.join(known)}",
                row_number=1,
            )
        if missing := [name for name in needed if name not in self.header]:
            raise UnreadableFile("missing_column", f"missing column: {', '.join(missing)}", row_number=1)


def open_table(*, path: Path, max_bytes: int = MAX_UNPACKED_BYTES) -> Table:
    """This will read a CSV file to its end once and hand it back as rows to be read.

    Raises `UnreadableFile` for what is wrong with the file as a whole: encoding, archive, size, header, a
    quotation mark never closed.
    """
    digest = content_digest()
    lines = _text(path, digest, max_bytes)
    first, header_row = "", 0
    for first in lines:
        header_row += 1
        if first.strip():
            break
    delimiter = _sniffed(first)
    header = _header(first, delimiter)
    row_count = sum(1 for _ in _records(lines, delimiter, after=header_row))
    return Table(path, header, delimiter, digest.hexdigest(), row_count, max_bytes)


def _text(path: Path, digest: Digest | None, max_bytes: int) -> Iterator[str]:
    return text_lines(path=path, digest=digest, max_bytes=max_bytes)


def _sniffed(header: str) -> str:
    """The delimiter is what separates the header: the commonest outside quotes, the comma when none is there."""
    bare = "".join(header.split('"')[::2])
    return max(_DELIMITERS, key=bare.count)


def _header(line: str, delimiter: str) -> tuple[str, ...]:
    if "\r" in line.rstrip("\r\n"):
        raise UnreadableFile(
            "line_ends", "lines end in CR alone (old Mac); save it as “CSV UTF-8”", row_number=1
        )
    try:
        names = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error as broken:
        raise UnreadableFile("no_header", f"the header cannot be read ({broken})", row_number=1) from broken
    header = tuple(name.strip().casefold() for name in names)
    if not any(header):
        raise UnreadableFile("no_header", "the first row names no column", row_number=1)
    if "" in header:
        raise UnreadableFile("no_header", f"column {header.index('') + 1} has no name", row_number=1)
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise UnreadableFile("duplicate_column", f"column named twice: {', '.join(twice)}", row_number=1)
    return header


def _records(
    lines: Iterator[str], delimiter: str, *, after: int = 0
) -> Iterator[tuple[int, list[str] | str]]:
    """Yields (row number, cells), or (row number, what is wrong); blank rows are counted and passed over."""
    # strict: without it a quotation mark never closed swallows the rest of the file without a word.
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    row_number = after
    while True:
        row_number += 1
        lines_before = reader.line_num
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as broken:
            # One line in error is that row's trouble; several lines in one cell mean that rows were swallowed.
            if reader.line_num - lines_before > 1 or "end of data" in str(broken) or "limit" in str(broken):
                where = f"within {MAX_LINE_BYTES} characters" if "limit" in str(broken) else f"({broken})"
                raise UnreadableFile(
                    "quote_not_closed",
                    f"a quotation mark opened in row {row_number} is not closed {where}",
                    row_number=row_number,
                ) from broken
            yield row_number, str(broken)
        else:
            if any(record):
                yield row_number, record


def _row(header: tuple[str, ...], row_number: int, record: list[str] | str) -> Row | BrokenRow:
    if isinstance(record, str):
        return BrokenRow(row_number, "row_broken", f"cannot be told apart into cells ({record})", {})
    # One look at the whole row says for nearly every row that no cell needs a closer one.
    whole = "\n".join(record)
    if whole.startswith("'") or "\n'" in whole:
        record = [unguarded(text=cell) for cell in record]
    cells = dict(zip(header, record, strict=False))
    if len(record) != len(header):
        code = "row_too_short" if len(record) < len(header) else "row_too_long"
        return BrokenRow(row_number, code, f"{len(record)} cells where the header names {len(header)}", cells)
    if len(whole) > MAX_CELL_CHARACTERS and max(map(len, record)) > MAX_CELL_CHARACTERS:
        name = next(name for name, cell in cells.items() if len(cell) > MAX_CELL_CHARACTERS)
        cut = {column: cell[:MAX_CELL_CHARACTERS] for column, cell in cells.items()}
        return BrokenRow(row_number, "text_too_long", f"{name} is longer than a cell may be", cut)
    return Row(row_number, cells)
