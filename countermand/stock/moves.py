"""How units move, as sets: counters and the movements that explain them change in one statement.

Called last in a verb, with whatever it locked before (docs/decisions/0000, Transaction of `confirm`).
Articles kept without stock are passed over.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import sql

LOCK = """
SELECT id FROM item WHERE merchant_id = %(m)s AND id = ANY(%(ids)s) AND on_hand IS NOT NULL
ORDER BY id FOR NO KEY UPDATE
"""

# What would take on hand below nothing takes what there is: units that left were there, whatever was
# counted, so the order's units are right and the movement says what the counter did not have.
MOVE = """
WITH asked AS (
    SELECT x.*, i.on_hand AS before,
        sum(x.on_hand) OVER (PARTITION BY x.item_id ORDER BY x.n) AS running
    FROM jsonb_to_recordset(%(moves)s) AS x(n int, kind text, item_id uuid, on_hand int, allocated int,
        order_id uuid, cancellation_id uuid, note text)
    JOIN item i ON i.id = x.item_id AND i.merchant_id = %(m)s
    WHERE i.on_hand IS NOT NULL
), moved AS (
    SELECT *, greatest(before + running, 0) - greatest(before + running - on_hand, 0) AS taken FROM asked
), changed AS (
    UPDATE item i SET on_hand = i.on_hand + d.on_hand, allocated = i.allocated + d.allocated, updated_at = %(at)s
    FROM (SELECT item_id, sum(taken)::int AS on_hand, sum(allocated)::int AS allocated FROM moved GROUP BY 1) d
    WHERE i.id = d.item_id
    RETURNING i.id
)
INSERT INTO movement (merchant_id, item_id, kind, on_hand_delta, allocated_delta, order_id, cancellation_id, at, by, note)
SELECT %(m)s, m.item_id, m.kind, m.taken, m.allocated, m.order_id, m.cancellation_id, %(at)s, %(by)s,
    m.note || CASE WHEN m.taken = m.on_hand THEN '' ELSE -m.on_hand || ' expédiés, ' || -m.taken || ' en stock' END
FROM moved m JOIN changed c ON c.id = m.item_id ORDER BY m.n
"""

Units = Mapping[str, Any]  # item_id, order_id, quantity


def allocate(*, merchant_id: int, moves: Iterable[Units], by: str, at: datetime) -> None:
    """This will promise units to orders: allocated rises, and may exceed what is on hand."""
    rows = [_row("allocated", order, item, allocated=n) for (order, item), n in _summed(moves)]
    _move(merchant_id=merchant_id, rows=rows, by=by, at=at)


def let_go(*, merchant_id: int, moves: Iterable[Units], by: str, at: datetime) -> None:
    """This will take back a promise of units: allocated falls, what is on hand stays."""
    rows = [_row("released", order, item, allocated=-n) for (order, item), n in _summed(moves)]
    _move(merchant_id=merchant_id, rows=rows, by=by, at=at)


def ship(*, merchant_id: int, moves: Iterable[Units], by: str, at: datetime) -> None:
    """This will take promised units off hand and off allocation, on hand never below 0."""
    rows = [_row("shipped", order, item, on_hand=-n, allocated=-n) for (order, item), n in _summed(moves)]
    _move(merchant_id=merchant_id, rows=rows, by=by, at=at)


def unship(*, merchant_id: int, moves: Iterable[Units], by: str, at: datetime) -> None:
    """This will bring units home that never really left: on hand again, and promised to their order again."""
    rows = [_row("returned", order, item, on_hand=n, allocated=n) for (order, item), n in _summed(moves)]
    _move(merchant_id=merchant_id, rows=rows, by=by, at=at)


def put_back(
    *,
    merchant_id: int,
    moves: Iterable[Units],
    by: str,
    at: datetime,
    kind: str = "restocked",
    note: str = "",
) -> None:
    """This will put units on hand again that had left it: `restocked` or `returned`."""
    rows = [_row(kind, order, item, on_hand=n, note=note) for (order, item), n in _summed(moves)]
    _move(merchant_id=merchant_id, rows=rows, by=by, at=at)


def _summed(moves: Iterable[Units]) -> list[tuple[tuple[UUID, UUID], int]]:
    """One movement per order and article, however many lines it has of it."""
    units: dict[tuple[UUID, UUID], int] = {}
    for move in moves:
        key = (move["order_id"], move["item_id"])
        units[key] = units.get(key, 0) + move["quantity"]
    return [entry for entry in units.items() if entry[1]]


def _row(
    kind: str, order_id: UUID, item_id: UUID, *, on_hand: int = 0, allocated: int = 0, note: str = ""
) -> dict[str, Any]:
    return {
        "kind": kind,
        "item_id": item_id,
        "on_hand": on_hand,
        "allocated": allocated,
        "order_id": order_id,
        "note": note,
    }


def _move(*, merchant_id: int, rows: list[dict[str, Any]], by: str, at: datetime) -> None:
    if not rows:
        return
    # Locked in a statement of its own: the next one's snapshot then sees what the last holder wrote.
    items = sorted({row["item_id"] for row in rows})
    if sql.execute(LOCK, {"m": merchant_id, "ids": items}) == 0:
        return
    numbered = [row | {"n": n} for n, row in enumerate(rows)]
    sql.execute(MOVE, {"m": merchant_id, "moves": sql.json(numbered), "by": by, "at": at})
