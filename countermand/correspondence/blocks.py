"""A mail as a short list of blocks, and its plain text: both parts of a mail are made from the same blocks."""

import re
import textwrap
from typing import NamedTuple

WIDTH = 72
# Control characters, line and paragraph separators, and runs of spaces: one space instead.
_BREAKING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029 ]+")
# Marks that turn the reading direction could make a title say something else than it does.
_TURNING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Paragraph(NamedTuple):
    """Some sentences."""

    text: str


class Quote(NamedTuple):
    """What the merchant wrote, lines kept."""

    text: str


class Items(NamedTuple):
    """A title and one line per article: what it is, its reference, its amount ("" for none)."""

    title: str
    lines: tuple[tuple[str, str, str], ...]


class Sums(NamedTuple):
    """A title and amounts; the last row is the total."""

    title: str
    rows: tuple[tuple[str, str], ...]


Block = Paragraph | Quote | Items | Sums


def one_line(text: object, *, longest: int = 500) -> str:
    """This will make a name or title fit for a header: one line, no control or direction characters."""
    plain = _BREAKING.sub(" ", _TURNING.sub("", str(text or ""))).strip(" ")
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip() + "…"


def several_lines(text: str) -> str:
    """This will keep a text's line breaks and nothing else that is not to be read."""
    return "\n".join(one_line(line, longest=5000) for line in text.splitlines()).strip()


def as_text(blocks: list[Block]) -> str:
    """This will write blocks as plain text, at most 72 characters wide where words allow."""
    return "\n\n".join(_text(block) for block in blocks) + "\n"


def _wrap(text: str, indent: str = "", following: str | None = None) -> str:
    if len(indent) + len(text) <= WIDTH:
        return (indent + text).rstrip(" ")
    # No-break spaces hold an amount together: textwrap would break at them if it were told of all spaces.
    return textwrap.fill(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent if following is None else following,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _text(block: Block) -> str:
    if isinstance(block, Paragraph):
        return "\n".join(_wrap(line) for line in block.text.split("\n"))
    if isinstance(block, Quote):
        return "\n".join(_wrap(line, "  ") if line else "" for line in block.text.split("\n"))
    if isinstance(block, Items):
        lines = [
            _wrap(
                f"{what}{f' ({reference})' if reference else ''}{f', {amount}' if amount else ''}", "- ", "  "
            )
            for what, reference, amount in block.lines
        ]
        return "\n".join([block.title, *lines])
    return "\n".join([block.title, *(f"- {label} — {amount}" for label, amount in block.rows)])
