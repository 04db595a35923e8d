"""The database wrapper that Django loads by this name."""

import select
from collections.abc import Callable
from typing import Any

import psycopg
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """This will hand out pooled connections that the server has not hung up on.

    After a restart of the server every idle connection is dead, and each would cost one caller an
    error. The pool's own check is a round trip for every request; this looks at the socket only.

    And it sends a verb's last statements in one go with the COMMIT (`with_commit`): what they lock is held while
    the server works, and not while the caller waits for its turn. Whoever asks anything before then
    finds them done: every cursor sends first what waits.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting: list[tuple[bool, Callable[[], object]]] = []

    def with_commit(self, send: Callable[[], object], *, last: bool = False) -> None:
        """This will keep a statement for the COMMIT of this transaction; `last` ones follow all others."""
        self._waiting.append((last, send))

    def send_waiting(self) -> None:
        """This will send what waits for the COMMIT now, since somebody asks for what it wrote."""
        waiting, self._waiting = self._waiting, []
        for _, send in sorted(waiting, key=lambda each: each[0]):
            send()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """This will take a connection out of the pool, or open one where there is no pool."""
        connection = super().get_new_connection(conn_params)
        pool = self.pool
        # Bounded by the pool's size: a server that keeps talking to idle clients is served all the same.
        for _ in range(pool.max_size if pool else 0):
            if not _has_hung_up(connection):
                break
            connection.close()
            pool.putconn(connection)  # which replaces what is closed
            connection = super().get_new_connection(conn_params)
        return connection

    def _cursor(self, name: str | None = None) -> Any:
        if self._waiting:
            self.send_waiting()
        return super()._cursor(name)  # type: ignore[misc]

    def _commit(self) -> None:
        if not self._waiting or self.connection is None:
            super()._commit()  # type: ignore[misc]
            return
        # As a statement of the pipeline: `commit()` would wait for an answer of its own, and its end for another.
        with self.wrap_database_errors, self.connection.pipeline():
            self.send_waiting()
            psycopg.Cursor(self.connection).execute("COMMIT", prepare=True)

    def _rollback(self) -> Any:
        self._waiting = []
        return super()._rollback()  # type: ignore[misc]

    def close(self) -> None:
        """This will give the connection back; what waited for a COMMIT is gone with its transaction."""
        self._waiting = []
        super().close()


def _has_hung_up(connection: psycopg.Connection[Any]) -> bool:
    """An idle connection has nothing to read, unless its end or a last word from the server."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
