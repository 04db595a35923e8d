"""The real processes around a bench: gunicorn and the worker as `up` starts them, and the load client."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import psutil

from countermand.bench.ground import ROOT, Ground
from countermand.embedded import ports

START_SECONDS = 60
STOP_SECONDS = 25


@contextlib.contextmanager
def web(*, here: Ground, processes: int = 2) -> Iterator[tuple[int, psutil.Process]]:
    """This will serve the database with gunicorn as `up` runs it; gives the port and the first process."""
    port = ports.choose()
    command = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "config" / "gunicorn.py")]
    environment = {
        "COUNTERMAND_BIND": f"127.0.0.1:{port}",
        "COUNTERMAND_WEB_PROCESSES": str(processes),
        "COUNTERMAND_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "COUNTERMAND_POOL": "10",
        "COUNTERMAND_API_RATE": "0",
    }
    with _running(command, here, environment) as process:
        until = time.monotonic() + START_SECONDS
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("gunicorn did not start")
            time.sleep(0.05)
        yield port, psutil.Process(process.pid)


@contextlib.contextmanager
def worker(*, here: Ground) -> Iterator[psutil.Process]:
    """This will run one worker."""
    with _running([sys.executable, "-m", "countermand.cli", "worker"], here, {}) as process:
        yield psutil.Process(process.pid)


def compiled(*, here: Ground) -> Path:
    """This will compile the load client into the bench's folder."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        raise RuntimeError("The load client is written in C: apt-get install -y gcc libc6-dev")
    client = here.folder / "client"
    if not client.exists():
        source = Path(__file__).with_name("client.c")
        subprocess.run([compiler, "-O2", "-o", str(client), str(source)], check=True)
    return client


def post_all(
    *, here: Ground, port: int, clients: int, token: str, paths: Sequence[str], key: str, body: str
) -> dict[str, Any]:
    """This will post the body to each path once and give the client's counts and latencies."""
    command = [str(compiled(here=here)), str(port), str(clients), "600", token, key, body]
    done = subprocess.run(command, input="\n".join(paths), capture_output=True, text=True, check=True)
    counts: dict[str, Any] = json.loads(done.stdout)
    lost = len(paths) - counts["created"]
    if lost:
        raise RuntimeError(f"{lost} of {len(paths)} answers were not 201: {counts}")
    return counts


@contextlib.contextmanager
def _running(command: list[str], here: Ground, more: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        command, env=os.environ | more, cwd=here.folder, stdin=subprocess.DEVNULL, start_new_session=True
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
