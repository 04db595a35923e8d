"""Which server runs on a cluster now, and what is left of one that was killed."""

import contextlib
import signal
from dataclasses import dataclass
from pathlib import Path

import psutil

from countermand.embedded.refusals import EmbeddedError

LEFTOVERS_WAIT_SECONDS = 10


@dataclass(frozen=True)
class Running:
    """This will describe a live server: its process, its port, and whether it takes connections."""

    process: psutil.Process
    port: int
    ready: bool


def find(*, cluster: Path) -> Running | None:
    """This will find the live server of a cluster; a pid file that a dead one left is not believed."""
    try:
        lines = (cluster / "postmaster.pid").read_text().splitlines()
        process = psutil.Process(int(lines[0]))
    except (FileNotFoundError, IndexError, ValueError, psutil.NoSuchProcess):
        return None
    if not _serves(process, cluster):
        return None
    port = int(lines[3]) if len(lines) > 3 and lines[3].isdigit() else 0
    ready = len(lines) > 7 and lines[7].strip() == "ready"
    return Running(process=process, port=port, ready=ready and port > 0)


def clear_leftovers(*, cluster: Path) -> None:
    """This will end the orphans of a killed server and drop its pid file.

    PostgreSQL keeps the pid file as proof that nobody else writes; it is dropped only after proving that.
    Raises: EmbeddedError when one does not end.
    """
    left = _left(cluster)
    for number in (signal.SIGQUIT, signal.SIGKILL):
        # They end by themselves once they see that their server is gone: wait before each push.
        _, left = psutil.wait_procs(left, timeout=LEFTOVERS_WAIT_SECONDS / 2)
        for process in left:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.send_signal(number)
    _, left = psutil.wait_procs(left, timeout=LEFTOVERS_WAIT_SECONDS)
    if left:
        raise EmbeddedError(f"Processes {[p.pid for p in left]} of a killed server on {cluster} do not end.")
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def wait_gone(*, process: psutil.Process, seconds: float) -> bool:
    """This will wait for a process to end and tell whether it did; a zombie has ended."""
    _, alive = psutil.wait_procs([process], timeout=seconds)
    return not alive or not is_alive(process=process)


def is_alive(*, process: psutil.Process) -> bool:
    """This will tell whether a process still runs; its number may have passed to another, which is noticed."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _left(cluster: Path) -> list[psutil.Process]:
    return [p for p in psutil.process_iter(["name"]) if p.info["name"] == "postgres" and _serves(p, cluster)]


def _serves(process: psutil.Process, cluster: Path) -> bool:
    try:
        if process.status() == psutil.STATUS_ZOMBIE or process.name() != "postgres":
            return False
        # Every process of a server works in its cluster.
        return Path(process.cwd()) == cluster
    except psutil.AccessDenied:
        return _named_in_command(process, cluster)
    except psutil.NoSuchProcess:
        return False


def _named_in_command(process: psutil.Process, cluster: Path) -> bool:
    try:
        return str(cluster) in process.cmdline()
    except psutil.Error:
        return False
