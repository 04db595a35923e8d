"""The limit of a run that wrote many rows: COPY of the very same rows into the very same tables.

Which rows those are is not written down here: they are found by the numbers of their transactions. Indexes,
checks and foreign keys are on. The tables are emptied first, which is kinder to the limit than to us.
"""

import time
from graphlib import TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import sql as compose

from countermand.bench.ground import Ground

PIECE = 1 << 18
TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
    AND NOT relispartition ORDER BY relname
"""
COLUMNS = """
SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped
    AND attgenerated = '' ORDER BY attnum
"""
KEYS = """
SELECT c.relname, r.relname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
JOIN pg_class r ON r.oid = k.confrelid WHERE k.contype = 'f' AND c.oid <> r.oid
"""


class Copied(NamedTuple):
    """How long COPY took, and how many rows of which tables it wrote."""

    seconds: float
    rows: dict[str, int]

    @property
    def told(self) -> str:
        """This will list the tables with their rows."""
        return ", ".join(f"{count:,} {table}" for table, count in self.rows.items())


def mark(*, here: Ground) -> str:
    """This will note the moment: rows written from now on are a run's."""
    with psycopg.connect(here.database_url, autocommit=True) as connection:
        row = connection.execute("SELECT pg_current_xact_id()::xid::text").fetchone()
    assert row is not None
    return str(row[0])


def again(*, here: Ground, since: str) -> Copied:
    """This will take every row written since the mark, empty their tables and COPY them back in."""
    with psycopg.connect(here.database_url, autocommit=True) as connection:
        kept = {
            table: _unload(connection, here.folder, table, since) for table in _written(connection, since)
        }
        every = compose.SQL(", ").join(compose.Identifier(table) for table in kept)
        connection.execute(compose.SQL("TRUNCATE {} CASCADE").format(every))
        connection.execute("CHECKPOINT")
        seconds, rows = 0.0, {}
        for table in _in_order_of_keys(connection, list(kept)):
            taken, rows[table] = _load(connection, table, kept[table])
            seconds += taken
            # Not counted: without it the foreign keys of the next table are checked with a bad plan.
            connection.execute(compose.SQL("ANALYZE {}").format(compose.Identifier(table)))
            kept[table].unlink()
    return Copied(seconds, rows)


def _written(connection: psycopg.Connection, since: str) -> list[str]:
    found = [str(name) for (name,) in connection.execute(TABLES)]
    asked = compose.SQL("SELECT EXISTS (SELECT 1 FROM {} t WHERE {})")
    return [
        table
        for table in found
        if connection.execute(asked.format(compose.Identifier(table), _since(since))).fetchone() == (True,)
    ]


def _since(since: str) -> compose.Composable:
    return compose.SQL("age(t.xmin) < age({}::xid)").format(compose.Literal(since))


def _unload(connection: psycopg.Connection, folder: Path, table: str, since: str) -> Path:
    path = folder / f"{table}.copy"
    statement = compose.SQL("COPY (SELECT {} FROM {} t WHERE {}) TO STDOUT").format(
        _columns(connection, table), compose.Identifier(table), _since(since)
    )
    with path.open("wb") as file, connection.cursor() as cursor, cursor.copy(statement) as stream:
        for piece in stream:
            file.write(piece)
    return path


def _load(connection: psycopg.Connection, table: str, path: Path) -> tuple[float, int]:
    statement = compose.SQL("COPY {} ({}) FROM STDIN").format(
        compose.Identifier(table), _columns(connection, table)
    )
    with path.open("rb") as file, connection.cursor() as cursor:
        begun = time.perf_counter()
        with cursor.copy(statement) as stream:
            while piece := file.read(PIECE):
                stream.write(piece)
        return time.perf_counter() - begun, cursor.rowcount


def _columns(connection: psycopg.Connection, table: str) -> compose.Composable:
    quoted = compose.Identifier(table).as_string()
    return compose.SQL(", ").join(
        compose.Identifier(name) for (name,) in connection.execute(COLUMNS, (quoted,))
    )


def _in_order_of_keys(connection: psycopg.Connection, tables: list[str]) -> list[str]:
    before: dict[str, set[str]] = {table: set() for table in tables}
    for table, referred in connection.execute(KEYS):
        if table in before and referred in before:
            before[table].add(referred)
    return list(TopologicalSorter(before).static_order())
