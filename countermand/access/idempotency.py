"""The first answer to a write that carried a key, so that sending it again does nothing twice.

The row stands first in the verb's own transaction: a twin waits for it and then finds the answer; a
process that dies leaves nothing behind (docs/decisions/0000, Transaction of `confirm`).
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from django.db import OperationalError
from psycopg.errors import LockNotAvailable

from countermand import sql
from countermand.refusals import Refusal

LONGEST_KEY = 255
RETRY_SECONDS = 2

FIRST = """
INSERT INTO idempotency (scope, merchant_id, body_digest, created_at) VALUES (%s, %s, %s, now())
ON CONFLICT (scope) DO NOTHING
"""
FOUND = "SELECT body_digest, status, answer FROM idempotency WHERE scope = %s"
REMEMBER = "UPDATE idempotency SET status = %s, answer = %s WHERE scope = %s"


@dataclass(frozen=True, slots=True)
class Stored:
    """An answer as it was given: its HTTP status and its JSON text."""

    status: int
    answer: str


def once(
    *,
    merchant_id: int,
    method: str,
    path: str,
    key: str,
    body: Any,
    act: Callable[[], tuple[int, str]],
) -> tuple[Stored, bool]:
    """This will run a write at most once per key and say whether the answer is an old one.

    `act` writes, and answers (status, JSON text); what it refuses it raises, and nothing is kept.
    Refuses `idempotency_key_reused`, `invalid_key`, and `in_progress` while a twin runs.
    """
    return _once(scope=_scope(merchant_id, method, path, key), merchant_id=merchant_id, body=body, act=act)


def first_answer(*, merchant_id: int, method: str, path: str, key: str, body: Any) -> Stored | None:
    """This will find the answer given before, or take the key for the caller's transaction (None).

    Waits for a twin that is still running, at most as long as the connection's lock_timeout.
    Refuses as `once` does.
    """
    return _first(_scope(merchant_id, method, path, key), merchant_id, body)


def remember(*, merchant_id: int, method: str, path: str, key: str, status: int, answer: str) -> None:
    """This will keep the answer to a key that `first_answer` took, in the same transaction; 2xx only."""
    _remember(_scope(merchant_id, method, path, key), status, answer)


@sql.verb
def _once(
    *, scope: bytes, merchant_id: int, body: Any, act: Callable[[], tuple[int, str]]
) -> tuple[Stored, bool]:
    before = _first(scope, merchant_id, body)
    if before is not None:
        return before, True
    status, answer = act()
    _remember(scope, status, answer)
    return Stored(status, answer), False


def _first(scope: bytes, merchant_id: int, body: Any) -> Stored | None:
    digest = sha256(_canonical(body)).digest()
    try:
        taken = sql.execute(FIRST, (scope, merchant_id, digest))
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        raise Refusal(
            "in_progress", "the same write is still running", facts={"retry_after": RETRY_SECONDS}
        ) from error
    if taken:
        return None
    found = sql.tuples(FOUND, (scope,))
    if not found:  # forgotten between the two statements: it was 30 days old
        return _first(scope, merchant_id, body)
    known, status, answer = found[0]
    if bytes(known) != digest:
        raise Refusal(
            "idempotency_key_reused", "this key came with other content before", field="Idempotency-Key"
        )
    return Stored(status, answer)


def _remember(scope: bytes, status: int, answer: str) -> None:
    if not 200 <= status < 300:
        raise ValueError("only what was done is kept: raise what is refused")
    sql.execute_with_commit(REMEMBER, (status, answer, scope))


def _scope(merchant_id: int, method: str, path: str, key: str) -> bytes:
    if not 0 < len(key) <= LONGEST_KEY:
        raise Refusal("invalid_key", f"a key has 1 to {LONGEST_KEY} characters", field="Idempotency-Key")
    return sha256(_canonical([merchant_id, method.upper(), path, key])).digest()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str).encode()
