"""How every write is answered: once per key, from memory when it comes again."""

from collections.abc import Callable
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse

from countermand.access import idempotency
from countermand.api.bearer import bearer_of
from countermand.api.reading import check_no_body
from countermand.refusals import fits

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
NO_CONTENT = 204

Work = Callable[[], tuple[int, Any]]
# From an answer as it is kept to what is said besides and may stand in no table.
Unkept = Callable[[Any], dict[str, Any]]


def answer(content: Any, status: int = 200) -> HttpResponse:
    """This will write an answer as JSON."""
    return _json(_text(content), status)


def once(request: HttpRequest, work: Work, *, unkept: Unkept | None = None) -> HttpResponse:
    """This will do a write, at most once per Idempotency-Key, and answer what it answers: (status, content).

    With a key, `work` runs inside one transaction with the key's row, and as a whole again after a deadlock.
    `unkept` adds a secret to the answer, made anew each time: what is kept under the key is without it.
    """
    if not hasattr(request, "content"):
        check_no_body(request)
    key = request.headers.get(HEADER)
    if key is None:
        status, content = work()
        return answer({**content, **unkept(content)} if unkept else content, status)
    fits(key, field=HEADER, longest=idempotency.LONGEST_KEY)

    def act() -> tuple[int, str]:
        status, content = work()
        return status, _text(content)

    stored, replayed = idempotency.once(
        merchant_id=bearer_of(request).merchant_id,
        method=request.method or "",
        path=request.path,
        key=key,
        body=getattr(request, "content", None),
        act=act,
    )
    text = stored.answer
    if unkept:
        kept = orjson.loads(text)
        text = _text({**kept, **unkept(kept)})
    response = _json(text, stored.status)
    if replayed:
        response.headers[REPLAYED] = "true"
    return response


def _text(content: Any) -> str:
    return orjson.dumps(content).decode()


def _json(text: str, status: int) -> HttpResponse:
    if status == NO_CONTENT:
        return HttpResponse(status=status)
    return HttpResponse(text, status=status, content_type="application/json")
