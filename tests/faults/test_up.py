"""`countermand up`: one tree that keeps itself alive and leaves nothing behind."""

import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import psutil
import psycopg
import pytest

from tests.faults.running import BOUND_SECONDS, Up, command, gone, new_folder, until

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    # Migrated once for the file: each test starts and stops its own tree on it.
    with new_folder() as made:
        yield made


@pytest.fixture(scope="module")
def standing() -> Iterator[list[Up]]:
    trees: list[Up] = []
    yield trees
    for tree in trees:
        tree.clean()


@pytest.fixture
def up(folder: Path, standing: list[Up]) -> Up:
    """The tree that the test before left running, or a new one."""
    if not standing or standing[-1].process.poll() is not None:
        standing.append(Up(folder))
    return standing[-1].wait_ready()


def answers(url: str) -> bool:
    with suppress(HTTPError, OSError):
        return urlopen(f"{url}/healthz", timeout=30).status == 200
    return False


def pid_of(up: Up, name: str) -> int:
    """A child between two lives has none; psutil would take that for ourselves."""
    return until(lambda: up.pids[name], what=f"a {name}")


def merchants(up: Up) -> list[tuple[str]]:
    with psycopg.connect(up.run["database_url"], connect_timeout=30) as connection:
        return connection.execute("SELECT code FROM merchant").fetchall()


def test_up_serves_tells_where_and_refuses_a_second_one(up: Up) -> None:
    run_file = up.folder / "run.json"
    assert run_file.stat().st_mode & 0o777 == 0o600
    assert set(up.run) >= {"url", "pids", "database_url"}
    assert set(up.pids) == {"up", "web", "worker", "postgres"}
    assert up.pids["up"] == up.process.pid
    assert "sign_in" not in up.run, "the demo alone has a sign-in that may be written down"
    assert answers(up.run["url"])
    assert merchants(up) == [("main",)]
    assert f"Countermand is at {up.run['url']}" in up.said()

    second = command("up", "--data", str(up.folder), "--port", "0")
    assert second.returncode == 1
    assert f"already served by process {up.process.pid}" in second.stderr

    doctor = command("doctor", "--data", str(up.folder))
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    password = (up.folder / "postgres.password").read_text().strip()
    assert password not in doctor.stdout


@pytest.mark.parametrize("name", ["web", "worker", "postgres"])
def test_a_killed_child_is_started_again(up: Up, name: str) -> None:
    before = pid_of(up, name)
    address = up.run["database_url"]
    psutil.Process(before).kill()
    until(lambda: up.pids[name] not in {before, None}, what=f"another {name}")
    until(lambda: answers(up.run["url"]), what="an answer")
    assert up.run["database_url"] == address
    assert merchants(up) == [("main",)]


def test_a_killed_up_leaves_nothing_and_the_next_one_goes_on(up: Up, standing: list[Up]) -> None:
    family = up.family()
    up.process.kill()
    up.process.wait()
    again = Up(up.folder)
    standing.append(again)
    again.wait_ready()
    assert gone(family)
    assert answers(again.run["url"])
    assert merchants(again) == [("main",)]


def test_a_backup_restores_into_an_empty_instance_beside_the_first(up: Up) -> None:
    with new_folder() as place, new_folder() as other:
        target = place / "copy"
        taken = command("backup", str(target), "--data", str(up.folder))
        assert taken.returncode == 0, taken.stderr
        assert target.stat().st_mode & 0o777 == 0o700
        refused = command("backup", str(target), "--data", str(up.folder))
        assert "not empty" in refused.stderr

        restored = command("restore", str(target), "--data", str(other))
        assert restored.returncode == 0, restored.stderr
        assert (other / "secret.key").read_text() == (up.folder / "secret.key").read_text()
        again = command("restore", str(target), "--data", str(other))
        assert again.returncode == 1
        assert "is not empty" in again.stderr

        second = Up(other).wait_ready()
        try:
            assert merchants(second) == merchants(up)
            assert second.run["database_url"] != up.run["database_url"]
        finally:
            second.clean()


def test_a_taken_port_is_refused_in_words(up: Up, folder: Path) -> None:
    port = up.run["url"].rsplit(":", 1)[1]
    with new_folder() as other:
        refused = command("up", "--data", str(other), "--port", port)
    assert refused.returncode == 1
    assert "--port" in refused.stderr


def test_term_stops_web_and_worker_then_the_database_and_nothing_is_left(up: Up) -> None:
    family = up.family()
    assert len(family) > 4
    web, worker, postgres = (psutil.Process(pid_of(up, name)) for name in ("web", "worker", "postgres"))
    up.process.send_signal(signal.SIGTERM)
    until(lambda: gone([postgres]), what="the database ends")
    assert gone([web, worker]), "they had a database until their end"
    assert up.process.wait(BOUND_SECONDS) == 0, up.said()
    assert gone(family)
    assert not (up.folder / "run.json").exists()
    doctor = command("doctor", "--data", str(up.folder))
    assert doctor.returncode == 1
    assert "is not running" in doctor.stdout


def test_a_restore_that_was_cut_short_is_not_served(folder: Path) -> None:
    mark = folder / "restoring"
    mark.touch()
    try:
        refused = command("up", "--data", str(folder), "--port", "0")
    finally:
        mark.unlink()
    assert refused.returncode == 1
    assert "cut short" in refused.stderr
