"""Places in a list, for the next page: signed, and good only for the list that they were made for."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django.core.signing import BadSignature, Signer

from countermand.refusals import Refusal

MOST = 250
_signer = Signer(salt="countermand.list")


def make(*, place: Sequence[str], asked: Any) -> str:
    """This will write down a place (the last row's keys) in the list that `asked` describes."""
    content = json.dumps([*place, _digest(asked)], separators=(",", ":")).encode()
    return _signer.sign(urlsafe_b64encode(content).decode().rstrip("="))


def read(cursor: str, *, asked: Any) -> list[str]:
    """This will read a place back.

    Refuses `invalid_cursor` for one that is not ours, `cursor_differs` for one of another list or other filters.
    """
    try:
        content = _signer.unsign(cursor)
    except BadSignature as error:
        raise Refusal("invalid_cursor", "not a cursor of ours", field="cursor") from error
    *place, digest = json.loads(urlsafe_b64decode(content + "=" * (-len(content) % 4)))
    if digest != _digest(asked):
        raise Refusal("cursor_differs", "a cursor goes on with the same filters only", field="cursor")
    return place


def checked(limit: int) -> int:
    """This will refuse (`invalid_limit`) a page of no rows or of too many."""
    if not 1 <= limit <= MOST:
        raise Refusal("invalid_limit", f"1 to {MOST}", field="limit")
    return limit


def _digest(asked: Any) -> str:
    return sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()[:16]
