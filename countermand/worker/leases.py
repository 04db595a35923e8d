"""Rows of workers that are no more, taken over at once where that can be known.

A lease ends by itself; that is the rescue wherever several workers run. A worker that comes to a
database to which no other is connected knows more: whoever held a lease has died, or has lost its
connection and finds, by the row's `tries`, that the row is no longer its own.
"""

from typing import Any

import psycopg

# `tries` counts on at the next claim; what had been asked of a provider is looked up first, as after any lease.
LEASES = (
    """
    UPDATE refund SET lease_until = NULL WHERE id IN (SELECT id FROM refund
        WHERE state IN ('sent', 'unknown') AND method <> 'manual' AND lease_until > now()
        FOR NO KEY UPDATE SKIP LOCKED)
    """,
    """
    UPDATE message SET lease_until = now() WHERE id IN (SELECT id FROM message
        WHERE state = 'sending' AND lease_until > now() FOR NO KEY UPDATE SKIP LOCKED)
    """,
    """
    UPDATE bulk_row SET lease_until = now() WHERE id IN (SELECT id FROM bulk_row
        WHERE state = 'running' AND lease_until > now() FOR NO KEY UPDATE SKIP LOCKED)
    """,
    """
    UPDATE webhook_delivery SET lease_until = now() WHERE id IN (SELECT id FROM webhook_delivery
        WHERE state = 'sending' AND lease_until > now() FOR NO KEY UPDATE SKIP LOCKED)
    """,
)


def end_leases(connection: psycopg.Connection[Any]) -> int:
    """This will end all leases, for a worker that is alone; says how many."""
    return sum(connection.execute(statement).rowcount for statement in LEASES)
