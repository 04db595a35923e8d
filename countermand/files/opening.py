"""Opening a file as people send it: plain or gzip, UTF-8 or a refusal that says what is wrong and where.

Everything here streams: a file of any length costs the memory of its longest line.
"""

import gzip
import hashlib
import io
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

MAX_UNPACKED_BYTES = 1024**3
MAX_LINE_BYTES = 10 * 1024**2  # the API takes no larger body either

_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"  # what an .xlsx or .ods begins with
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class UnreadableFile(Exception):
    """The file as a whole cannot be read (exit code 1); nothing of it was handed on before inspection ended.

    `row_number` counts as a spreadsheet does: the header is row 1. None where no single row is to blame.
    """

    def __init__(self, code: str, detail: str, *, row_number: int | None = None):
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.row_number = row_number


class Digest(Protocol):
    """What a hash of hashlib can do."""

    def update(self, data: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


def content_digest() -> Digest:
    """This will give the hash that names a file's content (of the unpacked bytes: a file and its .gz are the same)."""
    return hashlib.sha256()


@contextmanager
def opened(*, path: Path) -> Iterator[io.BufferedReader]:
    """This will open a file for reading bytes, unpacking gzip by what it is, not by what it is called.

    Raises `UnreadableFile`: `file_missing`, `file_is_folder`, `file_not_seekable`, `file_unreadable`, `file_empty`,
    `not_a_text_file`, `broken_archive`.
    """
    try:
        _refuse_what_is_no_file(path)
        with path.open("rb") as plain:
            start = plain.read(4)
            plain.seek(0)
            if start.startswith(_GZIP):
                # BufferedReader around it: its readline runs in C, GzipFile's does not.
                with (
                    gzip.GzipFile(fileobj=plain) as packed,
                    io.BufferedReader(_raw(packed), 1 << 18) as stream,
                ):
                    _refuse_what_is_no_text(stream.peek(4)[:4])
                    yield stream
            else:
                _refuse_what_is_no_text(start)
                yield plain
    except (gzip.BadGzipFile, zlib.error, EOFError) as broken:
        raise UnreadableFile("broken_archive", f"the .gz is damaged or cut off ({broken})") from broken
    except FileNotFoundError as missing:
        raise UnreadableFile("file_missing", "there is no such file") from missing
    except OSError as broken:
        raise UnreadableFile("file_unreadable", f"it cannot be read: {broken.strerror or broken}") from broken


def _refuse_what_is_no_file(path: Path) -> None:
    # Asked before it is opened: opening a pipe waits for whoever writes into it.
    is_stdin = path == Path("-") and not path.exists()
    mode = stat.S_IFIFO if is_stdin else path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise UnreadableFile("file_is_folder", "it is a folder: name a file in it")
    if not stat.S_ISREG(mode):
        what = "a pipe" if stat.S_ISFIFO(mode) else "a device"
        raise UnreadableFile("file_not_seekable", f"{what} cannot be read twice: save it as a file first")


def _raw(packed: gzip.GzipFile) -> Any:
    return packed  # typed as no RawIOBase, though it has all that BufferedReader asks for


def _refuse_what_is_no_text(start: bytes) -> None:
    if not start:
        raise UnreadableFile("file_empty", "the file is empty")
    if start.startswith((_ZIP, _OLD_EXCEL)):
        raise UnreadableFile(
            "not_a_text_file", "this is a workbook; save the sheet as “CSV UTF-8” and send that"
        )
    if start.startswith(_UTF16):
        raise UnreadableFile("wrong_encoding", "the file is UTF-16; save it as “CSV UTF-8”", row_number=1)


def text_lines(
    *, path: Path, digest: Digest | None = None, max_bytes: int = MAX_UNPACKED_BYTES
) -> Iterator[str]:
    """This will yield a file's lines as text, with their line ends, a byte order mark taken off.

    `digest` is fed the bytes on the way. Raises `UnreadableFile` as `opened` does, and `wrong_encoding`,
    `file_too_large`, `line_too_long`, naming the line.
    """
    with opened(path=path) as stream:
        number = unpacked = 0
        while line := stream.readline(MAX_LINE_BYTES + 1):
            number += 1
            unpacked += len(line)
            if unpacked > max_bytes:
                raise UnreadableFile(
                    "file_too_large",
                    f"more than {max_bytes} bytes when unpacked; send it in parts",
                    row_number=number,
                )
            if len(line) > MAX_LINE_BYTES:
                raise UnreadableFile(
                    "line_too_long", f"line {number} is longer than {MAX_LINE_BYTES} bytes", row_number=number
                )
            if digest is not None:
                digest.update(line)
            if number == 1 or b"\x00" in line:
                yield _decoded(line, number)
                continue
            try:  # in place: a call a line is a tenth of reading a file
                text = line.decode()
            except UnicodeDecodeError:
                text = _decoded(line, number)
            yield text


def _decoded(line: bytes, number: int) -> str:
    if b"\x00" in line:
        raise UnreadableFile(
            "wrong_encoding",
            f"line {number} holds a zero byte: no UTF-8 text; save it as “CSV UTF-8”",
            row_number=number,
        )
    try:
        return line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as broken:
        byte = line[broken.start]
        raise UnreadableFile(
            "wrong_encoding",
            f"line {number} is not UTF-8 (byte 0x{byte:02X} at place {broken.start + 1}), "
            "perhaps Latin-1 or Windows-1252; save it as “CSV UTF-8”",
            row_number=number,
        ) from broken
