"""Where a bench runs: a database of its own, thrown away after, as durable as production."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg
from psycopg import sql as compose

from countermand import embedded

ROOT = Path(__file__).resolve().parents[2]
SHOWN = (
    "server_version",
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "wal_compression",
    "shared_buffers",
    "max_wal_size",
    "max_connections",
)


@dataclass(frozen=True)
class Ground:
    """A migrated, empty database. `folder` is for files of the bench; `server` is PostgreSQL's first process,
    None where it runs on another machine."""

    database_url: str
    folder: Path
    server: psutil.Process | None


@contextlib.contextmanager
def ground(*, database_url: str | None) -> Iterator[Ground]:
    """This will make a database on the given server, or on a throw-away embedded one, and remove it after.

    It points the settings at it and sets Django up: import models only inside.
    """
    under = ROOT / "build" if (ROOT / "pyproject.toml").exists() else Path(tempfile.gettempdir())
    under.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=under))
    try:
        with _server(database_url, folder) as address, _database(address) as own:
            _set_up(own, folder)
            try:
                yield Ground(database_url=own, folder=folder, server=_process(own))
            finally:
                _close()
    finally:
        shutil.rmtree((folder / "server" / "postgres").resolve(), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def settings(*, here: Ground) -> dict[str, str]:
    """This will list what the figures depend on: the server's settings, the machine, and what else runs on it."""
    with psycopg.connect(here.database_url) as connection:
        found = {name: str(connection.execute(f"SHOW {name}").fetchone()[0]) for name in SHOWN}  # type: ignore[index]
    load = os.getloadavg()
    return found | {
        "cores": str(psutil.cpu_count()),
        "load before": f"{load[0]:.2f}",
        "database": "on another machine" if here.server is None else _file_system(here.folder),
    }


@contextlib.contextmanager
def _server(database_url: str | None, folder: Path) -> Iterator[str]:
    if database_url:
        yield database_url
        return
    place = folder / "server"
    with embedded.hold(folder=place):
        server = embedded.Server(folder=place, durable=True)
        server.start()
        try:
            yield server.url
        finally:
            server.stop()


@contextlib.contextmanager
def _database(address: str) -> Iterator[str]:
    name = f"countermand_bench_{os.getpid()}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(compose.SQL("CREATE DATABASE {}").format(compose.Identifier(name)))
    try:
        yield urlunsplit(urlsplit(address)._replace(path=f"/{name}"))
    finally:
        _drop(address, name)


def _drop(address: str, name: str) -> None:
    statement = "DROP DATABASE IF EXISTS {}"
    with psycopg.connect(address, autocommit=True) as connection:
        try:
            connection.execute(compose.SQL(statement + " WITH (FORCE)").format(compose.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:
            # An autovacuum is no one's to end by force but the server's, which does so without it.
            connection.execute(compose.SQL(statement).format(compose.Identifier(name)))


def _set_up(database_url: str, folder: Path) -> None:
    os.environ |= {
        "DATABASE_URL": database_url,
        "COUNTERMAND_DATA": str(folder),
        "COUNTERMAND_SECRET_KEY": "only-for-a-bench",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
    }
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def _close() -> None:
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        close_pool = getattr(connection, "close_pool", None)
        if close_pool is not None:
            close_pool()


def _process(database_url: str) -> psutil.Process | None:
    if urlsplit(database_url).hostname not in ("127.0.0.1", "localhost", "::1"):
        return None
    with psycopg.connect(database_url) as connection:
        try:
            return psutil.Process(connection.info.backend_pid).parent()
        except psutil.Error:
            return None  # behind a forwarded port or in another container


def _file_system(folder: Path) -> str:
    mounts = [m for m in psutil.disk_partitions(all=True) if folder.is_relative_to(m.mountpoint)]
    return max(mounts, key=lambda m: len(m.mountpoint)).fstype if mounts else "unknown file system"
