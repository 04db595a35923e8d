"""The wake-up of the worker: best effort, after commit. The sweep each second is what carries."""

import time

from django.db import transaction

from countermand import sql

CHANNEL = "countermand_due"
PAUSE_SECONDS = 0.1
_last = 0.0


def ping() -> None:
    """This will wake the worker once the transaction has committed, at most ten times a second per process."""
    transaction.on_commit(_send)


def _send() -> None:
    global _last
    now = time.monotonic()
    if now - _last < PAUSE_SECONDS:
        return  # the worker is awake already, and sweeps each second anyway
    _last = now
    sql.execute(f"NOTIFY {CHANNEL}")
