"""While the database is away callers are told so; once it is back, the first to ask is answered."""

import signal
import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest

from tests.faults.outsider import Client, Said, at_once, newcomer
from tests.faults.running import Up, new_folder, until

pytestmark = pytest.mark.faults

THREADS = 8  # as many as one web process serves at once


@pytest.fixture(scope="module")
def up() -> Iterator[Up]:
    with new_folder() as folder:
        made = Up(folder).wait_ready()
        try:
            yield made
        finally:
            made.clean()


@pytest.fixture(scope="module")
def client(up: Up) -> Client:
    return newcomer(up)


def all_at_once(client: Client) -> list[Said]:
    """Each thread of the web has to use a connection of its own."""
    together = threading.Barrier(THREADS)

    def ask(_: int) -> Said:
        together.wait(60)
        return client("GET", "/orders")

    return at_once(ask, range(THREADS), threads=THREADS)


def probe(up: Up, path: str, cookie: str = "") -> int:
    wire = HTTPConnection(urlsplit(up.run["url"]).netloc, timeout=90)
    try:
        wire.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        return wire.getresponse().status
    finally:
        wire.close()


def kill_database(up: Up) -> None:
    postmaster = psutil.Process(up.pids["postgres"])
    for process in (postmaster, *postmaster.children(recursive=True)):
        process.kill()


def accepts(up: Up) -> bool:
    try:
        psycopg.connect(up.run["database_url"], connect_timeout=5).close()
    except psycopg.OperationalError:
        return False
    return True


def test_the_first_to_ask_after_a_restart_is_answered(up: Up, client: Client) -> None:
    assert {said.status for said in all_at_once(client)} == {200}
    before = up.pids["postgres"]
    kill_database(up)
    until(lambda: up.pids["postgres"] not in (None, before) and accepts(up), what="a database")
    assert {said.status for said in all_at_once(client)} == {200}
    assert client.broken == client.away == []


def test_while_it_is_away_callers_are_told_so_and_when_to_ask_again(up: Up, client: Client) -> None:
    before = up.pids["postgres"]
    up.process.send_signal(signal.SIGSTOP)  # nobody starts it again meanwhile
    try:
        kill_database(up)
        said = client("GET", "/orders")
        assert (said.status, said.code) == (503, "unavailable")
        assert said.headers["Content-Type"] == "application/problem+json"
        assert int(said.headers["Retry-After"]) > 0
        assert probe(up, "/healthz") == 200
        assert probe(up, "/compte/login/") in (200, 503)  # asks nothing, or says so: never a fault of ours
        assert probe(up, "/", cookie="sessionid=somebody") == 503
        assert probe(up, "/readyz") == 503
    finally:
        up.process.send_signal(signal.SIGCONT)
    until(lambda: up.pids["postgres"] not in (None, before), what="a database")
    until(lambda: probe(up, "/readyz") == 200, what="web and worker are back")
    assert {said.status for said in all_at_once(client)} == {200}
    assert client.broken == []
