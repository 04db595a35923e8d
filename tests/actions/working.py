"""Worker processes as the tests start them: on the test's own database, with their words kept."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from countermand import sql
from countermand.faults import KILLED

ROOT = Path(__file__).resolve().parent.parent.parent
LONGEST_SECONDS = 120.0  # only what has failed waits so long
DOOMED = "countermand doomed"
SESSIONS = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s"
RUN = "import django; django.setup(); from countermand.worker.main import run; run()"


def environment(**others: str) -> dict[str, str]:
    """This will give the variables of a process of ours on the test's database."""
    known = connection.settings_dict
    server = f"{known['HOST'] or '127.0.0.1'}:{known['PORT'] or 5432}"
    password = f":{known['PASSWORD']}" if known["PASSWORD"] else ""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("COUNTERMAND_")},
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"postgresql://{known['USER']}{password}@{server}/{known['NAME']}",
        "COUNTERMAND_SECRET_KEY": "only-for-tests",
        "PYTHONPATH": str(ROOT),
        **others,
    }


def until(true: Callable[[], Any], *, what: str, seconds: float = LONGEST_SECONDS) -> Any:
    """This will ask again and again until the answer is yes, and give it; after a while the test has failed."""
    last = time.monotonic() + seconds
    while not (answer := true()):
        assert time.monotonic() < last, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.02)
    return answer


def ended(code: str, **others: str) -> int:
    """This will run Python to its end on the test's database, and give its exit code."""
    return subprocess.run(
        [sys.executable, "-c", code], env=environment(**others), cwd=ROOT, check=False
    ).returncode


def killed(code: str, **others: str) -> None:
    """This will run Python that dies by our own kill, until the server has ended its sessions as well.

    A session notices a moment later, and holds its rows' locks until then: whoever drains in between would
    rightly pass them over.
    """
    assert ended(code, PGAPPNAME=DOOMED, **others) == KILLED
    until(lambda: not sql.tuples(SESSIONS, [DOOMED]), what="the end of a killed process's sessions")


class Running:
    """A worker process and what it said."""

    def __init__(self, log: Path, **others: str) -> None:
        self.log = log
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", RUN], env=environment(**others), stdout=out, stderr=out, cwd=ROOT
            )

    def said(self) -> str:
        return self.log.read_text()

    def stop(self) -> int:
        """This will ask it to end and give its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(LONGEST_SECONDS)


@contextmanager
def working(log: Path, **others: str) -> Iterator[Running]:
    """This will run a worker meanwhile; it is killed if it is still there afterwards."""
    worker = Running(log, **others)
    try:
        until(lambda: "worker: ready" in worker.said() or worker.process.poll() is not None, what="a worker")
        assert worker.process.poll() is None, worker.said()
        yield worker
    finally:
        if worker.process.poll() is None:
            worker.process.kill()
            worker.process.wait()
