"""The processes and threads that answer, as gunicorn runs them: who takes a new connection, and what it refuses
before us, which is a problem too, as under all of /api."""

import json
import mmap
import time
from http import HTTPStatus
from typing import Any

from gunicorn.http.errors import (
    InvalidResponseHeader,
    InvalidResponseHeaderName,
    LimitRequestHeaders,
    LimitRequestLine,
    ParseException,
)
from gunicorn.util import write_nonblock
from gunicorn.workers.gthread import ThreadWorker

OURS = (InvalidResponseHeader, InvalidResponseHeaderName)
UNREADABLE = (400, "bad_request", "the request is no HTTP that can be read")
TOO_LONG = {
    LimitRequestLine: (414, "address_too_long", "the address is too long"),
    LimitRequestHeaders: (431, "headers_too_long", "the headers are too long"),
}
# How many connections each process holds: made before the fork, so that all see the same page of memory.
PROCESSES = 64
OPEN = memoryview(mmap.mmap(-1, PROCESSES * 4)).cast("i")
NO_PROCESS = -1
for place in range(PROCESSES):
    OPEN[place] = NO_PROCESS
HOLD_BACK_SECONDS = 0.005


class Worker(ThreadWorker):
    """gunicorn's own, but for its pages about requests that cannot be read, and for who takes a new connection.

    Clients keep their connections, and gunicorn leaves a new one to whoever wakes first: the 16 of a busy
    till were one process's at times, and the other idle. Here the one that holds more lets the others go first.
    It never refuses: a process that hangs is waited for no longer than `HOLD_BACK_SECONDS`.
    """

    def accept(self, listener: Any) -> None:
        """This will take a new connection, after a moment if another process holds fewer."""
        if any(NO_PROCESS < held < self.nr_conns for held in OPEN):
            time.sleep(HOLD_BACK_SECONDS)
        super().accept(listener)
        OPEN[self.age % PROCESSES] = self.nr_conns

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        """This will say how many connections are held, and serve them."""
        OPEN[self.age % PROCESSES] = self.nr_conns
        super().wait_for_and_dispatch_events(timeout)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """This will answer a request that cannot be read."""
        if not isinstance(exc, ParseException) or isinstance(exc, OURS):
            super().handle_error(req, client, addr, exc)
            return
        self.log.info("unreadable request from %s: %s", addr, exc)
        try:
            write_nonblock(client, problem(*TOO_LONG.get(type(exc), UNREADABLE)))
        except OSError:
            self.log.debug("the client is gone")


def gone(worker: Any) -> None:
    """This will forget the connections of a process that has ended."""
    OPEN[worker.age % PROCESSES] = NO_PROCESS


def problem(status: int, code: str, detail: str) -> bytes:
    """This will write a problem (RFC 9457) with its head, ready to be sent."""
    said = {
        "type": f"urn:countermand:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "errors": [],
    }
    content = json.dumps(said).encode()
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nConnection: close\r\n"
        f"Content-Type: application/problem+json\r\nContent-Length: {len(content)}\r\n\r\n"
    )
    return head.encode() + content
