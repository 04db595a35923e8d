"""A refund as plain facts, and how it is locked and read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from json import loads
from typing import NamedTuple
from uuid import UUID

from countermand import sql

LOCK_AND_READ = """
SELECT r.id, r.order_id, r.cancellation_id, r.reimbursement_id, r.share_id, r.kind, r.method, r.amount_minor,
    r.state, r.carried_by, r.asked_at, r.sent_back_at, r.key, r.tries, r.not_before, r.error, r.provider_refund, r.evidence, r.settled_at,
    r.due_at, r.created_at,
    (SELECT jsonb_agg(jsonb_build_array(t.target, t.line_id, t.amount_minor, t.tax_minor) ORDER BY t.id)
     FROM refund_target t WHERE t.refund_id = r.id) AS targets
FROM refund r WHERE r.merchant_id = %s AND r.id = ANY(%s) ORDER BY r.id FOR NO KEY UPDATE
"""


class Goal(NamedTuple):
    """What a refund is for: units of a line, shipping, fees, goodwill; `tax` is the tax inside `amount`."""

    target: str
    line_id: UUID | None
    amount: int
    tax: int


@dataclass(slots=True)
class RefundFacts:
    """A refund as it stands; the verbs of `Changes` move it on."""

    id: UUID
    order_id: UUID
    cancellation_id: UUID | None
    reimbursement_id: UUID | None
    share_id: UUID
    kind: str
    method: str
    amount_minor: int
    state: str
    carried_by: str
    asked_at: datetime | None
    sent_back_at: datetime | None
    key: UUID
    tries: int
    not_before: datetime
    error: str
    provider_refund: str
    evidence: str
    settled_at: datetime | None
    due_at: date | datetime | None
    created_at: datetime
    targets: list[Goal]


def locked(*, merchant_id: int, refund_ids: Iterable[UUID]) -> dict[UUID, RefundFacts]:
    """This will lock refunds and read them; their orders are locked before."""
    found = sql.rows(LOCK_AND_READ, (merchant_id, list(refund_ids)))
    return {row["id"]: RefundFacts(**{**row, "targets": _targets(row["targets"])}) for row in found}


def _targets(found: str | None) -> list[Goal]:
    rows = loads(found) if found else ()
    return [Goal(target, UUID(line) if line else None, amount, tax) for target, line, amount, tax in rows]
