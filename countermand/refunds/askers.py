"""Threads that talk to providers, so that one slow answer holds up nobody else.

Each keeps its own connection for a provider that is on this machine, and gives it up at the end.
"""

from collections.abc import Callable, Mapping
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from types import TracebackType
from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import connections

MOST = 12


def most(*, pool: Mapping[str, Any] | None) -> int:
    """This will say how many may ask at once with a pool of connections: one of these stays for the drain itself.

    Who finds none left waits for it with a question in hand, and the drain waits for that one.
    """
    return max(1, min(MOST, pool["max_size"] - 1)) if pool else MOST


Q = TypeVar("Q")
A = TypeVar("A")


class Askers(Generic[Q, A]):
    """Asks questions in parallel; `ask` must answer whatever happens, and never raise."""

    def __init__(self, ask: Callable[[Q], A]) -> None:
        self._ask = ask
        self._questions: SimpleQueue[Q | None] = SimpleQueue()
        self._answers: SimpleQueue[tuple[Q, A]] = SimpleQueue()
        self._threads: list[Thread] = []
        self._most = most(pool=settings.DATABASES["default"]["OPTIONS"].get("pool"))
        self.waiting = 0

    def __enter__(self) -> "Askers[Q, A]":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for _ in self._threads:
            self._questions.put(None)
        for thread in self._threads:
            thread.join()

    def put(self, question: Q) -> None:
        """This will have a question asked as soon as somebody is free."""
        self.waiting += 1
        self._questions.put(question)
        if len(self._threads) < min(self._most, self.waiting):
            thread = Thread(target=self._work, name=f"asker-{len(self._threads)}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def answers(self, *, within_seconds: float) -> list[tuple[Q, A]]:
        """This will wait for answers, gather those that come meanwhile, and give what there is.

        It ends early once nothing is waited for.
        """
        found: list[tuple[Q, A]] = []
        until = monotonic() + within_seconds
        while self.waiting and (left := until - monotonic()) > 0:
            try:
                found.append(self._answers.get(timeout=left))
            except Empty:
                break
            self.waiting -= 1
        return found

    def _work(self) -> None:
        try:
            while (question := self._questions.get()) is not None:
                self._answers.put((question, self._ask(question)))
        finally:
            connections.close_all()
