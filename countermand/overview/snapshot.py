"""One moment for several questions, so that a page's sums and its lists tell the same story."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from countermand import sql


@contextmanager
def one_snapshot() -> Iterator[None]:
    """This will let every statement inside see the database as it was at the first of them.

    Inside a caller's transaction it is that one's view, which may see its own writes.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        sql.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
