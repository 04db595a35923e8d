"""The threads that answer, as gunicorn runs them: what it refuses before us is a problem too, as under all of /api."""

import json
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


class Worker(ThreadWorker):
    """gunicorn's own, but for its pages about requests that cannot be read."""

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
