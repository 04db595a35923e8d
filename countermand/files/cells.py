"""Reading one cell strictly: what is not plainly meant is refused, never guessed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from countermand.files.row_results import RefusedCell
from countermand.refusals import LONGEST_TEXT

MAX_CODE_CHARACTERS = 64  # order number, sku, line, channel (docs/api.md, REST: general)
MAX_KEY_CHARACTERS = 255
MAX_QUANTITY = 1_000_000

_DIGITS = re.compile(r"0*([0-9]+)", re.ASCII)
_NEGATIVE = re.compile(r"-[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one row by column name; a column that is not there reads as empty."""

    cells: Mapping[str, str]

    def code(self, name: str, *, longest: int = MAX_CODE_CHARACTERS) -> str:
        """This will read a number, a code or a reference: one line of printable characters, blanks around it dropped.

        Refuses `text_too_long`, `invalid_value`.
        """
        text = self.cells.get(name, "").strip()
        if len(text) > longest:
            raise RefusedCell("text_too_long", f"{name} is longer than {longest} characters", field=name)
        if not text.isprintable():
            raise RefusedCell(
                "invalid_value", f"{name} holds a line end or another invisible character", field=name
            )
        return text

    def text(self, name: str, *, code: str = "text_too_long") -> str:
        """This will read free text as it stands, "" when it is blank.

        Refuses `code` above 5,000 characters.
        """
        text = self.cells.get(name, "")
        if len(text) > LONGEST_TEXT:
            raise RefusedCell(code, f"{name} is longer than {LONGEST_TEXT} characters", field=name)
        return text if text.strip() else ""

    def choice(self, name: str, *, choices: Sequence[str]) -> str | None:
        """This will read one of a few words, None when the cell is empty.

        Refuses `invalid_value`.
        """
        text = self.cells.get(name, "").strip()
        if text and text not in choices:
            raise RefusedCell("invalid_value", f"{name} is one of {', '.join(choices)}, or empty", field=name)
        return text or None

    def yes_no(self, name: str) -> bool | None:
        """This will read `yes` or `no`, None when the cell is empty.

        Refuses `invalid_value`.
        """
        chosen = self.choice(name, choices=("yes", "no"))
        return None if chosen is None else chosen == "yes"

    def quantity(self, name: str = "quantity", *, least: int = 1, most: int = MAX_QUANTITY) -> int | None:
        """This will read a quantity in ASCII digits from `least` to `most`, None when the cell is empty.

        Refuses `quantity_too_small`, `quantity_too_large`, `invalid_quantity` ("1.0", "²", "1 000").
        """
        text = self.cells.get(name, "").strip()
        if not text:
            return None
        if _NEGATIVE.fullmatch(text):
            raise RefusedCell("quantity_too_small", f"{name} is below 0", field=name)
        if not (digits := _DIGITS.fullmatch(text)):
            raise RefusedCell("invalid_quantity", f"{name} is written in digits, like 2", field=name)
        # Told by its length first: a cell may hold more digits than Python reads as a number.
        if len(digits[1]) > len(str(most)) or int(digits[1]) > most:
            raise RefusedCell("quantity_too_large", f"{name} is at most {most}", field=name)
        if int(digits[1]) < least:
            raise RefusedCell("quantity_too_small", f"{name} is at least {least}", field=name)
        return int(digits[1])
