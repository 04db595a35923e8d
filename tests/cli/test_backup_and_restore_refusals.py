"""`backup` and `restore` where something is not as it should be: one line, and nothing left behind."""

import json
import os
from pathlib import Path

import psycopg
import pytest

from tests.faults.running import command, new_folder

pytestmark = pytest.mark.faults

NOBODY = "postgresql://desk:sesame@127.0.0.1:1/desk"


def refused(*words: str, says: str, **more: str) -> str:
    said = command(*words, COUNTERMAND_SECRET_KEY="x", **more)
    assert said.returncode == 1, said.stderr
    assert "Traceback" not in said.stderr and "sesame" not in said.stderr
    assert says in said.stderr
    return said.stderr


def there() -> str:
    return os.environ["DATABASE_URL"]


def a_backup(place: Path, **manifest: object) -> Path:
    """A backup whose files are all there; its dump is no dump."""
    folder = place / "taken"
    folder.mkdir()
    content = {"taken_at": "2026-11-01T00:00:00+00:00", "dump_bytes": 5, **manifest}
    (folder / "manifest.json").write_text(json.dumps(content))
    (folder / "secret.key").write_text("key\n")
    (folder / "database.dump").write_bytes(b"PGDMP")
    return folder


def test_a_backup_goes_to_no_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused("backup", str(tmp_path / "file" / "copy"), says="copy cannot be", DATABASE_URL=there())


def test_a_backup_that_failed_does_not_stand_in_the_way_of_the_next(tmp_path: Path) -> None:
    target, programs = tmp_path / "copy", tmp_path / "bin"
    programs.mkdir()
    with psycopg.connect(there()) as connection:
        major = connection.info.server_version // 10_000
    dies = programs / "pg_dump"
    dies.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump (PostgreSQL) {major}.0" && exit\n'
        'for word; do case "$word" in --file=*) echo half > "${word#--file=}";; esac; done\n'
        'echo "No space left on device" >&2; exit 1\n'
    )
    dies.chmod(0o755)
    path = f"{programs}:{os.environ['PATH']}"
    for _ in range(2):
        refused("backup", str(target), says="No space left", DATABASE_URL=there(), PATH=path)
    assert not target.exists()
    target.mkdir()
    refused("backup", str(target), says="No space left", DATABASE_URL=there(), PATH=path)
    assert list(target.iterdir()) == [], "the folder was there before"


def test_what_is_in_the_way_stays(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text("another backup")
    refused("backup", str(tmp_path), says="not empty", DATABASE_URL=NOBODY)
    assert (tmp_path / "manifest.json").read_text() == "another backup"


@pytest.mark.parametrize("manifest", ["[]", "{}", "no", '{"taken_at": "2026", "dump_bytes": null}'])
def test_a_manifest_that_is_none_is_refused_before_anything_is_restored(
    manifest: str, tmp_path: Path
) -> None:
    source = a_backup(tmp_path)
    (source / "manifest.json").write_text(manifest)
    refused("restore", str(source), "--data", str(tmp_path / "data"), says="no finished backup")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("name", ["secret.key", "database.dump"])
def test_a_folder_in_place_of_a_file_is_refused_before_anything_is_restored(
    name: str, tmp_path: Path
) -> None:
    source = a_backup(tmp_path)
    (source / name).unlink()
    (source / name).mkdir()
    refused("restore", str(source), "--data", str(tmp_path / "data"), says=f"{name}")
    assert not (tmp_path / "data").exists()


def test_a_dump_that_was_cut_short_is_refused_before_anything_is_restored(tmp_path: Path) -> None:
    source = a_backup(tmp_path, dump_bytes=5_000)
    says = "has 5 bytes, and had 5,000"
    refused("restore", str(source), "--data", str(tmp_path / "data"), says=says)
    assert not (tmp_path / "data").exists()


def test_a_restore_that_failed_says_how_the_folder_is_left_and_what_to_run(tmp_path: Path) -> None:
    with new_folder() as data:
        said = refused("restore", str(a_backup(tmp_path)), "--data", str(data), says="pg_restore failed")
        remedy = f"{data} is half-restored, its restore was cut short: run `countermand restore BACKUP"
        assert remedy in said
        for words in (
            ["audit"],
            ["api-token", "t"],
            ["merchant", "add", "m", "--name", "M"],
            ["backup", "x"],
        ):
            refused(*words, "--data", str(data), says=remedy)
        doctor = command("doctor", "--data", str(data))
        assert doctor.returncode == 1
        assert f"WRONG  folder      {remedy}" in doctor.stdout
