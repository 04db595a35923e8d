"""What loading orders and loading items have in common: one chunk, each of it judged by itself."""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from countermand.files.cancel_engines import goes_on
from countermand.files.row_results import RowRefused
from countermand.refusals import Refusal

_log = logging.getLogger(__name__)

# Writes entries as one transaction and says of each: True made, False there before, or refused.
Writing = Callable[[list[Any]], list[bool | Refusal]]


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one order or item; `row_number` is the first row that it stands in, or the one that is wrong."""

    row_number: int
    name: str
    state: Literal["done", "already_done", "refused", "error"]
    code: str = ""
    detail: str = ""
    field: str = ""


class Found(Protocol):
    """One order or item as it was read from a file; `place` says where a path in its body stands there."""

    @property
    def row_number(self) -> int: ...

    @property
    def name(self) -> str: ...

    def place(self, path: str, /) -> tuple[int, str]: ...


# Gives of one that was found what `Writing` takes, or raises a Refusal.
Read = Callable[[Any], Any]


def together(chunk: Sequence[Found | RowRefused], *, read: Read, write: Writing) -> Iterator[Imported]:
    """This will write the entries of a chunk together and yield what became of each, in their order."""
    readable: list[Any] = []
    results: list[Imported | Found] = []
    for found in chunk:
        if isinstance(found, RowRefused):
            results.append(
                Imported(found.row_number, found.name, "refused", found.code, found.detail, found.field)
            )
            continue
        try:
            readable.append(read(found))
        except Refusal as refusal:
            results.append(_refused(found, refusal))
        else:
            results.append(found)
    answers = iter(_written(readable, write))
    for result in results:
        if isinstance(result, Imported):
            yield result
            continue
        answer = next(answers)
        if isinstance(answer, Imported):
            yield Imported(result.row_number, result.name, answer.state, answer.code, answer.detail)
        elif isinstance(answer, Refusal):
            yield _refused(result, answer)
        else:
            yield Imported(result.row_number, result.name, "done" if answer else "already_done")


def _refused(found: Found, refusal: Refusal) -> Imported:
    row_number, field = found.place(refusal.field)
    # A terminal shows the sentence alone, so it says what it is about.
    detail = f"{field}: {refusal.detail}" if field else refusal.detail
    return Imported(row_number, found.name, "refused", refusal.code, detail, field)


def _written(entries: list[Any], write: Writing) -> Sequence[bool | Refusal | Imported]:
    if not entries:
        return []
    try:
        return write(entries)
    except Exception as error:
        if not goes_on(error):
            raise
        if len(entries) > 1:  # one odd entry must not hold up the others: each by itself
            return [answer for entry in entries for answer in _written([entry], write)]
        if isinstance(error, Refusal):
            return [error]
        _log.error("a row of a file broke: %s", error)
        return [Imported(0, "", "error", "internal", f"{type(error).__name__}: see the log")]
