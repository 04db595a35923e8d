"""The limit of a cancel: the same rows written by plain SQL in one transaction, driven by pgbench.

Which rows those are is not written down here: one real cancel is done, everything that its transaction
wrote is found by its number, and turned into a script of three statements.
"""

import json
import os
import re
import subprocess
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.conninfo import conninfo_to_dict

from countermand import ids, sql
from countermand.bench.ground import Ground
from countermand.embedded import binaries

UPDATED = ("order", "order_line", "payment", "payment_share", "item")
TABLES = """
SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
    AND NOT relispartition ORDER BY relname
"""
COLUMNS = """
SELECT attname, format_type(atttypid, NULL) FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = ''
    AND coalesce(pg_get_expr(adbin, adrelid), '') !~ 'nextval|pg_current_xact_id'
ORDER BY attnum
"""
KNOWN = """
SELECT o.id, p.payment_id, p.id, array_agg(l.id ORDER BY l.position), array_agg(l.item_id ORDER BY l.position)
FROM "order" o JOIN payment_share p ON p.order_id = o.id JOIN order_line l ON l.order_id = o.id
WHERE o.id = ANY(%s) GROUP BY 1, 2, 3
"""
MAPPING = """
CREATE TABLE bench_order (n int PRIMARY KEY, order_id uuid, payment_id uuid, share_id uuid, line_ids uuid[],
    item_ids uuid[], new_ids uuid[])
"""
MAPPED = ["n", "order_id", "payment_id", "share_id", "line_ids", "item_ids", "new_ids"]


@dataclass(frozen=True)
class Sample:
    """What one cancel wrote: table -> rows. `before`: what updated rows were."""

    order_id: UUID
    before: dict[str, dict[str, dict[str, Any]]]
    rows: dict[str, list[dict[str, Any]]]

    @property
    def counts(self) -> dict[str, int]:
        """This will count rows by table."""
        return {table: len(rows) for table, rows in self.rows.items()}


def before(*, order_id: UUID) -> dict[str, dict[str, dict[str, Any]]]:
    """This will keep what a cancel of the order is going to update."""
    [(_, payment, share, lines, items)] = sql.tuples(KNOWN, ([order_id],))
    keys = {
        "order": [order_id],
        "order_line": lines,
        "payment": [payment],
        "payment_share": [share],
        "item": items,
    }
    return {
        table: {
            row[0]: json.loads(row[1])
            for row in sql.tuples(
                f'SELECT id::text, to_jsonb(t) FROM "{table}" t WHERE id = ANY(%s)', (found,)
            )
        }
        for table, found in keys.items()
    }


def written(*, order_id: UUID, was: dict[str, dict[str, dict[str, Any]]]) -> Sample:
    """This will find every row that the order's cancel wrote, by the number of its transaction."""
    asked = "SELECT xid::text FROM event WHERE order_id = %s AND kind = 'cancellation.confirmed'"
    [(xid,)] = sql.tuples(asked, (order_id,))
    rows: dict[str, list[dict[str, Any]]] = {}
    for (table,) in sql.tuples(TABLES):
        found = sql.tuples(f'SELECT to_jsonb(t) FROM "{table}" t WHERE t.xmin::text = %s', (xid,))
        if found:
            rows[table] = [json.loads(row[0]) for row in found]
    return Sample(order_id, was, rows)


def prepare(*, order_ids: list[UUID], sample: Sample, base: int) -> None:
    """This will number the orders for the script, from `base` on, and give each the identities of its new rows."""
    sql.execute("DROP TABLE IF EXISTS bench_order")
    sql.execute(MAPPING)
    fresh = len(_fresh(sample, _references(sample)))
    found = sql.tuples(KNOWN, (order_ids,))
    sql.copy(
        "bench_order",
        MAPPED,
        [(n, *row, [ids.new() for _ in range(fresh)]) for n, row in enumerate(found, base)],
    )
    sql.execute("VACUUM ANALYZE bench_order")


def script(*, sample: Sample) -> str:
    """This will write pgbench's script: three statements in one transaction."""
    known = _references(sample)
    refer = known | {value: f"o.new_ids[{i}]" for i, value in enumerate(_fresh(sample, known), 1)}
    [memory] = sample.rows["idempotency"]
    first = (
        "INSERT INTO idempotency (scope, merchant_id, body_digest, created_at) VALUES (sha256(int8send(:n)), "
    )
    first += f"{memory['merchant_id']}, {_literal(memory['body_digest'], 'bytea')}, now());"
    steps = [
        f"u_{table} AS ({_update(sample, table)})"
        for table in UPDATED
        if table in sample.rows and table != "item"
    ]
    inserted = [t for t in sample.rows if t not in UPDATED and t not in ("idempotency", "movement")]
    steps += [f"i_{table} AS ({_insert(sample, table, refer)})" for table in inserted]
    numbered = "WITH o AS MATERIALIZED (SELECT * FROM bench_order WHERE n = :n)"
    second = f"{numbered},\n" + ",\n".join(steps) + "\nSELECT 1;"
    third = numbered
    if "item" in sample.rows:
        third += """,
locked AS (SELECT id FROM item WHERE id IN (SELECT unnest(item_ids) FROM o) ORDER BY id FOR NO KEY UPDATE)"""
        third += f",\nu_item AS ({_update(sample, 'item')})"
        third += f",\nmoved AS ({_insert(sample, 'movement', refer)})"
    third += (
        f"\nUPDATE idempotency SET status = {memory['status']}, answer = {_literal(memory['answer'], 'text')}"
    )
    third += " WHERE scope = sha256(int8send(:n));"
    return "\n".join(
        [
            "\\set n :base + :client_id * :each + :i",
            "\\set i :i + 1",
            "BEGIN;",
            first,
            second,
            third,
            "COMMIT;",
            "",
        ]
    )


