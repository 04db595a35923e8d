"""Functions that start together, each in a thread with a database connection of its own.

The threads and their connections are kept for the next race: a new connection has to learn every table
anew, which costs more than the race.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from countermand.refusals import Refusal

_RUNNERS = ThreadPoolExecutor(max_workers=32, thread_name_prefix="at-once")
PATIENCE = 120  # seconds until something hangs; a busy machine takes its time


def at_once(*runs: Callable[[], object]) -> list[BaseException | None]:
    """This will run functions in threads that start together; what each raised, or None."""
    start = threading.Barrier(len(runs))
    going = [_RUNNERS.submit(_go, start, run) for run in runs]
    return [one.result(PATIENCE) for one in going]


def _go(start: threading.Barrier, run: Callable[[], object]) -> BaseException | None:
    try:
        _connect()
        start.wait(PATIENCE)
        run()
    except Refusal as error:
        return error
    except BaseException as error:  # whoever asked judges it; the connection may be anything now
        connection.close()
        return error
    return None


def _connect() -> None:
    """A test that ends every connection ended the kept one too; and who waits on a busy machine does not hang."""
    if connection.connection is not None and not connection.is_usable():
        connection.close()
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{PATIENCE}s'")


def refused(error: BaseException | None) -> bool:
    """This will say whether a function did its work or said why not."""
    return error is None or isinstance(error, Refusal)
