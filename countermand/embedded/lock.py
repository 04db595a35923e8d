"""One instance per data folder: a file lock that the kernel frees when its holder dies, however it dies."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from countermand.embedded.refusals import EmbeddedError, FolderInUse


class FolderLock:
    """This will keep every other process out of one data folder until it is released."""

    def __init__(self, *, folder: Path, handle: int) -> None:
        self.folder = folder
        self._handle: int | None = handle

    def release(self) -> None:
        """This will let the next process in; a second call does nothing."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> "FolderLock":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def hold(*, folder: Path) -> FolderLock:
    """This will take the lock of a data folder, making the folder when it is missing.

    Raises: FolderInUse, with the pid of the holder; EmbeddedError when we may not write there.
    """
    try:
        make_folder(folder=folder)
        # Python opens files close-on-exec: no child inherits the lock and outlives its parent with it.
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as refused:
        raise EmbeddedError(
            f"{folder} cannot be used ({refused.strerror}): start as its owner, or give another folder with --data."
        ) from refused
    if not _try(handle):
        holder = os.read(handle, 20).decode(errors="replace").strip() or "unknown"
        os.close(handle)
        raise FolderInUse(
            f"{folder} is already served by process {holder}. Stop it first, or give another folder with --data."
        ) from None
    os.ftruncate(handle, 0)
    os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
    return FolderLock(folder=folder, handle=handle)


def _try(handle: int) -> bool:
    # `is_held` takes the lock for an instant: that must not refuse anybody.
    for wait_seconds in (0.05, 0.2, None):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if wait_seconds:
                time.sleep(wait_seconds)
        else:
            return True
    return False


def is_held(*, folder: Path) -> bool:
    """This will tell whether an instance serves the folder now."""
    try:
        handle = os.open(folder / "lock", os.O_RDWR)
    except FileNotFoundError:
        return False
    except PermissionError as refused:
        raise EmbeddedError(f"{folder} belongs to another user ({refused.strerror}).") from refused
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def make_folder(*, folder: Path) -> None:
    """This will make the data folder, private to its owner.

    Root's folder can be walked through (not listed): the server's own account must reach its part of it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mode = folder.stat().st_mode & 0o777
    wanted = 0o711 if os.geteuid() == 0 else 0o700
    if folder.stat().st_uid == os.geteuid() and mode != wanted:
        folder.chmod(wanted)