def run(*, here: Ground, text: str, clients: int, base: int, count: int) -> float:
    """This will run the script over `count` orders from number `base` on and give transactions per second."""
    path = here.folder / "limit.sql"
    path.write_text(text)
    each = count // clients
    variables = [f"-D{name}={value}" for name, value in (("i", 0), ("base", base), ("each", each))]
    command = [str(binaries.program(name="pgbench")), "-n", "-M", "prepared", "-c", str(clients)]
    command += ["-j", str(min(clients, os.cpu_count() or 1)), "-t", str(each), "-f", str(path), *variables]
    parts = conninfo_to_dict(here.database_url)
    given = {
        "PGHOST": "host",
        "PGPORT": "port",
        "PGUSER": "user",
        "PGPASSWORD": "password",
        "PGDATABASE": "dbname",
    }
    environment = os.environ | {name: str(parts[part]) for name, part in given.items() if parts.get(part)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    wanted = f"number of transactions actually processed: {each * clients}/{each * clients}"
    rate = re.search(r"tps = ([\d.]+)", done.stdout)
    if done.returncode or wanted not in done.stdout or rate is None:
        raise RuntimeError(f"pgbench: {done.stdout[-500:]} {done.stderr[-2000:]}")
    return float(rate.group(1))


def _references(sample: Sample) -> dict[str, str]:
    """The sample's identities as the script refers to those of another order."""
    [(order, payment, share, lines, items)] = sql.tuples(KNOWN, ([sample.order_id],))
    refer = {str(order): "o.order_id", str(payment): "o.payment_id", str(share): "o.share_id"}
    refer |= {str(line): f"o.line_ids[{i}]" for i, line in enumerate(lines, 1)}
    return refer | {str(item): f"o.item_ids[{i}]" for i, item in enumerate(items, 1)}


def _fresh(sample: Sample, known: dict[str, str]) -> list[str]:
    """Identities that the cancel made: of new rows, and keys in them; others (the channel's) stay as they are."""
    found: dict[str, None] = {}
    for table, rows in sample.rows.items():
        if table in UPDATED:
            continue
        for row in rows:
            for name in ("id", "key"):
                if isinstance(row.get(name), str) and row[name] not in known:
                    found[row[name]] = None
    return list(found)


def _update(sample: Sample, table: str) -> str:
    types = dict(sql.tuples(COLUMNS, (f'"{table}"',)))
    changes = set()
    for row in sample.rows[table]:
        was = sample.before[table][row["id"]]
        changes.add(
            ", ".join(
                _set(table, name, was[name], now, types) for name, now in row.items() if was[name] != now
            )
        )
    if len(changes) > 1:
        raise RuntimeError(f"the lines of the sample differ: {changes}")
    where = {
        "order": "o.order_id",
        "payment": "o.payment_id",
        "payment_share": "o.share_id",
        "order_line": "ANY(o.line_ids)",
    }
    if table == "item":
        return f"UPDATE item t SET {changes.pop()} FROM locked WHERE t.id = locked.id"
    return f'UPDATE "{table}" t SET {changes.pop()} FROM o WHERE t.id = {where[table]}'


def _set(table: str, name: str, was: Any, now: Any, types: dict[str, str]) -> str:
    if types[name].startswith("timestamp"):
        return f"{name} = now()"
    if table == "item":
        return f"{name} = t.{name} + {now - was}"
    return f"{name} = {_literal(now, types[name])}"


def _insert(sample: Sample, table: str, refer: dict[str, str]) -> str:
    types = dict(sql.tuples(COLUMNS, (f'"{table}"',)))
    names = ", ".join(f'"{name}"' for name in types)
    selects = [
        "SELECT " + ", ".join(_value(row[name], kind, refer) for name, kind in types.items()) + " FROM o"
        for row in sample.rows[table]
    ]
    return f'INSERT INTO "{table}" ({names}) ' + " UNION ALL ".join(selects)


def _value(value: Any, kind: str, refer: dict[str, str]) -> str:
    if isinstance(value, str) and value in refer:
        return refer[value]
    if kind.startswith("timestamp") and value is not None:
        return "now()"
    return _literal(value, kind)


def _literal(value: Any, kind: str) -> str:
    if value is None:
        return f"NULL::{kind}"
    if kind.endswith("[]"):
        value = "{" + ",".join(map(str, value)) + "}"
    elif not isinstance(value, str):
        value = json.dumps(value, ensure_ascii=False)
    # pgbench takes a colon before a letter or digit for a variable of its own, in literals too.
    text = value.replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3a")
    return f"E'{text}'::{kind}"
