"""What is shown when a page could not be made: the database is away for a moment, or the fault is ours."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.views.defaults import server_error

RETRY_SECONDS = 5


def broken(request: Any) -> HttpResponse:
    """This will answer 503 and when to try again while the database is away, else 500. Asks no database."""
    error = sys.exc_info()[1]
    if not isinstance(error, OperationalError | InterfaceError):
        return server_error(request)
    headers = {"Retry-After": str(RETRY_SECONDS), "Cache-Control": "no-store"}
    answer = render(None, "503.html", status=503)
    for name, value in headers.items():
        answer.headers[name] = value
    return answer
