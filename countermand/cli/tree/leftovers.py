"""Processes that a killed `up` left behind: known by a variable that only children of `up` have."""

import contextlib
import os
from pathlib import Path

import psutil

MARK = "COUNTERMAND_CHILD_OF"
WAIT_SECONDS = 5


def end(*, folder: Path) -> list[int]:
    """This will end what still runs for a folder whose lock is ours, and give the pids."""
    left = [process for process in psutil.process_iter() if _belongs(process, folder)]
    for process in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.terminate()
    _, stubborn = psutil.wait_procs(left, timeout=WAIT_SECONDS)
    for process in stubborn:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(stubborn, timeout=WAIT_SECONDS)
    return [process.pid for process in left]


def _belongs(process: psutil.Process, folder: Path) -> bool:
    if process.pid == os.getpid():
        return False
    try:
        return bool(process.environ().get(MARK) == str(folder))
    except (psutil.Error, OSError):
        return False
