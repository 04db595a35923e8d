"""Work in a process of its own: its time without the start, and its peak of memory without anybody else's."""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from countermand.bench.ground import Ground


class Done(NamedTuple):
    """What a piece of work took and said."""

    seconds: float
    peak_mb: float
    answer: Any


def run(*, here: Ground, work: str, environment: Mapping[str, str] | None = None, **given: Any) -> Done:
    """This will call `module:function` with these (JSON) arguments in a new process, Django set up."""
    done = subprocess.run(
        [sys.executable, "-m", "countermand.bench.apart", work, json.dumps(given)],
        env=os.environ | dict(environment or {}),
        cwd=here.folder,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Done(*json.loads(done.stdout.splitlines()[-1]))


def _peak_mb() -> float:
    # Linux counts what the parent held before exec in ru_maxrss; VmHWM is this program's own.
    try:
        [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line[:6] == "VmHWM:"]
        return int(line.split()[1]) / 1024
    except (OSError, ValueError):
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most / (1024**2 if sys.platform == "darwin" else 1024)


def _main() -> None:
    import django

    django.setup()
    from django.db import connection

    module, name = sys.argv[1].split(":")
    function = getattr(import_module(module), name)
    connection.ensure_connection()
    begun = time.perf_counter()
    answer = function(**json.loads(sys.argv[2]))
    sys.stdout.write(json.dumps([time.perf_counter() - begun, _peak_mb(), answer]) + "\n")


if __name__ == "__main__":
    _main()
