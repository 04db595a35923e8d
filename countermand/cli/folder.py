"""The data folder of an instance: which one is meant, and what the command line keeps in it."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from countermand.embedded.lock import make_folder

ROOT = Path(__file__).resolve().parents[2]
KEY = "secret.key"


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


def holds_database(*, folder: Path) -> bool:
    """This will tell whether an embedded database was ever made in the folder, even one that is gone."""
    return os.path.lexists(folder / "postgres")


def known_key(*, folder: Path) -> str | None:
    """This will read the instance's secret key (COUNTERMAND_SECRET_KEY goes first), None when there is none."""
    if given := os.environ.get("COUNTERMAND_SECRET_KEY"):
        return given
    path = folder / KEY
    return (path.read_text().strip() or None) if path.is_file() else None


def lost_key(*, folder: Path) -> str | None:
    """This will say that the key of the folder's database is gone and what to do; None when all is well."""
    if not holds_database(folder=folder) or known_key(folder=folder):
        return None
    path = folder / KEY
    state = "empty" if path.is_file() else "no file" if path.exists() else "missing"
    return (
        f"{path} is {state}, and nobody can read what the database holds encrypted without it: "
        f"put {KEY} back from a backup, or set COUNTERMAND_SECRET_KEY. Nothing was changed."
    )


def refuse_lost_key(*, folder: Path) -> None:
    """This will refuse to work on a database whose key is gone.

    Raises: click.ClickException.
    """
    if said := lost_key(folder=folder):
        raise click.ClickException(said)


def make_key(*, folder: Path) -> str:
    """This will give the instance's secret key, made (mode 600) where no database was written with another.

    Raises: click.ClickException.
    """
    refuse_lost_key(folder=folder)
    if known := known_key(folder=folder):
        return known
    make_folder(folder=folder)
    made = secrets.token_urlsafe(48)
    write_private(path=folder / KEY, text=made + "\n")
    return made


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
