"""`countermand restore DIR`: a backup into an empty instance, with everything outgoing held.

Between the backup and now, money may have moved that the backup does not know of: nothing is sent
before it was looked up.
"""

import json
import os
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click
import psycopg

from countermand import embedded
from countermand.cli import restoring, tools
from countermand.cli.address import judge_address, without_password
from countermand.cli.away import told
from countermand.cli.backup import DUMP, MANIFEST
from countermand.cli.folder import KEY, chosen, data_option, holds_database, write_private
from countermand.cli.instance import Instance, leave, use

HOLD = "countermand.worker.after_restore"


@dataclass(frozen=True)
class Copy:
    """This will stand for a backup that was looked through: nothing of it is missing."""

    folder: Path
    taken_at: str
    key: str


@click.command()
@click.argument("source", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@data_option
def restore(*, source: Path, data: Path | None) -> None:
    """Read a backup into an empty instance; nothing is sent until it was looked up."""
    copy = _read(source)
    folder, _ = chosen(data=data)
    try:
        with embedded.hold(folder=folder) as lock:
            instance = _open(folder, lock)
            try:
                _restore(copy, instance)
            finally:
                leave(instance=instance)
    except embedded.EmbeddedError as refused:
        raise click.ClickException(str(refused)) from refused
    click.echo(f"Restored the backup of {copy.taken_at} into {folder}. Start it with `countermand up`.")


def _restore(copy: Copy, instance: Instance) -> None:
    # Chosen before anything is emptied or written: it also asks whether the server answers.
    pg_restore = tools.program(name="pg_restore", database_url=instance.database_url)
    if restoring.is_under_way(folder=instance.folder):
        # What an interrupted restore left is nobody's.
        _empty(instance.database_url)
    _refuse_unless_empty(instance)
    restoring.begin(folder=instance.folder)
    try:
        _fill(copy, instance, pg_restore)
    except click.ClickException as failed:
        raise click.ClickException(
            f"{failed.message}\n{restoring.what_to_do(folder=instance.folder)}, with a backup that is whole. "
            "Until then nothing starts there."
        ) from failed
    restoring.end(folder=instance.folder)


def _fill(copy: Copy, instance: Instance, pg_restore: Path) -> None:
    write_private(path=instance.folder / KEY, text=copy.key + "\n")
    options = ["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction", "--dbname="]
    tools.run(
        command=[str(pg_restore), *options, str(copy.folder / DUMP)], database_url=instance.database_url
    )
    use(instance=instance)
    from countermand.cli import schema

    with told(database_url=instance.database_url):
        schema.bring_up_to_date(say=click.echo)
        _hold_outgoing()


def _read(source: Path) -> Copy:
    try:
        manifest = json.loads((source / MANIFEST).read_text())
        taken_at, dump_bytes = str(manifest["taken_at"]), int(manifest["dump_bytes"])
    except (OSError, ValueError, TypeError, KeyError):
        raise click.ClickException(
            f"{source} is no finished backup: it has no readable {MANIFEST}."
        ) from None
    if not (source / DUMP).is_file() or not (source / KEY).is_file():
        raise click.ClickException(f"{source} is incomplete: {DUMP} or {KEY} is missing.")
    if (there := (source / DUMP).stat().st_size) != dump_bytes:
        raise click.ClickException(
            f"{source} is incomplete: {DUMP} has {there:,} bytes, and had {dump_bytes:,} when it was taken."
        )
    try:
        key = (source / KEY).read_text().strip()
    except (OSError, ValueError):
        key = ""
    if not key:
        raise click.ClickException(f"{source} is incomplete: its {KEY} cannot be read.")
    return Copy(folder=source, taken_at=taken_at, key=key)


def _open(folder: Path, lock: embedded.FolderLock) -> Instance:
    outside = os.environ.get("DATABASE_URL")
    if outside and not holds_database(folder=folder):
        return Instance(folder=folder, database_url=judge_address(database_url=outside))
    server = embedded.Server(folder=folder)
    server.start()
    return Instance(folder=folder, database_url=server.url, server=server, lock=lock)


def _refuse_unless_empty(instance: Instance) -> None:
    with psycopg.connect(instance.database_url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    if row and row[0]:
        raise click.ClickException(
            f"{without_password(database_url=instance.database_url)} is not empty: "
            "a restore never overwrites. Give a new folder with --data, or an empty database."
        )


def _empty(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("DROP SCHEMA IF EXISTS public CASCADE")
        connection.execute("CREATE SCHEMA public AUTHORIZATION pg_database_owner")


def _hold_outgoing() -> None:
    if find_spec(HOLD) is None:
        click.echo("Nothing is there that could hold what was about to be sent.", err=True)
        return
    held = import_module(HOLD).hold_outgoing()
    click.echo(f"Held until it was looked up: {held}")
