"""Writing CSV: row by row, safe to open in a spreadsheet, and there as a whole or not at all."""

import csv
import gzip
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import IO, BinaryIO, cast

from countermand.files.guarding import guarded
from countermand.files.placing import placed

Cell = str | int | Decimal | bool | None
WriteRow = Callable[[Mapping[str, Cell]], None]


def cell_text(*, value: Cell) -> str:
    """This will write one cell: text guarded against formulas, numbers bare, yes or no, empty for None."""
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(text=value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


@contextmanager
def csv_file(*, path: Path, columns: Sequence[str], mark: bool = False) -> Iterator[WriteRow]:
    """This will write a CSV file (packed when it is called .gz) through the function it gives.

    Placed as `placed` does: there as a whole or not at all. `mark` puts a byte order mark first, without which Excel
    takes UTF-8 for something else. A row with a column that was not announced raises KeyError.
    """
    with placed(path=path) as stream, _text(stream, path, mark) as text:
        # Lines end in CR LF (RFC 4180); only a field with a delimiter, quote or line end is quoted.
        writer = csv.writer(text)
        writer.writerow(columns)

        def write_row(row: Mapping[str, Cell]) -> None:
            if unknown := row.keys() - set(columns):
                raise KeyError(f"no column named {', '.join(sorted(unknown))}")
            writer.writerow([cell_text(value=row.get(column)) for column in columns])

        yield write_row


def write_csv(
    *, path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, Cell]], mark: bool = False
) -> int:
    """This will write all rows to a CSV file as `csv_file` does, and say how many there were."""
    count = 0
    with csv_file(path=path, columns=columns, mark=mark) as write_row:
        for row in rows:
            write_row(row)
            count += 1
    return count


def csv_lines(
    *, columns: Sequence[str], rows: Iterable[Mapping[str, Cell]], mark: bool = False
) -> Iterator[str]:
    """This will yield the same CSV as text, line by line: for a download that is made while it is sent."""
    line = io.StringIO()
    writer = csv.writer(line)
    writer.writerow(columns)
    yield ("\ufeff" if mark else "") + line.getvalue()
    for row in rows:
        line.seek(0)
        line.truncate()
        writer.writerow([cell_text(value=row.get(column)) for column in columns])
        yield line.getvalue()


@contextmanager
def _text(stream: IO[bytes], path: Path, mark: bool) -> Iterator[IO[str]]:
    # No name and no time inside a .gz: the same rows give the same file.
    packed = gzip.GzipFile("", "wb", fileobj=stream, mtime=0) if path.suffix == ".gz" else None
    text = io.TextIOWrapper(cast(BinaryIO, packed or stream), "utf-8-sig" if mark else "utf-8", newline="")
    try:
        yield text
    finally:
        text.detach()  # writes what it holds and leaves the file open for the fsync that follows
        if packed:
            packed.close()
