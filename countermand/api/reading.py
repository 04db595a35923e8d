"""A request's body, read once and safely: size, type, encoding, JSON."""

import json
import re
from typing import IO, Any, NoReturn

from django.http import HttpRequest
from ninja.parser import Parser

from countermand.api.problems import Problem
from countermand.json_objects import each_once
from countermand.refusals import Refusal

MOST_BYTES = 10 * 1024 * 1024
# So much of a body that is too large is still read away: who is answered while sending often hears a
# broken connection instead of the answer.
READ_AWAY = 64 * 1024 * 1024
PIECE = 64 * 1024

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
        if int(announced) <= READ_AWAY:
            _read_away(environ["wsgi.input"], int(announced))
        raise Problem(413, detail="a body has at most 10 MB")
    if "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower() and announced in ("", "0"):
        # Django reads as much as was announced, which is nothing here.
        content = environ["wsgi.input"].read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            _read_away(environ["wsgi.input"], READ_AWAY)
            raise Problem(413, detail="a body has at most 10 MB")
        request._body = content


def check_no_body(request: HttpRequest) -> None:
    """This will refuse a body where an operation takes none: whatever it asks for would be passed over in silence.

    An empty object is none. Refuses as `StrictJson` does, and `unknown_field`.
    """
    if not request.body:
        return
    content = StrictJson().parse_body(request)
    del request.content  # type: ignore[attr-defined]  # nothing was asked, as by who sends nothing at all
    if not isinstance(content, dict):
        raise Refusal("invalid_type", "this takes no body, or an empty object")
    for name in content:
        raise Refusal("unknown_field", "there is no such field", field=name)


class StrictJson(Parser):
    """What ninja asks for the content of a body; it is kept on the request for its fingerprint."""

    def parse_body(self, request: HttpRequest) -> Any:
        """This will read a body as JSON.

        Refuses 415 for another type, 400 for what is no JSON in UTF-8, `invalid_text` (422) for NUL
        and half surrogates.
        """
        if (
            not _is_json(request.headers.get("Content-Type", ""))
            or request.headers.get("Content-Encoding", "identity") != "identity"
        ):
            raise Problem(415, detail="send application/json")
        try:
            content = json.loads(
                request.body.decode(), parse_constant=_no_constant, object_pairs_hook=each_once
            )
        except (ValueError, RecursionError) as error:
            # RecursionError: brackets in brackets, thousands deep.
            raise Problem(400, "malformed_json", "the body is no JSON in UTF-8") from error
        if _ESCAPED.search(request.body):
            _check_texts(content)
        request.content = content  # type: ignore[attr-defined]
        return content


def _read_away(sent: IO[bytes], left: int) -> None:
    while left > 0 and (piece := sent.read(min(PIECE, left))):
        left -= len(piece)


def _is_json(kind: str) -> bool:
    """Whether a Content-Type is JSON in UTF-8; the charset may be left out, written large, or in quotes."""
    name, *parameters = (part.strip().lower() for part in kind.split(";"))
    charsets = [
        value.strip().strip('"')
        for one in parameters
        for key, _, value in [one.partition("=")]
        if key.strip() == "charset"
    ]
    return name == "application/json" and all(charset in ("utf-8", "utf8") for charset in charsets)


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
