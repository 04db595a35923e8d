"""Carrying documents through: each that is due is made, numbered and frozen, in a short transaction of its own.

The number is taken last: from then on only the document's own row and its history stand between it and
the commit, so a death leaves no gap and nobody waits long for the next number.
"""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import InterfaceError, OperationalError

from countermand import faults, sql
from countermand.documents.content import compose, digest
from countermand.documents.facts import claimed, facts_of
from countermand.events.record import event, record

log = logging.getLogger(__name__)

BY = "worker"
BATCH = 100
DUE = "SELECT id FROM document WHERE state = 'due' AND not_before <= %s ORDER BY not_before, id LIMIT %s"
# The first number of a series makes its row; whoever comes at the same moment waits for it.
NEXT = """
INSERT INTO document_series AS s (id, merchant_id, name, last, last_on) VALUES (gen_random_uuid(), %(m)s, %(name)s, 1, %(on)s)
ON CONFLICT (merchant_id, name) DO UPDATE SET last = s.last + 1, last_on = greatest(s.last_on, excluded.last_on)
RETURNING last, last_on
"""
FREEZE = """
UPDATE document SET state = 'issued', error = '', series = %(series)s, number = %(number)s, label = %(label)s,
    issued_on = %(on)s, issued_at = %(at)s, content = %(content)s, digest = %(digest)s
WHERE id = %(id)s
"""
PUT_OFF = "UPDATE document SET not_before = %s, error = %s WHERE id = %s AND state = 'due'"

# Nobody has said yet who the seller is before the law: saying so makes them due at once (identity.py).
NO_IDENTITY = "legal_identity"
LATER = {NO_IDENTITY: timedelta(days=1), "corrected_first": timedelta(seconds=5)}

Going = Callable[[], bool]


def drain(*, at: datetime, going: Going = lambda: True, limit: int = BATCH) -> int:
    """This will issue documents that are due, and say how many it found."""
    due = [row[0] for row in sql.tuples(DUE, (at, limit))]
    for document_id in due:
        if not going():
            break
        try:
            issue_document(document_id=document_id, at=at)
        except (OperationalError, InterfaceError):
            raise
        except Exception as error:
            # One that cannot be made holds up no other; its words may hold a person's data.
            log.error("document %s could not be made: %s", document_id, type(error).__name__)
            sql.execute(PUT_OFF, (at + timedelta(hours=1), type(error).__name__[:100], document_id))
    return len(due)


@sql.verb
def issue_document(*, document_id: UUID, at: datetime) -> str:
    """This will give a document its content, its number and its day, for good: its label, "" when it has to wait."""
    row = claimed(document_id)
    if row is None:
        return ""
    if wait := _must_wait(row["kind"], row["legal_name"], row["corrects_id"], row["corrected_state"]):
        sql.execute(PUT_OFF, (at + LATER[wait], wait, document_id))
        return ""
    facts = facts_of(row)
    today = at.astimezone(ZoneInfo(row["timezone"])).date()
    prefix = row["note_prefix"] if row["kind"] == "credit_note" else row["receipt_prefix"]
    series = f"{'ESSAI-' if facts.specimen else ''}{prefix}-{today.year}"
    number, issued_on = _next(row["merchant_id"], series, today)
    faults.point("document.numbered")
    content = compose(facts, series=series, number=number, issued_on=issued_on)
    sql.execute(
        FREEZE,
        {
            "id": document_id,
            "series": series,
            "number": number,
            "label": content["label"],
            "on": issued_on,
            "at": at,
            "content": sql.json(content),
            "digest": digest(content),
        },
    )
    faults.point("document.frozen")
    record(
        [
            event(
                kind="document.issued",
                merchant_id=row["merchant_id"],
                at=at,
                by=BY,
                order_id=row["order_id"],
                subject=("document", document_id),
                about=row["kind"],
                label=content["label"],
                amount_minor=row["amount_minor"],
            )
        ]
    )
    return str(content["label"])


def _must_wait(kind: str, legal_name: str | None, corrects: UUID | None, corrected_state: str | None) -> str:
    if kind == "credit_note" and legal_name is None:
        return NO_IDENTITY
    return "corrected_first" if corrects and corrected_state != "issued" else ""


def _next(merchant_id: int, series: str, today: date) -> tuple[int, date]:
    [(number, issued_on)] = sql.tuples(NEXT, {"m": merchant_id, "name": series, "on": today})
    return number, issued_on
