"""How history is written: one statement for all facts of a verb, inside its transaction."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import sql

INSERT = """
INSERT INTO event (merchant_id, at, kind, by, order_id, subject_type, subject_id, facts)
SELECT merchant_id, at, kind, by, order_id, subject_type, subject_id, facts
FROM jsonb_to_recordset(%s) AS x(merchant_id int, at timestamptz, kind text, by text, order_id uuid,
    subject_type text, subject_id uuid, facts jsonb)
"""


def event(
    *,
    kind: str,
    merchant_id: int,
    at: datetime,
    by: str,
    order_id: UUID | None = None,
    subject: tuple[str, UUID | None] = ("order", None),
    **facts: Any,
) -> dict[str, Any]:
    """This will make the row of one fact. Facts hold ids and amounts only, never a person's data."""
    return {
        "merchant_id": merchant_id,
        "at": at,
        "kind": kind,
        "by": by,
        "order_id": order_id,
        "subject_type": subject[0],
        "subject_id": subject[1] or order_id,
        "facts": facts,
    }


def record(events: Iterable[dict[str, Any]]) -> None:
    """This will write facts into the history, in the caller's transaction."""
    rows = list(events)
    if rows:
        sql.execute(INSERT, (sql.json(rows),))
