"""`DIR/run.json`: what runs now, for the other commands and for scripts. Mode 600: it holds passwords."""

import json
from pathlib import Path
from typing import Any

import click
import psutil

from countermand.cli.folder import write_private
from countermand.embedded.lock import is_held

NAME = "run.json"
MOST_PID = 2**31 - 1


def write(*, folder: Path, content: dict[str, Any]) -> None:
    """This will write the file in one step."""
    write_private(path=folder / NAME, text=json.dumps(content, indent=2) + "\n")


def remove(*, folder: Path) -> None:
    """This will remove the file; it is there only while the instance runs."""
    try:
        (folder / NAME).unlink(missing_ok=True)
    except IsADirectoryError:
        raise click.ClickException(f"{folder / NAME} is a folder where a file belongs: remove it.") from None


def read(*, folder: Path) -> dict[str, Any] | None:
    """This will read the file, None when there is none or it is broken."""
    try:
        content = json.loads((folder / NAME).read_text())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and _names_processes(content.get("pids")) else None


def _names_processes(pids: Any) -> bool:
    return isinstance(pids, dict) and all(
        pid is None or (type(pid) is int and 0 < pid <= MOST_PID) for pid in pids.values()
    )


def read_live(*, folder: Path) -> dict[str, Any] | None:
    """This will read the file of an instance that runs; one that a killed `up` left is not believed."""
    content = read(folder=folder)
    if content is None or not is_held(folder=folder):
        return None
    # Another command may hold the lock for a moment; after a reboot another program may have the number.
    return content if is_alive(pid=content["pids"].get("up")) else None


def is_alive(*, pid: int | None) -> bool:
    """This will tell whether a process runs; a zombie does not."""
    if not pid:
        return False
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False
