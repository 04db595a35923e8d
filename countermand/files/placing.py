"""Putting a file in its place: as a whole or not at all, and never in the place of what is no file."""

import fcntl
import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_SUFFIX = ".part"


@contextmanager
def placed(*, path: Path) -> Iterator[IO[bytes]]:
    """This will write a file that appears under its name when the block ends well, and not at all when it does not.

    A half result beside a file would be taken for a whole one. A link stays and its target is written. What is there
    and is no regular file (a pipe, a device) is written into as it comes.
    """
    if _is_written_into(path):
        with path.open("wb") as straight:
            yield straight
        return
    path = path.resolve()
    _remove_leftovers(path)
    stream, name = _begun(path)
    with stream:
        try:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
            # Before it is closed: closing gives up the lock that says this run lives.
            os.replace(name, path)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(name)
            raise


def try_place(*, path: Path) -> None:
    """This will try whether a file can be put there, and leave nothing behind. Raises OSError where it cannot."""
    if path.is_dir():
        raise IsADirectoryError("it is a folder")
    if _is_written_into(path):
        if not os.access(path, os.W_OK):
            raise PermissionError("it may not be written to")
        return  # opening a pipe would wait for its reader
    stream, name = _begun(path.resolve())
    with stream:
        os.unlink(name)


def _is_written_into(path: Path) -> bool:
    # Not by its resolved name: /dev/stdout leads to one that no file has.
    return path.exists() and not stat.S_ISREG(path.stat().st_mode)


def _start(path: Path) -> str:
    return f".{path.name[:80]}."


def _begun(path: Path) -> tuple[IO[bytes], str]:
    # In the same folder, since a rename cannot cross file systems. mkstemp makes it mode 600: it holds orders.
    while True:
        handle, name = tempfile.mkstemp(prefix=_start(path), suffix=_SUFFIX, dir=path.parent)
        stream = os.fdopen(handle, "wb")
        with suppress(BlockingIOError):
            if _locked(handle) and os.path.exists(name):
                return stream, name
        # Somebody who cleans up came between making and locking it.
        stream.close()


def _remove_leftovers(path: Path) -> None:
    """What killed runs left of this name; a run that lives holds the lock of its own."""
    start = _start(path)
    for found in path.parent.iterdir():
        if not (found.name.startswith(start) and found.name.endswith(_SUFFIX)):
            continue
        if "." in found.name[len(start) : -len(_SUFFIX)]:
            continue  # of a longer name that begins as this one does
        # Another's, or gone meanwhile: then it is not ours to remove.
        with suppress(OSError), found.open("rb") as left:
            if _locked(left.fileno()):
                found.unlink()


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
