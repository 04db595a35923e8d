"""What a reader says of a row that it will not hand on."""

import dataclasses

from countermand.files.reading import BrokenRow


@dataclasses.dataclass(frozen=True, slots=True)
class RowRefused:
    """One row refused by a reader, named so that the sender can mend it; `field` is the column it is about.

    `name` is what stands in the row as far as that could be read: the number of an order, a sku.
    """

    row_number: int
    code: str
    detail: str
    field: str = ""
    raw: dict[str, str] = dataclasses.field(default_factory=dict)
    name: str = ""


class RefusedCell(Exception):
    """Raised inside a reader for one cell; the reader turns it into a `RowRefused`.

    `row_number` says in which of several rows the cell stands, where they are read together.
    """

    def __init__(self, code: str, detail: str, *, field: str = "", row_number: int | None = None):
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.field = field
        self.row_number = row_number

    def as_row(self, *, row_number: int, raw: dict[str, str], name: str = "") -> RowRefused:
        """This will say the refusal of the row of the cell, or of `row_number` where the cell names none."""
        return RowRefused(self.row_number or row_number, self.code, self.detail, self.field, raw, name)


def refused_broken(*, row: BrokenRow) -> RowRefused:
    """This will say the refusal of a row that could not be told apart into cells."""
    return RowRefused(row.row_number, row.code, row.detail, "", row.cells)
