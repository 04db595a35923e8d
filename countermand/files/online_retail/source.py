"""The lines of an Online Retail file, and what each of them is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from countermand.files.opening import UnreadableFile
from countermand.files.reading import Table, open_table

COLUMNS = (
    "invoiceno", "stockcode", "description", "quantity", "invoicedate", "unitprice", "customerid", "country",
)  # fmt: skip
CURRENCY = "GBP"
CARRIAGE = frozenset({"POST", "DOT", "C2"})
DISCOUNT = "D"
NO_ARTICLES = frozenset({"M", "S", "B", "CRUK", "BANK CHARGES", "AMAZONFEE"})
VOUCHER = "gift_"
MOST_DIGITS = 9
_QUANTITY = re.compile(r"-?([0-9]+)", re.ASCII)
_PRICE = re.compile(r"-?([0-9]+)(\.[0-9]{1,9})?", re.ASCII)
_LONDON = ZoneInfo("Europe/London")
_PENNY = Decimal("0.01")


class Kind(Enum):
    """What a line is, read from its invoice number, its code and the sign of its quantity, in this order."""

    CREDIT = "credit"
    ARTICLE = "article"
    CARRIAGE = "carriage"
    DISCOUNT = "discount"
    NO_ARTICLE = "no_article"
    WRITE_OFF = "write_off"


class Line(NamedTuple):
    """One line of the file. `row_number` counts as a spreadsheet does; `at` is as written, without offset."""

    row_number: int
    invoice: str
    sku: str
    title: str
    quantity: int
    at: str
    price_minor: int
    rounded: bool
    customer: str
    country: str

    @property
    def kind(self) -> Kind:
        """This will say what the line is."""
        if self.invoice[:1] in "Cc":
            return Kind.CREDIT
        if self.price_minor < 0:
            return Kind.NO_ARTICLE  # bad debts (invoices A…) of the later months: nothing that was sold
        kind = _kind_of_code(self.sku)
        if kind is Kind.DISCOUNT or self.quantity > 0:
            return kind
        return Kind.WRITE_OFF

    @property
    def code(self) -> str:
        """This will give the code as a report names it: `m` is `M`, every gift voucher is `gift_*`."""
        return "gift_*" if self.sku.casefold().startswith(VOUCHER) else self.sku.upper()

    @property
    def is_article(self) -> bool:
        """This will say whether the code is one of goods; PADS and DCGS… are, POST, D, M and vouchers are not."""
        return _kind_of_code(self.sku) is Kind.ARTICLE


@lru_cache(maxsize=10_000)
def _kind_of_code(sku: str) -> Kind:
    code = sku.upper()
    if code == DISCOUNT:
        return Kind.DISCOUNT
    if code in CARRIAGE:
        return Kind.CARRIAGE
    if code in NO_ARTICLES or sku.casefold().startswith(VOUCHER):
        return Kind.NO_ARTICLE
    return Kind.ARTICLE


@dataclass(frozen=True, slots=True)
class OnlineRetailFile:
    """An Online Retail file that was read to its end once; iterate its lines as often as needed."""

    table: Table

    @property
    def row_count(self) -> int:
        return self.table.row_count

    def last_rows(self) -> dict[str, int]:
        """This will say of each invoice in which row its last line stands (a number an invoice, no lines)."""
        place = self._places[0]
        return {record[place].strip(): row_number for row_number, record in self.table.records()}

    def __iter__(self) -> Iterator[Line]:
        places = self._places
        for row_number, record in self.table.records():
            yield _line(row_number, [record[place] for place in places])

    @property
    def _places(self) -> list[int]:
        return [self.table.header.index(name) for name in COLUMNS]


def open_online_retail(*, path: Path) -> OnlineRetailFile:
    """This will open a file of the data set, `.csv` or `.csv.gz`, for its lines in their order.

    Prices are rounded half up to the penny. Raises `UnreadableFile`, naming the row, here or while lines are
    read: a data set with a line that cannot be read is not the one that is meant.
    """
    table = open_table(path=path)
    table.expect(known=COLUMNS, needed=COLUMNS)
    return OnlineRetailFile(table)


def _line(row_number: int, cells: list[str]) -> Line:
    invoice, sku, title, quantity, at, price, customer, country = map(str.strip, cells)
    try:
        price_minor, rounded = _minor(price)
        units = _quantity(quantity)
    except ValueError as broken:
        raise UnreadableFile("invalid_line", f"row {row_number}: {broken}", row_number=row_number) from broken
    return Line(row_number, invoice, sku, title, units, at, price_minor, rounded, customer, country)


# A few hundred quantities and prices make up all lines: each text is read once.
@lru_cache(maxsize=10_000)
def _quantity(text: str) -> int:
    if not (found := _QUANTITY.fullmatch(text)):
        raise ValueError(f"quantity {text!r} is no whole number")
    if len(found[1]) > MOST_DIGITS:
        raise ValueError(f"quantity {text!r} is too large")
    return int(text)


@lru_cache(maxsize=10_000)
def _minor(text: str) -> tuple[int, bool]:
    """The price in pence, and whether it had to be rounded."""
    if not (found := _PRICE.fullmatch(text)):
        raise ValueError(f"price {text!r} is no price")
    if len(found[1]) > MOST_DIGITS:
        raise ValueError(f"price {text!r} is too large")
    exact = Decimal(text)
    pence = exact.quantize(_PENNY, ROUND_HALF_UP)
    return int(pence * 100), pence != exact


def pounds(*, minor: int) -> str:
    """This will write pence as the API does: 1230 as "12.30"."""
    return f"{minor // 100}.{minor % 100:02d}"


def london_time(*, at: str, row_number: int) -> str:
    """This will write a time of the file with the offset that London had then.

    Raises `UnreadableFile` for what is no ISO time.
    """
    try:
        return datetime.fromisoformat(at).replace(tzinfo=_LONDON).isoformat()
    except ValueError as broken:
        raise UnreadableFile(
            "invalid_line", f"row {row_number}: {at!r} is no time", row_number=row_number
        ) from broken


def customer_email(*, customer: str) -> str:
    """This will give the address of a customer: made up, in a domain that no mail reaches."""
    return f"c{customer}@example.test"
