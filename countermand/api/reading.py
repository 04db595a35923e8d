"""A request's body, read once and safely: size, type, encoding, JSON."""

import json
import re
from typing import Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from countermand.api.problems import Problem
from countermand.refusals import Refusal

MOST_BYTES = 10 * 1024 * 1024
JSON_TYPES = ("application/json", "application/json;charset=utf-8")

# NUL has no place in PostgreSQL's text, half a surrogate pair none in any encoding.
_ESCAPED = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def check_outside(request: HttpRequest) -> None:
    """This will refuse (413) a body above 10 MB before it is read, whether its length is announced or not.

    An address with NUL in it leads nowhere (404): no table has such a name.
    """
    if "\x00" in request.path_info:
        raise Problem(404)
    environ = request.META
    announced = environ.get("CONTENT_LENGTH") or "0"
    if announced.isdigit() and int(announced) > MOST_BYTES:
        raise Problem(413, detail="a body has at most 10 MB")
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower() and announced in ("", "0"):
        # Django reads as much as was announced, which is nothing here.
        content = environ["wsgi.input"].read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise Problem(413, detail="a body has at most 10 MB")
        request._body = content


class StrictJson(Parser):
    """What ninja asks for the content of a body; it is kept on the request for its fingerprint."""

    def parse_body(self, request: HttpRequest) -> Any:
        """This will read a body as JSON.

        Refuses 415 for another type, 400 for what is no JSON in UTF-8, `invalid_text` (422) for NUL
        and half surrogates.
        """
        kind = request.headers.get("Content-Type", "").replace(" ", "").lower()
        if kind not in JSON_TYPES or request.headers.get("Content-Encoding", "identity") != "identity":
            raise Problem(415, detail="send application/json")
        try:
            content = json.loads(request.body.decode(), parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            # RecursionError: brackets in brackets, thousands deep.
            raise Problem(400, "malformed_json", "the body is no JSON in UTF-8") from error
        if _ESCAPED.search(request.body):
            _check_texts(content)
        request.content = content  # type: ignore[attr-defined]
        return content


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)  # NaN and Infinity are no JSON


def _check_texts(content: Any) -> None:
    waiting = [content]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            if _UNSTORABLE.search(value):
                raise Refusal("invalid_text", "a text holds a character that cannot be stored")
        elif isinstance(value, dict):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            waiting += value
