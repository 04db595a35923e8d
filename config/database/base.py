"""The database wrapper that Django loads by this name."""

import select
from typing import Any

import psycopg
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """This will hand out pooled connections that the server has not hung up on.

    After a restart of the server every idle connection is dead, and each would cost one caller an
    error. The pool's own check is a round trip for every request; this looks at the socket only.
    """

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


def _has_hung_up(connection: psycopg.Connection[Any]) -> bool:
    """An idle connection has nothing to read, unless its end or a last word from the server."""
    if connection.closed:
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
