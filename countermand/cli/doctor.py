"""`countermand doctor`: what an owner wants to know on a bad day."""

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click

from countermand import __version__, embedded
from countermand.cli import restoring, run_file, tools
from countermand.cli.address import without_password
from countermand.cli.away import told
from countermand.cli.folder import KEY, chosen, data_option, known_key, lost_key
from countermand.cli.instance import Instance, find, leave, use

BACKLOG = "countermand.overview.backlog"
LEAST_FREE_BYTES = 1_000_000_000


@dataclass(frozen=True)
class Finding:
    """This will state one thing, and whether it is as it should be."""

    name: str
    text: str
    well: bool = True


@click.command()
@data_option
def doctor(*, data: Path | None) -> None:
    """Say what runs, how it is, and what is waiting; exit 1 when something is wrong."""
    wrong = False
    for finding in examine(data=data):
        wrong |= not finding.well
        click.echo(f"{'ok   ' if finding.well else 'WRONG'}  {finding.name:<11} {finding.text}")
    raise SystemExit(1 if wrong else 0)


def examine(*, data: Path | None) -> Iterator[Finding]:
    """This will look at everything, one finding after the other; a broken part does not hide the next."""
    folder, _ = chosen(data=data)
    yield Finding("versions", f"countermand {__version__}, Python {platform.python_version()}")
    yield _folder(folder)
    yield _key(folder)
    yield _disk(folder)
    yield from _processes(folder)
    try:
        instance = find(data=data, start=False, whole=False)
    except (click.ClickException, embedded.EmbeddedError) as refused:
        yield Finding("database", str(getattr(refused, "message", refused)), well=False)
        return
    yield from _database(instance)


def _folder(folder: Path) -> Finding:
    if restoring.is_under_way(folder=folder):
        return Finding("folder", restoring.what_to_do(folder=folder), well=False)
    return Finding("folder", str(folder))


def _key(folder: Path) -> Finding:
    if lost := lost_key(folder=folder):
        return Finding("key", lost, well=False)
    if os.environ.get("COUNTERMAND_SECRET_KEY"):
        return Finding("key", "from COUNTERMAND_SECRET_KEY")
    return Finding("key", str(folder / KEY) if known_key(folder=folder) else "none yet: `up` makes it")


def _disk(folder: Path) -> Finding:
    there = next(path for path in [folder, *folder.parents] if path.exists())
    free = shutil.disk_usage(there).free
    return Finding("disk", f"{free / 1e9:,.1f} GB free", well=free >= LEAST_FREE_BYTES)


def _processes(folder: Path) -> Iterator[Finding]:
    content = run_file.read(folder=folder)
    if content is None:
        broken = os.path.lexists(folder / run_file.NAME)
        text = "run.json cannot be read: start `up` anew" if broken else "no run.json: `up` does not run here"
        yield Finding("processes", text, well=not broken)
        return
    yield Finding("address", str(content.get("url")))
    for name, pid in content["pids"].items():
        if pid is None:
            yield Finding(name, "none asked for" if name != "web" else "not running")
        elif run_file.is_alive(pid=pid):
            yield Finding(name, f"alive, process {pid}")
        else:
            yield Finding(name, f"process {pid} is dead", well=False)


def _database(instance: Instance) -> Iterator[Finding]:
    address = without_password(database_url=instance.database_url)
    try:
        version = tools.server_version(database_url=instance.database_url)
    except click.ClickException as refused:
        yield Finding("database", refused.message, well=False)
        return
    yield Finding("database", f"{address}, PostgreSQL {version}")
    try:
        use(instance=instance)
        with told(database_url=instance.database_url):
            yield _schema()
            yield from _backlog()
    except (click.ClickException, SystemExit) as refused:
        yield Finding("application", str(getattr(refused, "message", refused)), well=False)
    finally:
        leave(instance=instance)


def _schema() -> Finding:
    from countermand.cli import schema

    names = schema.pending()
    text = f"{len(names)} migrations are waiting: `countermand migrate`" if names else "up to date"
    return Finding("schema", text, well=not names)


def _backlog() -> Iterator[Finding]:
    if find_spec(BACKLOG) is None:
        yield Finding("backlog", "unknown")
        return
    counts: dict[str, object] = import_module(BACKLOG).counts()
    for name, count in counts.items():
        yield Finding("backlog", f"{name}: {count}")
