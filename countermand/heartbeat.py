"""How a worker is seen to be alive: advisory locks on its own connection. No table, nothing to clean up.

The server drops them with the connection, however the worker ends. One is shared by all workers, so any
number may run; a worker touches its connection at every round, and one that hangs grows stale. The other is
the worker's own number: rows that it takes bear it (`lease_by`), and whoever can get the lock of a number
knows that nobody works under it any more.
"""

import secrets
from typing import Any

import psycopg

from countermand import sql

KEY = 0x436F756E74  # "Count"
NUMBERS = 0x4C656173  # "Leas": the key space of numbers among this database's advisory locks
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

Connection = psycopg.Connection[Any]
_number: int | None = None


def hold(connection: Connection) -> None:
    """This will show, for as long as the connection lives, that a worker runs."""
    connection.execute("SELECT pg_advisory_lock_shared(%s)", (KEY,))


def draw_number(connection: Connection) -> None:
    """This will give this process a number of its own, for as long as the connection lives.

    Drawn anew with each connection: what was taken under a lost one is anybody's.
    """
    global _number
    while True:
        drawn = 1 + secrets.randbelow(2**31 - 1)
        if _got(connection, "pg_try_advisory_lock", drawn):
            _number = drawn
            return


def forget_number() -> None:
    """This will have this process take rows as nobody in particular again: their leases end by time alone."""
    global _number
    _number = None


def number() -> int | None:
    """This will give the number under which this process takes rows; None where it is no worker."""
    return _number


def is_dead(connection: Connection, *, number: int) -> bool:
    """This will say whether nobody works under a number, and keep it so until the transaction ends."""
    return number != _number and _got(connection, "pg_try_advisory_xact_lock", number)


def beat(connection: Connection) -> None:
    """This will show that the worker still goes round."""
    connection.execute("SELECT 1")


def workers() -> int:
    """This will count the workers that are connected to this database and go round."""
    found = sql.one(ALIVE, {"key": KEY, "stale": STALE_SECONDS})
    return int(found["workers"]) if found else 0


def _got(connection: Connection, lock: str, drawn: int) -> bool:
    row = connection.execute(f"SELECT {lock}(%s, %s)", (NUMBERS, drawn)).fetchone()
    return bool(row and row[0])
