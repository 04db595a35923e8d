"""Carries webhooks to their addresses, beside the worker's other work and never in its way.

An address may be slow, dead, or mean: each has at most one carrier at a time, who goes on to the next one after a
while. Eight dead ones cost eight time-outs at once, and then they are left alone (webhooks/rules.py).
"""

import logging
import threading
from datetime import UTC, datetime
from uuid import UUID

from django.db import connections

from countermand.webhooks.jobs import deliver
from countermand.webhooks.queue import due

log = logging.getLogger(__name__)

CARRIERS = 8
SWEEP_SECONDS = 1.0
PAUSE_SECONDS = 5.0  # after something of ours went wrong


class Postman:
    """A thread that looks who is due, and one thread for each address that it is at."""

    def __init__(self, *, carriers: int = CARRIERS) -> None:
        self._most = carriers
        self._busy: dict[UUID, threading.Thread] = {}
        self._lock = threading.Lock()
        self._look = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="postman", daemon=True)

    def __enter__(self) -> "Postman":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        for thread in (self._thread, *list(self._busy.values())):
            thread.join()

    def stop(self) -> None:
        """This will have every carrier end after the delivery in hand."""
        self._stopping.set()
        self._look.set()

    def look(self) -> None:
        """This will have it look now: something may be due."""
        self._look.set()

    def _going(self) -> bool:
        return not self._stopping.is_set()

    def _run(self) -> None:
        while self._going():
            pause = SWEEP_SECONDS
            try:
                self.round()
            except Exception as error:  # the worker's main loop tells of a database that is away
                log.error("postman: %s", type(error).__name__)
                pause = PAUSE_SECONDS
            finally:
                connections.close_all()
            self._look.wait(pause)
            self._look.clear()

    def round(self) -> int:
        """This will send a carrier to each address that is due and has none; how many were sent."""
        with self._lock:
            busy = set(self._busy)
        free = self._most - len(busy)
        found = due(at=datetime.now(UTC), limit=free, busy=busy) if free > 0 else []
        for webhook_id in found:
            thread = threading.Thread(target=self._carry, args=(webhook_id,), name="carrier", daemon=True)
            with self._lock:
                self._busy[webhook_id] = thread
            thread.start()
        return len(found)

    def _carry(self, webhook_id: UUID) -> None:
        try:
            deliver(webhook_id=webhook_id, going=self._going)
        except Exception as error:  # its rows come back when their lease is over
            log.error("postman: a carrier met %s", type(error).__name__)
        finally:
            connections.close_all()
            with self._lock:
                self._busy.pop(webhook_id, None)
            self._look.set()  # there may be more for it, or for one that waits
