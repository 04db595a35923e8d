"""JSON lines: one body of the API a line, plain or .gz; the door for what a sheet has no columns for."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from countermand.files.opening import MAX_UNPACKED_BYTES, content_digest, text_lines
from countermand.files.row_results import RowRefused
from countermand.json_objects import NamedTwice, each_once

# An escaped zero, not the six characters of one after a backslash of its own.
_ZERO = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


class _Unclear(ValueError):
    """What JSON as such may hold, or Python reads as it, and an order may not."""


@dataclass(frozen=True, slots=True)
class JsonLines:
    """A file of JSON lines that was read to its end once; iterate it as often as needed."""

    path: Path
    sha256: str
    row_count: int
    max_bytes: int

    def __iter__(self) -> Iterator[tuple[int, dict[str, Any]] | RowRefused]:
        for row_number, line in enumerate(text_lines(path=self.path, max_bytes=self.max_bytes), start=1):
            if line.strip():
                yield _body(row_number, line)


def open_json_lines(*, path: Path, max_bytes: int = MAX_UNPACKED_BYTES) -> JsonLines:
    """This will read a file of JSON lines to its end once; blank lines are counted and passed over.

    Raises `UnreadableFile`. A line that is no JSON object is refused alone, when it is its turn.
    """
    digest = content_digest()
    row_count = sum(1 for line in text_lines(path=path, digest=digest, max_bytes=max_bytes) if line.strip())
    return JsonLines(path, digest.hexdigest(), row_count, max_bytes)


def is_json_lines(*, path: Path) -> bool:
    """This will say whether a file is called .jsonl or .jsonl.gz."""
    return path.name.casefold().removesuffix(".gz").endswith(".jsonl")


def _body(row_number: int, line: str) -> tuple[int, dict[str, Any]] | RowRefused:
    try:
        body = json.loads(line, object_pairs_hook=each_once, parse_constant=_refuse_constant)
        # \u0000 and half surrogates are JSON but no text that can be kept.
        if "\\u" in line and not _can_be_kept(line, body):
            raise _Unclear("a text holds a zero or half a character")
    except (_Unclear, NamedTwice) as unclear:
        return RowRefused(row_number, "malformed_json", str(unclear))
    except (ValueError, RecursionError):  # told in Python's words, which say nothing to who sent the file
        return RowRefused(row_number, "malformed_json", "is no JSON object")
    if not isinstance(body, dict):
        return RowRefused(row_number, "malformed_json", "is no JSON object")
    return row_number, body


def _refuse_constant(name: str) -> None:
    raise _Unclear(f"{name} is no JSON")


def _can_be_kept(line: str, body: Any) -> bool:
    try:
        json.dumps(body, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return not _ZERO.search(line)
