"""Who takes a new connection, where several processes listen: the one that holds more lets the others go first."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from gunicorn.workers.gthread import ThreadWorker

from config import web_worker
from config.web_worker import NO_PROCESS, OPEN, Worker


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Each moment that was waited before a connection was taken."""
    waited: list[float] = []

    def take(worker: Worker, listener: object) -> None:
        worker.nr_conns += 1

    monkeypatch.setattr(ThreadWorker, "accept", take)
    monkeypatch.setattr(web_worker, "time", SimpleNamespace(sleep=waited.append))
    before = list(OPEN)
    yield waited
    for place, held in enumerate(before):
        OPEN[place] = held


def process(*, age: int, held: int) -> Worker:
    worker = Worker.__new__(Worker)
    worker.age, worker.nr_conns = age, held
    OPEN[age] = held
    return worker


def test_the_one_that_holds_more_lets_the_other_go_first_and_takes_it_all_the_same(
    waits: list[float],
) -> None:
    idle, busy = process(age=1, held=3), process(age=2, held=4)
    busy.accept(None)
    assert (waits, OPEN[2]) == ([web_worker.HOLD_BACK_SECONDS], 5)
    idle.accept(None)
    assert (len(waits), OPEN[1]) == (1, 4)


def test_those_that_hold_as_many_do_not_wait_for_each_other(waits: list[float]) -> None:
    one = process(age=1, held=3)
    process(age=2, held=3)
    one.accept(None)
    assert waits == []


def test_nobody_waits_for_a_process_that_has_ended(waits: list[float]) -> None:
    ended, other = process(age=1, held=0), process(age=2, held=9)
    web_worker.gone(ended)
    assert OPEN[1] == NO_PROCESS
    other.accept(None)
    assert waits == []
