"""PostgreSQL's own programs, for backups: the right major version, and no password on a command line."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import click
import psycopg
from psycopg.conninfo import conninfo_to_dict

from countermand.cli.away import cannot_be_reached
from countermand.embedded import EmbeddedError, binaries

VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
}


def server_version(*, database_url: str) -> str:
    """This will ask the server its version, such as `18.4`.

    Raises: click.ClickException when it cannot be reached.
    """
    try:
        with psycopg.connect(database_url, connect_timeout=10) as connection:
            row = connection.execute("SHOW server_version").fetchone()
    except psycopg.OperationalError as refused:
        raise click.ClickException(cannot_be_reached(database_url=database_url, error=refused)) from refused
    return str(row[0]).split()[0] if row else "unknown"


def program(*, name: str, database_url: str) -> Path:
    """This will choose `pg_dump` or `pg_restore`: the system's when it is of the server's major, else our own.

    Ours reads older servers too, but has no TLS.
    Raises: click.ClickException when neither is new enough.
    """
    wanted = int(server_version(database_url=database_url).split(".")[0])
    on_path = shutil.which(name)
    if on_path and _major(Path(on_path)) == wanted:
        return Path(on_path)
    try:
        own = binaries.program(name=name)
    except EmbeddedError as missing:
        raise click.ClickException(str(missing)) from missing
    if wanted > binaries.MAJOR:
        raise click.ClickException(f"The server is PostgreSQL {wanted}: put its {name} on the PATH.")
    return own


def run(*, command: list[str], database_url: str) -> None:
    """This will run one of the programs on a database.

    Raises: click.ClickException with what it said.
    """
    parts = conninfo_to_dict(database_url)
    given = {variable: str(parts[name]) for name, variable in VARIABLES.items() if parts.get(name)}
    done = subprocess.run(command, env=os.environ | given, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise click.ClickException(f"{Path(command[0]).name} failed: {done.stderr.strip()[-2000:]}")


def _major(path: Path) -> int:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)", said)
    return int(found.group(1)) if found else 0
