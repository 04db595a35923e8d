"""From `countermand up` to its greeting, first and later, beside `pg_ctl start` on the very same database."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from countermand.bench.ground import Ground
from countermand.bench.report import Report
from countermand.embedded import binaries, home

TIMES = 5
STOP_SECONDS = 60
READY = "Countermand is at "


def run(here: Ground, scale: float) -> Report:
    """This will start a new folder once, then again some times, with pg_ctl in between; the demo shop only from
    scale 1 on."""
    report = Report("start")
    folder = here.folder / "started"
    with_shop = "--demo" if scale >= 1 else "--no-demo"
    later, database = [], []
    try:
        first = _up(folder, with_shop)
        for _ in range(max(1, int(TIMES * min(scale, 1.0)))):
            database.append(_pg_ctl(folder))
            later.append(_up(folder, with_shop))
    finally:
        # Where the server's account cannot go into our folder, its own stands elsewhere.
        shutil.rmtree((folder / "postgres").resolve(), ignore_errors=True)
    alone = median(database)
    with_us = median(later)
    report.row(start="first (makes the database" + (", the demo shop)" if scale >= 1 else ")"), seconds=first)
    report.row(start="later", seconds=with_us)
    report.row(start="pg_ctl start alone", seconds=alone)
    report.row(times_pg_ctl=with_us / alone, seconds_more=with_us - alone)
    report.goal("seconds more than pg_ctl start", reached=with_us - alone, wanted=5.0, most=True)
    return report


def _up(folder: Path, shop: str) -> float:
    command = [sys.executable, "-m", "countermand.cli", "up", "--data", str(folder), "--port", "0", shop]
    environment = {name: value for name, value in os.environ.items() if name not in _OURS}
    begun = time.perf_counter()
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        try:
            for line in process.stdout:
                if line.startswith(READY):
                    return time.perf_counter() - begun
            raise RuntimeError(f"countermand up did not start: {process.stderr.read()[-2000:]}")
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.communicate(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()  # its children die with it
                raise RuntimeError("countermand up did not stop when it was asked to") from None


# What the bench itself has set: `up` makes its own.
_OURS = ("DATABASE_URL", "COUNTERMAND_DATA", "COUNTERMAND_SECRET_KEY")


def _pg_ctl(folder: Path) -> float:
    place = home.find(folder=folder)
    if place is None:
        raise RuntimeError(f"no database in {folder}")
    program = [str(binaries.folder_for(account=place.account) / "pg_ctl"), "-D", str(place.cluster), "-w"]

    def call(words: Sequence[str]) -> None:
        subprocess.run(
            [*program, *words],
            check=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **place.account.popen_options(),
        )

    begun = time.perf_counter()
    call(["start"])
    taken = time.perf_counter() - begun
    call(["stop", "-m", "fast"])
    return taken
