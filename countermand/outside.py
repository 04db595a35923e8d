"""The threshold: whatever calls somebody outside says so here first.

Nothing may leave while a transaction of the caller's is open, since a rollback would forget what the
world remembers (docs/decisions/0000, Carrying through). Held everywhere and always, not only in tests; tests
watch besides that an attempt was committed before.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

Watch = Callable[[str, dict[str, Any]], None]
_watchers: list[Watch] = []


class LeftInsideTransaction(RuntimeError):
    """A mistake of ours: something was about to leave before what it stands on was committed."""


def leaving(call: str, **facts: Any) -> None:
    """This will let a call leave, or stop it (raises) where a transaction is open on this thread's connection."""
    if connection.in_atomic_block:
        raise LeftInsideTransaction(call)
    for watch in _watchers:
        watch(call, facts)


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """This will show every leaving call to `watch` meanwhile; what it raises stops the call."""
    _watchers.append(watch)
    try:
        yield
    finally:
        _watchers.remove(watch)
