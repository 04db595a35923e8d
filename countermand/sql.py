"""The one door to raw SQL: psycopg on Django's own connection, prepared, and counted.

The hot paths (intake, confirm, drains) write sets, not objects; everything else uses the ORM.
Statements run in the transaction that Django's `atomic` opened.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import orjson
import psycopg
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from psycopg.rows import dict_row, tuple_row
from psycopg.types.json import Jsonb, set_json_dumps

from countermand import faults

P = ParamSpec("P")
R = TypeVar("R")

Params = Mapping[str, Any] | Sequence[Any]
_watchers: list[Callable[[str], None]] = []


def _compact(value: Any) -> bytes:
    return orjson.dumps(value, default=str)


set_json_dumps(_compact)


def json(value: Any) -> Jsonb:
    """This will wrap a value so that it is sent as jsonb (UUIDs, dates and instants as text)."""
    return Jsonb(value)


def _here() -> Any:
    # Asked for once: each attribute of Django's `connection` looks for it anew. Under `atomic` autocommit is off on
    # this very connection, so a raw cursor is inside the same transaction; outside, each statement is its own.
    here = connections[DEFAULT_DB_ALIAS]
    here.ensure_connection()
    here.send_waiting()  # type: ignore[attr-defined]
    return here


def _asked(row_factory: Any, statement: str, params: Params, kept: bool = True) -> psycopg.Cursor[Any]:
    here = _here()
    for watch in _watchers:
        watch(statement)
    cursor = psycopg.Cursor(here.connection, row_factory=row_factory)
    with here.wrap_database_errors:
        cursor.execute(statement, params or None, prepare=kept)
    return cursor


def _has_rows(cursor: psycopg.Cursor[Any]) -> bool:
    # Asked of libpq: `description` would first describe every column, for each of 200 cancels a second.
    return cursor.pgresult is not None and cursor.pgresult.nfields > 0


def rows(statement: str, params: Params = (), *, kept: bool = True) -> list[dict[str, Any]]:
    """This will run one statement and hand back its rows as dicts (jsonb as text, as Django has it).

    `kept` False plans it for these very values: for searches, whose best plan hangs on how common a word is.
    """
    cursor = _asked(dict_row, statement, params, kept)
    return cursor.fetchall() if _has_rows(cursor) else []


def tuples(statement: str, params: Params = ()) -> list[tuple[Any, ...]]:
    """This will run one statement and hand back its rows as tuples."""
    cursor = _asked(tuple_row, statement, params)
    return cursor.fetchall() if _has_rows(cursor) else []


def one(statement: str, params: Params = ()) -> dict[str, Any] | None:
    """This will run one statement and hand back its first row, or None."""
    found = rows(statement, params)
    return found[0] if found else None


def execute(statement: str, params: Params = ()) -> int:
    """This will run one statement and say how many rows it touched."""
    return _asked(tuple_row, statement, params).rowcount


def execute_with_commit(statement: str, params: Params = (), *, last: bool = False) -> None:
    """This will send a statement in one go with the COMMIT of the verb, `last` ones at the very end.

    For what nobody reads before: rows that others wait for (counters of articles) are then locked for the
    server's work alone. Asked anything earlier, the connection sends it first. What it refuses, the COMMIT raises.
    """
    here: Any = connections[DEFAULT_DB_ALIAS]
    if not here.in_atomic_block or any(here.savepoint_ids):
        execute(statement, params)
        return
    for watch in _watchers:
        watch(statement)

    def send() -> None:
        with here.wrap_database_errors:
            psycopg.Cursor(here.connection).execute(statement, params or None, prepare=True)

    here.with_commit(send, last=last)


def copy(table: str, columns: Sequence[str], rows_in: Iterable[Sequence[Any]]) -> None:
    """This will stream rows into a table with COPY, in the caller's transaction."""
    statement = f'COPY "{table}" ({", ".join(columns)}) FROM STDIN'
    for watch in _watchers:
        watch(statement)
    here = _here()
    with here.wrap_database_errors, psycopg.Cursor(here.connection).copy(statement) as stream:
        for row in rows_in:
            stream.write_row(row)


@contextmanager
def watched(watch: Callable[[str], None]) -> Iterator[None]:
    """This will call `watch` with the text of every raw statement meanwhile: counts in tests and benches."""
    _watchers.append(watch)
    try:
        yield
    finally:
        _watchers.remove(watch)


def over_whole_tables() -> None:
    """This will let the rest of the caller's transaction read whole tables, and plan for it: audits and exports.

    Everybody else asks by key, and connections plan for that alone (config/settings.py).
    """
    execute("SELECT set_config('enable_seqscan', 'on', true), set_config('plan_cache_mode', 'auto', true)")


def verb(function: Callable[P, R]) -> Callable[P, R]:
    """This will run an action as one transaction, whole again up to 3 times when it met a deadlock.

    A verb inside a verb joins the outer transaction and is not repeated by itself: the outer one is.
    Each has three places to die at, by its name: begun, before_commit, committed (`faults`).
    """
    name = function.__name__.lstrip("_")

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return function(*args, **kwargs)
        for last in (False, False, True):
            try:
                with transaction.atomic():
                    faults.point(f"{name}.begun")
                    answer = function(*args, **kwargs)
                    faults.point(f"{name}.before_commit")
                faults.point(f"{name}.committed")
                return answer
            except Exception as error:
                cause = error.__cause__ or error
                again = isinstance(
                    cause, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure
                )
                if last or not again:
                    raise
        raise AssertionError("unreachable")

    return run
