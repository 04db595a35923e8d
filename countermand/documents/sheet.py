"""A sheet of paper in our own hand: one font, two weights, three colours. Knows nothing of documents."""

import unicodedata
from collections.abc import Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import XPos, YPos

FONTS = Path(__file__).parent / "fonts"
INK, QUIET, RULE, PALE, ACCENT = (31, 29, 26), (107, 102, 94), (216, 209, 198), (247, 245, 241), (15, 92, 86)
MARGIN, WIDTH, BOTTOM = 18.0, 174.0, 26.0  # millimetres of an A4 sheet
LEADING = 1.38


class Column(NamedTuple):
    """A column of a table: its title, its width in mm, and R for figures."""

    title: str
    width: float
    align: str = "L"


@lru_cache(maxsize=1)
def _covered() -> frozenset[int]:
    with TTFont(FONTS / "Inter-Regular.ttf", lazy=True) as font:
        return frozenset(font.getBestCmap())


def drawable(text: str) -> str:
    """This will write a text with what the font has: a letter without its accent, or □, for what it has not."""
    covered = _covered()
    said = []
    for letter in unicodedata.normalize("NFC", text):
        if ord(letter) in covered:
            said.append(letter)
        elif letter.isspace():
            said.append(" ")
        elif unicodedata.category(letter)[0] != "C":
            plain = unicodedata.normalize("NFKD", letter)
            said.append("".join(part for part in plain if ord(part) in covered) or "\u25a1")
    return "".join(said)


class Sheet(FPDF):
    """An A4 page under our hand. Everything that may differ between two makings is fixed."""

    def __init__(self, *, title: str, language: str, on: date, foot: Sequence[str], page_word: str) -> None:
        super().__init__(format="A4", unit="mm")
        self.foot, self.page_word = list(foot), page_word
        self.add_font("Inter", "", FONTS / "Inter-Regular.ttf")
        self.add_font("Inter", "B", FONTS / "Inter-SemiBold.ttf")
        self.set_creation_date(datetime(on.year, on.month, on.day, tzinfo=UTC))
        self.set_title(title)
        self.set_lang("fr-FR" if language == "fr" else "en-GB")
        self.set_creator("Countermand")
        self.set_margins(MARGIN, 16, MARGIN)
        self.set_auto_page_break(True, BOTTOM)
        self.c_margin = 0.0
        self.alias_nb_pages("{of}")

    def footer(self) -> None:
        """This will end each page: who sells, and which page of how many."""
        self.set_y(-BOTTOM + 7)
        self.line_across()
        self.set_y(-BOTTOM + 9)
        for line in self.foot:
            self.say(line, size=7.5, colour=QUIET, width=WIDTH - 30)
        # How many pages there are is known at the end only: room for a figure stands in until then.
        self.set_font("Inter", "", 7.5)
        wide = self.get_string_width(self.page_word.format(n=self.page_no(), of="8"))
        self.set_xy(MARGIN + WIDTH - wide, -BOTTOM + 9)
        said = self.page_word.format(n=self.page_no(), of="{of}")
        self.say(said, size=7.5, colour=QUIET, width=wide + 10)

    def say(
        self,
        text: str,
        *,
        size: float = 9.5,
        bold: bool = False,
        colour: tuple[int, int, int] = INK,
        width: float = WIDTH,
        align: str = "L",
        x: float | None = None,
    ) -> None:
        """This will write a text in a column, wrapped, and go on below it at the same left edge."""
        if x is not None:
            self.set_x(x)
        left = self.get_x()
        self.set_font("Inter", "B" if bold else "", size)
        self.set_text_color(*colour)
        height = size * 0.3528 * LEADING
        self.multi_cell(
            width, height, drawable(text), align=align, new_x=XPos.LEFT, new_y=YPos.NEXT, padding=0
        )
        self.set_x(left)

    def line_across(self, *, x: float = MARGIN, width: float = WIDTH) -> None:
        """This will draw a rule where the pen stands."""
        self.set_draw_color(*RULE)
        self.set_line_width(0.25)
        self.line(x, self.get_y(), x + width, self.get_y())

    def rows_under(
        self, columns: Sequence[Column], rows: Sequence[Sequence[str]], *, title_again: str
    ) -> None:
        """This will draw a table; it goes on over pages with its titles. A cell's lines below the first are quiet."""
        self._titles(columns)
        for row in rows:
            if self.get_y() + self._height(columns, row) > self.h - BOTTOM:
                self.add_page()
                self.say(title_again, size=8, colour=QUIET)
                self._titles(columns)
            self._row(columns, row)

    def _titles(self, columns: Sequence[Column]) -> None:
        top = self.get_y()
        self.set_fill_color(*PALE)
        self.rect(MARGIN, top, WIDTH, 7, style="F")
        x = MARGIN
        for column in columns:
            self.set_xy(x + 2, top + 1.7)
            self.say(
                column.title, size=7.5, bold=True, colour=QUIET, width=column.width - 4, align=column.align
            )
            x += column.width
        self.set_xy(MARGIN, top + 7)

    def _row(self, columns: Sequence[Column], row: Sequence[str]) -> None:
        top, height, x = self.get_y(), self._height(columns, row), MARGIN
        for column, cell in zip(columns, row, strict=True):
            self.set_xy(x + 2, top + 2)
            for i, line in enumerate(cell.split("\n")):
                size, colour = (9.0, INK) if i == 0 else (7.5, QUIET)
                self.say(line, size=size, colour=colour, width=column.width - 4, align=column.align)
            x += column.width
        self.set_xy(MARGIN, top + height)
        self.line_across()

    def _height(self, columns: Sequence[Column], row: Sequence[str]) -> float:
        heights = []
        for column, cell in zip(columns, row, strict=True):
            height = 4.0
            for i, line in enumerate(cell.split("\n")):
                size = 9.0 if i == 0 else 7.5
                self.set_font("Inter", "", size)
                lines: Any = self.multi_cell(
                    column.width - 4, size, drawable(line), dry_run=True, output="LINES", padding=0
                )
                height += max(1, len(lines)) * size * 0.3528 * LEADING
            heights.append(height)
        return max(heights)
