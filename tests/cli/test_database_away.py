"""A database that is away or wrongly named: one line, exit 1, no traceback and no password."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.running import command, environment

pytestmark = pytest.mark.faults

NOBODY = "postgresql://desk:sesame@127.0.0.1:1/desk"
ROWS = "order_number,reason\nA-1,customer_request\n"


def one_line(said: subprocess.CompletedProcess[str], *, says: str) -> None:
    assert said.returncode == 1, said.stderr
    assert "Traceback" not in said.stdout + said.stderr
    assert "sesame" not in said.stdout + said.stderr
    assert says in said.stderr
    assert said.stderr.startswith("Error: ") and said.stderr.count("\n") == 1, said.stderr


def words_of(name: str, place: Path) -> list[str]:
    (place / "rows.csv").write_text(ROWS)
    return {
        "audit": ["audit"],
        "migrate": ["migrate"],
        "cancel": ["cancel", "--file", str(place / "rows.csv")],
        "merchant": ["merchant", "add", "m", "--name", "M"],
        "backup": ["backup", str(place / "copy")],
        "restore": ["restore", str(a_backup(place)), "--data", str(place / "data")],
        "bench": ["bench", "plan"],
    }[name]


def a_backup(place: Path) -> Path:
    folder = place / "taken"
    folder.mkdir()
    (folder / "manifest.json").write_text('{"taken_at": "2026-11-01T00:00:00+00:00", "dump_bytes": 5}')
    (folder / "secret.key").write_text("key\n")
    (folder / "database.dump").write_bytes(b"PGDMP")
    return folder


@pytest.mark.parametrize("name", ["audit", "migrate", "cancel", "merchant", "backup", "restore", "bench"])
def test_a_database_that_does_not_answer_is_told_in_one_line(name: str, tmp_path: Path) -> None:
    said = command(*words_of(name, tmp_path), DATABASE_URL=NOBODY, COUNTERMAND_SECRET_KEY="x")
    one_line(said, says="cannot be reached")
    assert not (tmp_path / "data" / "restoring").exists()


def test_up_on_a_database_that_does_not_answer_says_why(tmp_path: Path) -> None:
    said = command("up", "--port", "0", "--data", str(tmp_path / "data"), DATABASE_URL=NOBODY)
    assert said.returncode == 1
    assert "cannot be reached" in said.stderr
    assert "Traceback" not in said.stderr and "sesame" not in said.stderr


@pytest.mark.parametrize("name", ["audit", "backup", "restore", "bench"])
@pytest.mark.parametrize("url", ["foo", "mysql://desk:sesame@127.0.0.1/desk"])
def test_an_address_that_is_none_of_postgresql_is_refused_at_once(
    name: str, url: str, tmp_path: Path
) -> None:
    said = command(*words_of(name, tmp_path), DATABASE_URL=url, COUNTERMAND_SECRET_KEY="x")
    one_line(said, says="only postgresql://")


@pytest.mark.parametrize("url", ["foo", "mysql://desk:sesame@127.0.0.1/desk"])
def test_up_refuses_it_before_it_makes_anything(url: str, tmp_path: Path) -> None:
    said = command("up", "--port", "0", "--data", str(tmp_path / "data"), DATABASE_URL=url)
    one_line(said, says="only postgresql://")
    assert not (tmp_path / "data" / "secret.key").exists()


@pytest.mark.parametrize(
    "url", ["postgresql://desk:ses/same@127.0.0.1/desk", "postgresql://desk:sesame@127.0.0.1:port/desk"]
)
def test_an_address_that_cannot_be_read_is_not_shown(url: str) -> None:
    said = command("audit", DATABASE_URL=url, COUNTERMAND_SECRET_KEY="x")
    one_line(said, says="DATABASE_URL cannot be read")
    assert "same" not in said.stderr


@pytest.mark.parametrize(
    ("url", "says"), [(NOBODY, "cannot be reached"), ("foo", "only postgresql://"), ("mysql://a/b", "only")]
)
def test_doctor_says_it_among_the_rest(url: str, says: str) -> None:
    said = command("doctor", DATABASE_URL=url, COUNTERMAND_SECRET_KEY="x")
    assert said.returncode == 1 and not said.stderr
    assert "sesame" not in said.stdout
    [line] = [line for line in said.stdout.splitlines() if line.startswith("WRONG")]
    assert "database" in line and says in line


DIES = """
import click
from countermand.cli.instance import with_instance

@click.command()
@with_instance
def dies():
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

dies()
"""


def test_a_database_that_goes_away_meanwhile_is_told_with_what_to_do() -> None:
    outside = {"DATABASE_URL": os.environ["DATABASE_URL"], "COUNTERMAND_SECRET_KEY": "x"}
    said = subprocess.run(
        [sys.executable, "-c", DIES],
        env=environment(**outside),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    one_line(said, says="The database went away. Nothing is lost: run the same command again.")
