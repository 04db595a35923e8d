"""The data folder of an instance: which one is meant, and what the command line keeps in it."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from countermand.embedded.lock import make_folder

ROOT = Path(__file__).resolve().parents[2]


def data_option(function: Callable[..., Any]) -> Callable[..., Any]:
    """This will give a command the option `--data DIR`."""
    return click.option(
        "--data",
        type=click.Path(path_type=Path, file_okay=False),
        help="Data folder of the instance (default: COUNTERMAND_DATA, else `data` in the checkout).",
    )(function)


def chosen(*, data: Path | None) -> tuple[Path, bool]:
    """This will give the data folder that is meant, and whether somebody named it."""
    named = data or (Path(value) if (value := os.environ.get("COUNTERMAND_DATA")) else None)
    if named is not None:
        return named.absolute(), True
    # An installed package has no checkout around it: then the folder is where we stand.
    base = ROOT if (ROOT / "pyproject.toml").exists() else Path.cwd()
    return base / "data", False


def secret_key(*, folder: Path, make: bool) -> str | None:
    """This will read the instance's secret key (COUNTERMAND_SECRET_KEY goes first), or make it (mode 600)."""
    if given := os.environ.get("COUNTERMAND_SECRET_KEY"):
        return given
    path = folder / "secret.key"
    if path.exists():
        return path.read_text().strip()
    if not make:
        return None
    make_folder(folder=folder)
    write_private(path=path, text=secrets.token_urlsafe(48) + "\n")
    return path.read_text().strip()


def write_private(*, path: Path, text: str) -> None:
    """This will replace a file in one step; nobody but its owner ever reads it, and nobody reads half of it."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.rename(path)
