"""A mark in the data folder while a restore is under way: a half-restored instance must not send anything."""

from pathlib import Path

import click

NAME = "restoring"


def begin(*, folder: Path) -> None:
    """This will set the mark."""
    (folder / NAME).touch(mode=0o600)


def end(*, folder: Path) -> None:
    """This will remove the mark."""
    (folder / NAME).unlink(missing_ok=True)


def is_under_way(*, folder: Path) -> bool:
    """This will tell whether a restore was begun and not finished."""
    return (folder / NAME).exists()


def refuse_half_restored(*, folder: Path) -> None:
    """This will refuse to work on a folder whose restore was cut short.

    Raises: click.ClickException.
    """
    if is_under_way(folder=folder):
        raise click.ClickException(f"{what_to_do(folder=folder)}.")


def what_to_do(*, folder: Path) -> str:
    """This will say what became of the folder and what to run."""
    return f"{folder} is half-restored, its restore was cut short: run `countermand restore BACKUP --data {folder}` again"
