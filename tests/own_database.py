"""The database that one pytest process works in: a copy of one that was migrated once.

Migrating takes ten seconds, copying less than one; both cores' processes and every later run copy the
same template, named after what the migrations say.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

ROOT = Path(__file__).parents[1]
LOCK = 0x74657374  # "test": whoever makes the template holds it


@contextmanager
def own_database() -> Iterator[None]:
    """This will give the process a database of its own and drop it at the end."""
    settings = connection.settings_dict
    worker = os.environ.get("PYTEST_XDIST_WORKER", "") or str(os.getpid())
    home, name = settings["NAME"], f"test_{settings['NAME']}_{worker}"
    with _server(settings) as server:
        template = _template(server, settings)
        server.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))
        server.execute(_named("CREATE DATABASE {} TEMPLATE {}", name, template))
    connection.close()
    settings["NAME"] = name
    try:
        yield
    finally:
        _leave(settings)
        settings["NAME"] = home
        with _server(settings) as server:
            server.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


def _template(server: "psycopg.Connection[Any]", settings: dict[str, Any]) -> str:
    """The migrated database to copy; made by the first who comes, the others wait for it."""
    made_of = [*ROOT.glob("countermand/**/migrations/*.py"), ROOT / "requirements.lock"]
    digest = sha256(b"".join(path.name.encode() + path.read_bytes() for path in sorted(made_of))).hexdigest()
    template = f"migrated_{digest[:16]}"
    server.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
    try:
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", (template,)).fetchone()
        if found is None:
            _make(server, settings, template)
    finally:
        server.execute("SELECT pg_advisory_unlock(%s)", (LOCK,))
    return template


def _make(server: "psycopg.Connection[Any]", settings: dict[str, Any], template: str) -> None:
    from django.core.management import call_command

    # Made under another name: a template that was not finished is none.
    half = f"{template}_half"
    server.execute(_named("DROP DATABASE IF EXISTS {} WITH (FORCE)", half))
    server.execute(_named("CREATE DATABASE {}", half))
    home = settings["NAME"]
    settings["NAME"] = half
    connection.close()
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        _leave(settings)
        settings["NAME"] = home
    server.execute(_named("ALTER DATABASE {} RENAME TO {}", half, template))


def _leave(settings: dict[str, Any]) -> None:
    connection.close()
    if connection.pool:
        connection.close_pool()


@contextmanager
def _server(settings: dict[str, Any]) -> Iterator["psycopg.Connection[Any]"]:
    """Autocommit, on the database that is always there."""
    with psycopg.connect(
        host=settings["HOST"],
        port=settings["PORT"],
        user=settings["USER"],
        password=settings["PASSWORD"],
        dbname="postgres",
        autocommit=True,
    ) as server:
        yield server


def _named(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*(sql.Identifier(name) for name in names))  # type: ignore[arg-type]
