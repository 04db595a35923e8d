"""Real instances for the fault tests: started, watched by polling, never by sleeping for a guess."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from countermand.embedded.parent import dies_with_it

ROOT = Path(__file__).resolve().parents[2]
# Room for a machine at half speed with other work: what is polled for ends as soon as it is there.
BOUND_SECONDS = 180


def until(condition: Callable[[], Any], *, seconds: float = BOUND_SECONDS, what: str = "") -> Any:
    """Polls until the condition holds and gives its value; fails after the bound."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {what or condition}")


@contextmanager
def new_folder() -> Iterator[Path]:
    """A data folder that the server's own account can reach, removed after."""
    (ROOT / "build").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="faults-", dir=ROOT / "build"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree((folder / "postgres").resolve(), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def environment(**more: str) -> dict[str, str]:
    """Ours, without what would lead a command to another instance."""
    ours = {
        k: v for k, v in os.environ.items() if not k.startswith(("COUNTERMAND_", "DATABASE_URL", "DJANGO_"))
    }
    return ours | {"PYTHONPATH": str(ROOT)} | more


def command(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Runs `countermand …` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "countermand.cli", *words],
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=BOUND_SECONDS,
        check=False,
    )


class Up:
    """One `countermand up` on a folder."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        self.log = folder.with_suffix(".log")
        words = [
            sys.executable,
            "-m",
            "countermand.cli",
            "up",
            "--data",
            str(folder),
            "--port",
            "0",
            "--no-demo",
        ]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*words, "--web", "1", *options],
                env=environment(),
                stdout=log,
                stderr=log,
                # Killed tests leave no instance behind.
                preexec_fn=dies_with_it(number=signal.SIGTERM),
            )

    def wait_ready(self) -> "Up":
        def stands() -> bool:
            assert self.process.poll() is None, self.said()
            with suppress(FileNotFoundError):
                # A killed predecessor's file may still be there.
                return self.pids["up"] == self.process.pid
            return False

        until(stands, seconds=300, what="run.json")
        return self

    @property
    def run(self) -> dict[str, Any]:
        return json.loads((self.folder / "run.json").read_text())

    @property
    def pids(self) -> dict[str, int]:
        return self.run["pids"]

    def family(self) -> list[psutil.Process]:
        ours = psutil.Process(self.process.pid)
        return [ours, *ours.children(recursive=True)]

    def said(self) -> str:
        return self.log.read_text(errors="replace")[-3000:]

    def end(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(BOUND_SECONDS)

    def clean(self) -> None:
        if self.process.poll() is None:
            self.end()
        self.log.unlink(missing_ok=True)


def gone(processes: list[psutil.Process]) -> bool:
    """No process of the list runs any more; a zombie waits only for its reader."""
    return not any(p.is_running() and _status(p) != psutil.STATUS_ZOMBIE for p in processes)


def _status(process: psutil.Process) -> str:
    try:
        return process.status()
    except psutil.NoSuchProcess:
        return psutil.STATUS_ZOMBIE
