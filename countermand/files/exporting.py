"""Tables on their way out: CSV while it is made, Excel from a file that is made first. One guard for both.

Text that a spreadsheet would run is guarded, numbers are not (docs/decisions/0000, Security). Memory is that of
a row, whatever the length.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import IO

import xlsxwriter

from countermand.files.guarding import guarded
from countermand.files.writing import Cell, csv_lines

# What Excel itself can open, less the heading; and what is still made while somebody waits.
MOST_EXCEL_ROWS = 100_000
CHUNK_BYTES = 64 * 1024

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"

Exported = Cell | datetime


def csv_stream(*, columns: Mapping[str, str], rows: Iterable[Mapping[str, Exported]]) -> Iterator[str]:
    """This will yield a CSV line by line; `columns` name -> heading. Instants are written as text."""
    plain = ({columns[name]: _text(row.get(name)) for name in columns} for row in rows)
    return csv_lines(columns=list(columns.values()), rows=plain, mark=True)


def xlsx_stream(
    *, columns: Mapping[str, str], rows: Iterable[Mapping[str, Exported]], sheet: str
) -> Iterator[bytes]:
    """This will yield an Excel workbook of one sheet; made in a temporary file, which is gone with the stream.

    Rows above `MOST_EXCEL_ROWS` are left out: the caller says so before.
    """
    with tempfile.TemporaryFile(prefix="countermand-", suffix=".xlsx") as file:
        _write(file, columns, rows, sheet)
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _write(
    file: IO[bytes], columns: Mapping[str, str], rows: Iterable[Mapping[str, Exported]], sheet: str
) -> None:
    # Rows go to disk as they come; nothing is taken for a link or a formula, whatever it looks like.
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "remove_timezone": True,
        "default_date_format": "yyyy-mm-dd hh:mm",
        "tmpdir": os.path.realpath(tempfile.gettempdir()),
    }
    with xlsxwriter.Workbook(file, options) as book:
        page = book.add_worksheet(sheet[:31])
        bold, money = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        page.freeze_panes(1, 0)
        page.set_column(0, len(columns) - 1, 16)
        for place, heading in enumerate(columns.values()):
            page.write_string(0, place, guarded(text=heading), bold)
        for line, row in enumerate(rows, 1):
            if line > MOST_EXCEL_ROWS:
                break
            for place, name in enumerate(columns):
                _cell(page, line, place, row.get(name), money)


def _cell(
    page: "xlsxwriter.worksheet.Worksheet", line: int, place: int, value: Exported, money: object
) -> None:
    if value is None or value == "":
        return
    if isinstance(value, str):
        page.write_string(line, place, guarded(text=value))
    elif isinstance(value, bool):
        page.write_boolean(line, place, value)
    elif isinstance(value, Decimal):
        page.write_number(line, place, float(value), money)
    elif isinstance(value, datetime):
        page.write_datetime(line, place, value)
    else:
        page.write_number(line, place, value)


def _text(value: Exported) -> Cell:
    return value.isoformat(timespec="minutes") if isinstance(value, datetime) else value
