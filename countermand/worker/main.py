"""The worker process: drains what is due, each second or when it is pinged, until it is told to stop.

Rows are the queue and an expired lease is the rescue, so this process may die anywhere, and any
number of it may run (docs/decisions/0001).
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

import psycopg
from django.db import DatabaseError, InterfaceError, OperationalError, connections
from django.db.backends.postgresql.base import DatabaseWrapper

from countermand.worker.clock import Chore, Clock, do
from countermand.worker.drains import DRAINS, Drain
from countermand.worker.ear import Ear
from countermand.worker.postman import Postman

log = logging.getLogger(__name__)

SWEEP_SECONDS = 1.0
STOP_SECONDS = 19.0  # `up` waits 20
LONGEST_PAUSE_SECONDS = 60.0
LONGEST_RECONNECT_SECONDS = 1.0  # one more try costs nothing; a server that starts again is met at once
LOST = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError)


class Worker:
    """One worker: its drains, its clock, and which of them rest because they failed."""

    def __init__(self, *, drains: tuple[Drain, ...] = DRAINS, clock: Clock | None = None) -> None:
        self.drains = drains
        self.clock = clock or Clock()
        self._stopping = threading.Event()
        self._rest_until: dict[str, float] = {}
        self._failures: dict[str, int] = {}

    def going(self) -> bool:
        """This will say whether nobody has asked to stop."""
        return not self._stopping.is_set()

    def stop(self) -> None:
        """This will end the loop after the row in hand."""
        self._stopping.set()

    def run(self) -> None:
        """This will work until it is stopped, and wait for a database that went away."""
        tries = 0
        while self.going():
            try:
                with Ear() as ear, Postman() as postman:
                    log.info("worker: ready")
                    while self.going():
                        self.round(beat=ear.beat)
                        postman.look()
                        tries = 0
                        if self.going():
                            ear.wait(SWEEP_SECONDS)
            except LOST as error:
                _forget_connections()
                pause = min(LONGEST_RECONNECT_SECONDS, 0.1 * 2**tries)
                tries = min(tries + 1, 10)
                log.warning(
                    "worker: the database is away (%s), next try in %.1f s", type(error).__name__, pause
                )
                self._stopping.wait(pause)
        _forget_connections()
        log.info("worker: stopped")

    def round(self, *, beat: Callable[[], None] = lambda: None) -> None:
        """This will drain everything that is due until nothing is, then do the chores whose time has come."""
        working = True
        while working and self.going():
            working = False
            beat()
            for drain in self.drains:
                working = self._drain(drain) or working
        for chore in self.clock.due():
            self._chore(chore)

    def _drain(self, drain: Drain) -> bool:
        """One batch. A drain that fails rests, longer each time, and holds up no other."""
        if not self.going() or self._rest_until.get(drain.name, 0.0) > time.monotonic():
            return False
        try:
            taken = drain.take(self.going)
        except Exception as error:
            self._failed(drain.name, error)
            return False
        self._failures.pop(drain.name, None)
        return taken > 0

    def _chore(self, chore: Chore) -> None:
        try:
            do(chore=chore, going=self.going)
        except Exception as error:
            self._failed(chore.name, error)

    def _failed(self, name: str, error: Exception) -> None:
        """Logs what failed by the kind of error and its place: its words may hold a person's data."""
        if isinstance(error, LOST) and _is_lost():
            raise error
        connections.close_all()
        failures = self._failures[name] = self._failures.get(name, 0) + 1
        pause = min(LONGEST_PAUSE_SECONDS, 2.0 ** (failures - 1))
        self._rest_until[name] = time.monotonic() + pause
        log.error("worker: %s failed with %s, rests %.0f s", name, _place(error), pause)


def _is_lost() -> bool:
    """Whether the connection itself has gone, rather than one statement on it."""
    raw = connections["default"].connection
    return raw is None or raw.closed


def _place(error: Exception) -> str:
    """The kind of an error with the code of the database and the line of ours that met it."""
    trace, place = error.__traceback__, ""
    while trace is not None:
        code = trace.tb_frame.f_code
        if "countermand" in code.co_filename:
            place = f"{os.path.basename(code.co_filename)}:{trace.tb_lineno}"
        trace = trace.tb_next
    state = getattr(error.__cause__, "sqlstate", "") if isinstance(error, DatabaseError) else ""
    return " ".join(filter(None, [type(error).__name__, state, "at", place]))


def _forget_connections() -> None:
    """A pool would hand out dead connections after a restart of the server: it is made anew."""
    connections.close_all()
    wrapper = connections["default"]
    if isinstance(wrapper, DatabaseWrapper):
        wrapper.close_pool()


def run() -> None:
    """This will be the worker process until TERM or INT: it finishes the row in hand, within 20 s."""
    worker = Worker()

    def stop(number: int, frame: FrameType | None) -> None:
        worker.stop()
        # A provider that does not answer must not hold the stop up: the row's lease brings it back.
        last = threading.Timer(STOP_SECONDS, os._exit, (0,))
        last.daemon = True
        last.start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    worker.run()
