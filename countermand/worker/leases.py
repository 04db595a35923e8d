"""Rows of workers that are no more, taken over at once.

A lease ends by itself; that is the rescue that always comes. But a row bears its worker's number, and a
number whose lock is free is nobody's (heartbeat.py): its worker has died, or has lost its connection and
finds, by the row's `tries`, that the row is no longer its own. So each worker looks at every round.
"""

from typing import LiteralString

from countermand import heartbeat

# Each has an index of the rows in hand alone: this costs nothing where nobody died.
TABLES: tuple[LiteralString, ...] = ("refund", "message", "letter", "bulk_row", "webhook_delivery", "capture")
ENDED: dict[str, LiteralString] = {
    "refund": "NULL"
}  # which no longer waits for anybody then; the others are asked for by time
IN_HAND = " UNION ".join(f"SELECT lease_by FROM {table} WHERE lease_by IS NOT NULL" for table in TABLES)

# `tries` counts on at the next claim; what had been asked of a provider is looked up first, as after any lease.
# Who holds a row's lock right now is writing its outcome: the next round sees.
END: LiteralString = """
UPDATE {table} SET lease_until = {ended}, lease_by = NULL
WHERE id IN (SELECT id FROM {table} WHERE lease_by = %s FOR NO KEY UPDATE SKIP LOCKED)
"""


def end_leases_of_the_dead(connection: heartbeat.Connection) -> int:
    """This will end the leases of workers that are no more, and say how many."""
    ended = 0
    for (number,) in connection.execute(IN_HAND).fetchall():
        with connection.transaction():
            if heartbeat.is_dead(connection, number=number):
                ended += sum(connection.execute(_end(table), (number,)).rowcount for table in TABLES)
    return ended


def _end(table: str) -> LiteralString:
    return END.format(table=table, ended=ENDED.get(table, "now()"))
