"""What a reader says of a row that it will not hand on."""

import dataclasses

from countermand.files.reading import BrokenRow


@dataclasses.dataclass(frozen=True, slots=True)
class RowRefused:
    """One row refused by a reader, named so that the sender can mend it; `field` is the column it is about."""

    row_number: int
    code: str
    detail: str
    field: str = ""
    raw: dict[str, str] = dataclasses.field(default_factory=dict)


class RefusedCell(Exception):
    """Raised inside a reader for one cell; the reader turns it into a `RowRefused`."""

    def __init__(self, code: str, detail: str, *, field: str = ""):
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.field = field

    def as_row(self, *, row_number: int, raw: dict[str, str]) -> RowRefused:
        """This will say the refusal of the whole row."""
        return RowRefused(row_number, self.code, self.detail, self.field, raw)


def refused_broken(*, row: BrokenRow) -> RowRefused:
    """This will say the refusal of a row that could not be told apart into cells."""
    return RowRefused(row.row_number, row.code, row.detail, "", row.cells)
