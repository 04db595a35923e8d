"""How a worker is seen to be alive: an advisory lock on its own connection. No table, nothing to clean up.

The server drops the lock with the connection, however the worker ends. Workers share it, so any
number may run. A worker touches its connection at every round; one that hangs grows stale.
"""

from collections.abc import Callable

import psycopg

from countermand import sql

KEY = 0x436F756E74  # "Count"
# A round is at most one batch, and a batch may wait for a slow provider or mail server.
STALE_SECONDS = 300

ALIVE = """
SELECT count(*) AS workers
FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted AND l.mode = 'ShareLock'
    AND (l.classid::bigint << 32 | l.objid::bigint) = %(key)s
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND a.state_change > clock_timestamp() - make_interval(secs => %(stale)s)
"""


def hold(
    connection: "psycopg.Connection[tuple[object, ...]]", *, alone: Callable[[], object] = lambda: None
) -> None:
    """This will show, for as long as the connection lives, that a worker runs.

    Where no other does, `alone` is called first, and no other begins before it has ended.
    """
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", (KEY,)).fetchone()
    nobody_else = bool(row and row[0])
    if nobody_else:
        alone()
    connection.execute("SELECT pg_advisory_lock_shared(%s)", (KEY,))
    if nobody_else:
        connection.execute("SELECT pg_advisory_unlock(%s)", (KEY,))


def beat(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """This will show that the worker still goes round."""
    connection.execute("SELECT 1")


def workers() -> int:
    """This will count the workers that are connected to this database and go round."""
    found = sql.one(ALIVE, {"key": KEY, "stale": STALE_SECONDS})
    return int(found["workers"]) if found else 0
