"""What becomes of what is raised: each exception its problem, and never a stack trace."""

import logging
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from psycopg import errors as postgres

from countermand.api.problems import Problem, of_refusal, problem
from countermand.refusals import Refusal

log = logging.getLogger("countermand.api")

# pydantic's names of what is wrong -> ours; a kind's own code is handed through as it is
CODES = {
    "missing": "required",
    "extra_forbidden": "unknown_field",
    "string_too_long": "text_too_long",
    "string_too_short": "required",
    "string_pattern_mismatch": "invalid_text",
    "too_long": "too_many_lines",
    "too_short": "required",
    "literal_error": "unknown_value",
    "greater_than_equal": "too_small",
    "less_than_equal": "too_large",
}
DETAILS = {
    "missing": "this field is required",
    "extra_forbidden": "there is no such field",
    "string_too_short": "this field is required",
    "string_pattern_mismatch": "no blanks around it, and not nothing but blanks",
}
MOST_ERRORS = 50
BUSY = (postgres.LockNotAvailable, postgres.DeadlockDetected, postgres.SerializationFailure)


def install(api: NinjaAPI) -> None:
    """This will teach an API object the problems of this house."""
    for kind, handler in (
        (Problem, _problem),
        (Refusal, _refusal),
        (ValidationError, _validation),
        (HttpError, _http_error),
        (Http404, _missing),
        (RequestDataTooBig, _too_large),
        (UnreadablePostError, _broken_off),
        (DataError, _unstorable),
        (OperationalError, _database),
        (InterfaceError, _database),
        (Exception, _unexpected),
    ):
        api.add_exception_handler(kind, handler)


def _problem(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(error.status, error.code, error.detail, headers=error.headers)


def _refusal(request: HttpRequest, error: Any) -> HttpResponse:
    return of_refusal(error)


def _http_error(request: HttpRequest, error: Any) -> HttpResponse:
    # ninja wraps what its parser raises.
    cause = error.__cause__
    if isinstance(cause, Problem):
        return _problem(request, cause)
    if isinstance(cause, Refusal):
        return of_refusal(cause)
    return problem(error.status_code, detail=str(error))


def _validation(request: HttpRequest, error: Any) -> HttpResponse:
    found: list[dict[str, Any]] = error.errors
    if any(one["type"] == "missing" and one["loc"] == ("body", "body") for one in found):
        return problem(400, "malformed_json", "the body is empty")
    errors = [
        {
            "field": _field(one["loc"]),
            "code": CODES.get(one["type"]) or _own(one["type"]),
            "detail": DETAILS.get(one["type"], one["msg"]),
        }
        for one in found[:MOST_ERRORS]
    ]
    first = errors[0]
    detail = f"{first['field']}: {first['detail']}" if first["field"] else first["detail"]
    return problem(422, first["code"], detail, errors=errors)


def _field(where: Sequence[str | int]) -> str:
    """("body", "body", "lines", 0, "quantity") -> "lines.0.quantity"; "~…" are names of ours within a choice."""
    parts = [str(part) for part in where if not str(part).startswith("~")]
    return ".".join(parts[2:] if parts[0] == "body" else parts[1:])


def _own(kind: str) -> str:
    return "invalid_type" if kind.endswith(("_type", "_parsing", "_unicode", "_instance_of")) else kind


def _missing(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(404)


def _too_large(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(413, detail="a body has at most 10 MB")


def _broken_off(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(400, "malformed_json", "the body broke off")


def _unstorable(request: HttpRequest, error: Any) -> HttpResponse:
    # The last net under the schemas: a value that PostgreSQL has no room for.
    log.warning("a value got past the schemas: %s %s", request.method, request.path, exc_info=error)
    return problem(422, "invalid_value", "a value cannot be stored")


def _database(request: HttpRequest, error: Any) -> HttpResponse:
    if isinstance(error.__cause__, BUSY):
        return of_refusal(Refusal("in_progress", "something else is being done to it: ask again"))
    log.error("the database does not answer: %s", error)
    return problem(503, detail="the database does not answer", headers={"Retry-After": "5"})


def _unexpected(request: HttpRequest, error: Any) -> HttpResponse:
    log.error("unexpected: %s %s", request.method, request.path, exc_info=error)
    return problem(500, detail="something went wrong here; it was written down")
