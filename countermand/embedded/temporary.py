"""A throw-away server around one command, for tests: `python -m countermand.embedded FOLDER COMMAND…`."""

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from countermand.embedded import home, processes
from countermand.embedded.lock import hold, is_held
from countermand.embedded.server import Server

PREFIX = "postgres-"


def run_command(*, under: Path, command: list[str]) -> int:
    """This will run a command with DATABASE_URL naming a fresh server, and give the command's exit code.

    The server forgets on a power cut, and is removed after.
    """
    under.mkdir(parents=True, exist_ok=True)
    _clear_old(under)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=under))
    with hold(folder=folder):
        server = Server(folder=folder, durable=False)
        server.start()
        try:
            return _run(command, server.url)
        finally:
            server.stop()
            _remove(folder)


def _run(command: list[str], url: str) -> int:
    # The terminal sends Ctrl-C to the command too: wait for it to end by itself.
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url}, preexec_fn=_listen_again)
    stop = signal.signal(signal.SIGTERM, lambda number, frame: child.terminate())
    try:
        return child.wait()
    finally:
        signal.signal(signal.SIGINT, before)
        signal.signal(signal.SIGTERM, stop)


def _listen_again() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _clear_old(under: Path) -> None:
    """Runs that were killed leave their folder behind; those that still run hold its lock."""
    for old in under.glob(f"{PREFIX}*"):
        if not is_held(folder=old) and (old / "lock").exists():
            place = home.find(folder=old)
            if place is not None and (found := processes.find(cluster=place.cluster)):
                found.process.send_signal(signal.SIGQUIT)
                processes.wait_gone(process=found.process, seconds=10)
            _remove(old)


def _remove(folder: Path) -> None:
    shutil.rmtree((folder / "postgres").resolve(), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
