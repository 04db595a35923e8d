"""Problems as RFC 9457 writes them: the one shape of every answer that is not the one asked for."""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse

from countermand.refusals import Refusal

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 2
CHALLENGE = 'Bearer realm="Countermand"'

CODES = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
    500: "unexpected",
    503: "unavailable",
}


class Problem(Exception):
    """Raised by the door itself, where no rule of the house was asked yet."""

    def __init__(
        self, status: int, code: str = "", detail: str = "", *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code or detail)
        self.status = status
        self.code = code or CODES[status]
        self.detail = detail
        self.headers = dict(headers or {})


def problem(
    status: int,
    code: str = "",
    detail: str = "",
    *,
    errors: Iterable[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """This will write a problem: {type, title, status, code, detail, errors} and what else belongs to it."""
    code = code or CODES.get(status, "bad_request")
    content = {
        "type": f"urn:countermand:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail or code.replace("_", " "),
        "errors": list(errors),
        **(more or {}),
    }
    # Surrogates that came in may be quoted in a detail, and no encoding knows them.
    text = json.dumps(content, ensure_ascii=True, default=str)
    response = HttpResponse(text, status=status, content_type=MEDIA_TYPE)
    # A client's mistake is no event of ours, and what is ours has been written down by its handler.
    response._has_been_logged = True  # type: ignore[attr-defined]
    for name, value in (headers or {}).items():
        response.headers[name] = value
    if status == 401:
        response.headers["WWW-Authenticate"] = CHALLENGE
    return response


def of_refusal(refusal: Refusal) -> HttpResponse:
    """This will write a refusal of the house as a problem; a new plan stands in it as `plan`."""
    facts = refusal.facts
    more: dict[str, Any] = {}
    if "plan" in facts:
        more["plan"] = facts["plan"]
    elif facts:
        more["facts"] = facts
    headers = {}
    if refusal.code == "in_progress":
        headers["Retry-After"] = str(facts.get("retry_after", RETRY_SECONDS))
    field = refusal.field
    errors = [{"field": field, "code": refusal.code, "detail": refusal.detail}] if field else []
    return problem(refusal.status, refusal.code, refusal.detail, errors=errors, headers=headers, more=more)


def dressed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """This will turn an error page of the framework (an unknown path, a wrong method) into a problem."""
    status = response.status_code
    if status < 400 or response.headers.get("Content-Type") == MEDIA_TYPE:
        return response
    allow = response.headers.get("Allow")
    detail = f"{request.method} is not one of {allow}" if allow else ""
    return problem(status, detail=detail, headers={"Allow": allow} if allow else None)
