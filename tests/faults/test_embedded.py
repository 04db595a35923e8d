"""The embedded server: started, killed, started again; what was committed is there."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from countermand.embedded import EmbeddedError, FolderInUse, Server, WrongMajor, hold, running_address
from tests.faults.running import environment, gone, new_folder, until

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    # One cluster for the file: each test leaves it stopped.
    with new_folder() as made:
        yield made


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, connect_timeout=30) as connection:
        row = connection.execute(question).fetchone()
    return row[0] if row else None


def do(url: str, statement: str) -> None:
    with psycopg.connect(url, connect_timeout=30) as connection:
        connection.execute(statement)


def test_first_start_makes_a_checked_utf8_cluster_that_only_its_password_opens(folder: Path) -> None:
    server = Server(folder=folder)
    server.start()
    try:
        assert ask(server.url, "SHOW data_checksums") == "on"
        assert ask(server.url, "SHOW server_encoding") == "UTF8"
        assert ask(server.url, "SHOW listen_addresses") == "127.0.0.1"
        assert ask(server.url, "SHOW fsync") == "on"
        assert ask(server.url, "SHOW recovery_init_sync_method") == "syncfs"
        assert (
            ask(server.url, "SELECT datlocale FROM pg_database WHERE datname = current_database()")
            == "C.UTF-8"
        )
        assert ask(server.url, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert (folder / "postgres.password").stat().st_mode & 0o777 == 0o600
        with pytest.raises(psycopg.OperationalError, match="password"):
            ask(server.url.replace("countermand:", "countermand:x"), "SELECT 1")
        with pytest.raises(psycopg.OperationalError, match="password"):
            ask(f"postgresql://postgres:x@127.0.0.1:{server.port}/postgres", "SELECT 1")
        assert psutil.Process(server.pid).uids().effective != 0
        assert running_address(folder=folder) == server.url
    finally:
        server.stop()
    assert running_address(folder=folder) is None


def test_second_start_finds_what_was_committed(folder: Path) -> None:
    server = Server(folder=folder)
    server.start()
    do(server.url, "CREATE TABLE kept AS SELECT 1 AS n")
    server.stop()
    server.start()
    assert ask(server.url, "SELECT n FROM kept") == 1
    server.stop()


def test_a_killed_server_recovers_on_the_same_port(folder: Path) -> None:
    server = Server(folder=folder)
    server.start()
    before = server.port
    do(server.url, "CREATE TABLE survives AS SELECT 2 AS n")
    os.kill(server.pid, signal.SIGKILL)
    until(lambda: not server.alive(), what="death noticed")
    server.start()
    assert server.port == before
    assert ask(server.url, "SELECT n FROM survives") == 2
    server.stop()


def test_a_pid_file_whose_number_passed_to_another_program_is_not_believed(folder: Path) -> None:
    server = Server(folder=folder)
    server.start()
    pid_file = (folder / "postgres").resolve() / "cluster" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    os.kill(server.pid, signal.SIGKILL)
    until(lambda: not server.alive(), what="death noticed")
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    server.start()
    assert not server.adopted
    assert ask(server.url, "SELECT 1") == 1
    server.stop()


STARTS_AND_WAITS = """
import sys, time
from pathlib import Path
from countermand.embedded import Server
server = Server(folder=Path(sys.argv[1]))
server.start(dies_with_us=sys.argv[2] == "dies")
print(server.pid, flush=True)
time.sleep(600)
"""


def start_elsewhere(folder: Path, how: str) -> tuple[subprocess.Popen[str], psutil.Process]:
    parent = subprocess.Popen(
        [sys.executable, "-c", STARTS_AND_WAITS, str(folder), how],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    return parent, psutil.Process(int(parent.stdout.readline()))


def test_a_server_whose_parent_was_killed_is_taken_over(folder: Path) -> None:
    parent, orphan = start_elsewhere(folder, "stays")
    parent.kill()
    parent.communicate()
    server = Server(folder=folder)
    server.start()
    assert server.adopted
    assert server.pid == orphan.pid
    assert ask(server.url, "SELECT 1") == 1
    server.stop()
    assert gone([orphan])


def test_a_server_stops_with_its_killed_parent(folder: Path) -> None:
    parent, child = start_elsewhere(folder, "dies")
    parent.kill()
    parent.communicate()
    until(lambda: gone([child]), what="the server ends")
    assert running_address(folder=folder) is None


def test_a_lost_password_file_is_made_again(folder: Path) -> None:
    (folder / "postgres.password").unlink()
    server = Server(folder=folder)
    server.start()
    assert ask(server.url, "SELECT 1") == 1
    server.stop()


def test_two_folders_run_side_by_side(folder: Path) -> None:
    with new_folder() as other:
        first, second = Server(folder=folder), Server(folder=other, durable=False)
        first.start()
        second.start()
        try:
            do(second.url, "CREATE TABLE only_here AS SELECT 3 AS n")
            assert ask(first.url, "SELECT to_regclass('only_here')") is None
            assert first.port != second.port
        finally:
            first.stop()
            second.stop()


def test_a_folder_in_use_is_refused_with_the_process_that_uses_it(folder: Path) -> None:
    with hold(folder=folder), pytest.raises(FolderInUse, match=str(os.getpid())):
        hold(folder=folder)
    hold(folder=folder).release()


def test_another_major_version_is_refused_untouched(folder: Path) -> None:
    version = (folder / "postgres").resolve() / "cluster" / "PG_VERSION"
    written = version.read_text()
    version.write_text("17\n")
    try:
        with pytest.raises(WrongMajor, match="countermand backup"):
            Server(folder=folder).start()
    finally:
        version.write_text(written)


def test_a_database_that_moved_away_is_not_made_anew(folder: Path) -> None:
    place = folder / "postgres"
    away = folder / "away"
    place.rename(away)
    place.symlink_to(folder / "nowhere")
    try:
        with pytest.raises(EmbeddedError, match="gone"):
            Server(folder=folder).start()
    finally:
        place.unlink()
        away.rename(place)
