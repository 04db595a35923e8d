"""The formula guard: a spreadsheet must show what people typed, never run it.

A text that begins with = + - @ tab or CR gets an apostrophe in front on the way out and loses it on the way in.
A text that already begins with apostrophes before such a character gets one more, so that every text comes
back as it was.
"""

import re

_RISKY = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guarded(*, text: str) -> str:
    """This will make a text safe to open in a spreadsheet.

    Source: docs/decisions/0000, Security.
    """
    return "'" + text if _RISKY.match(text) else text


def unguarded(*, text: str) -> str:
    """This will take the guard off again: the opposite of `guarded`, for every text."""
    return text[1:] if _GUARDED.match(text) else text
