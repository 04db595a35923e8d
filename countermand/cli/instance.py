"""Which instance a command works on, and Django set up for it.

A folder that was named (`--data`, COUNTERMAND_DATA) goes before DATABASE_URL, which goes before the
default folder. An embedded database that does not run is started for the length of the command.
"""

import functools
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from countermand import embedded
from countermand.cli import run_file
from countermand.cli.address import judge_address
from countermand.cli.away import told
from countermand.cli.folder import chosen, data_option, holds_database, known_key, refuse_lost_key
from countermand.cli.restoring import refuse_half_restored
from countermand.cli.tree import leftovers
from countermand.embedded.lock import is_held

STARTING_WAIT_SECONDS = 60


@dataclass
class Instance:
    """This will say where one instance keeps its things and how to reach it."""

    folder: Path
    database_url: str
    run: dict[str, Any] | None = None
    server: embedded.Server | None = None
    lock: embedded.FolderLock | None = None

    def environment(self) -> dict[str, str]:
        """This will give the variables that the settings read."""
        variables = {"DATABASE_URL": self.database_url, "COUNTERMAND_DATA": str(self.folder)}
        # A database that runs elsewhere may be reached without ever having had a folder here.
        if key := known_key(folder=self.folder):
            variables["COUNTERMAND_SECRET_KEY"] = key
        if self.run and "COUNTERMAND_PUBLIC_URL" not in os.environ:
            variables["COUNTERMAND_PUBLIC_URL"] = str(self.run.get("url", ""))
        return variables

    def close(self) -> None:
        """This will stop the database if it was started for one command."""
        if self.server is not None:
            self.server.stop()
        if self.lock is not None:
            self.lock.release()


def find(*, data: Path | None, start: bool = True, whole: bool = True) -> Instance:
    """This will find the instance that is meant; with `start` it starts its embedded database if need be.

    `whole=False` is for looking at one that is half-restored or whose key is lost.
    Raises: click.ClickException that says what to do.
    """
    try:
        return _find(data, start, whole)
    except embedded.EmbeddedError as refused:
        raise click.ClickException(str(refused)) from refused


def _find(data: Path | None, start: bool, whole: bool) -> Instance:
    folder, named = chosen(data=data)
    outside = os.environ.get("DATABASE_URL")
    if outside and os.environ.get(leftovers.MARK) == str(folder):
        # Below `up`, which writes run.json only when everybody stands.
        return Instance(folder=folder, database_url=outside)
    if outside:
        judge_address(database_url=outside)
    if outside and not named:
        if whole and not holds_database(folder=folder):
            # Else the mark is about the database in the folder, which is not the one that is meant.
            refuse_half_restored(folder=folder)
        return Instance(folder=folder, database_url=outside, run=run_file.read_live(folder=folder))
    run = _running(folder)
    if whole:
        refuse_half_restored(folder=folder)
        refuse_lost_key(folder=folder)
    if run is not None:
        return Instance(folder=folder, database_url=str(run["database_url"]), run=run)
    if holds_database(folder=folder):
        return _embedded(folder, start)
    if outside:
        return Instance(folder=folder, database_url=outside)
    raise click.ClickException(
        f"There is no instance in {folder}: start one with `countermand up --data {folder}`, "
        "name another folder with --data, or set DATABASE_URL."
    )


def with_instance(function: Callable[..., Any]) -> Callable[..., Any]:
    """This will give a command the option `--data`, find its instance and set Django up before it runs.

    The command may then import models and verbs in its body. Below `@click.command()`.
    """

    @data_option
    @functools.wraps(function)
    def wrapper(*args: Any, data: Path | None, **kwargs: Any) -> Any:
        found = find(data=data)
        try:
            use(instance=found)
            with told(database_url=found.database_url):
                return function(*args, **kwargs)
        finally:
            leave(instance=found)

    return wrapper


def use(*, instance: Instance) -> None:
    """This will point the settings at an instance and set Django up."""
    os.environ.update(instance.environment())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()


def leave(*, instance: Instance) -> None:
    """This will close the database connections and stop what was started for the command."""
    from django.conf import settings

    if settings.configured:
        from django.db import connections

        for connection in connections.all(initialized_only=True):
            connection.close()
            close_pool = getattr(connection, "close_pool", None)
            if close_pool is not None:
                close_pool()
    instance.close()


def _running(folder: Path) -> dict[str, Any] | None:
    """An instance that is still starting is waited for."""
    until = time.monotonic() + STARTING_WAIT_SECONDS
    while time.monotonic() < until:
        if (run := run_file.read_live(folder=folder)) is not None:
            return run
        if not is_held(folder=folder):
            return None
        time.sleep(0.1)
    return None


def _embedded(folder: Path, start: bool) -> Instance:
    if not start:
        address = embedded.running_address(folder=folder)
        if address is None:
            raise click.ClickException(f"{folder} is not running: `countermand up --data {folder}`.")
        return Instance(folder=folder, database_url=address)
    lock = embedded.hold(folder=folder)
    server = embedded.Server(folder=folder)
    try:
        server.start()
    except BaseException:
        lock.release()
        raise
    return Instance(folder=folder, database_url=server.url, server=server, lock=lock)
