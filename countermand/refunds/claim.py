"""Taking due refunds for oneself: a lease, an attempt, and who was asked before. One short transaction."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from countermand import heartbeat, sql
from countermand.events.record import event, record
from countermand.payments.providers.port import Paid
from countermand.refunds.waiting import LEASE_SECONDS

CREDIT_METHODS = ("store_credit", "gift_card")

CLAIM = """
WITH due AS (
    SELECT id, state FROM refund
    WHERE state IN ('planned', 'sent', 'unknown') AND method <> 'manual' AND not_before <= %(at)s
        AND (lease_until IS NULL OR lease_until <= %(at)s)
    ORDER BY not_before LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
), claimed AS (
    UPDATE refund r SET state = CASE due.state WHEN 'planned' THEN 'sent' ELSE due.state END,
        lease_until = %(lease)s, lease_by = %(worker)s, tries = r.tries + 1
    FROM due WHERE r.id = due.id
    RETURNING r.id, r.merchant_id, r.order_id, r.share_id, r.kind, r.method, r.key, r.amount_minor, r.currency,
        r.tries, due.state AS before
)
SELECT c.*, p.id AS payment_id, p.provider, p.account, p.provider_reference, p.amount_minor AS paid_minor,
    p.confirmed_at IS NOT NULL AS confirmed, p.state = 'disputed' AS disputed, before.asked, before.asked_at
FROM claimed c JOIN payment_share s ON s.id = c.share_id JOIN payment p ON p.id = s.payment_id
CROSS JOIN LATERAL (SELECT count(*) AS asked, max(a.started_at) AS asked_at FROM refund_attempt a
    WHERE a.refund_id = c.id AND a.call <> 'look_up') before
"""
ATTEMPT = """
INSERT INTO refund_attempt (merchant_id, refund_id, number, call, started_at, outcome, error)
SELECT merchant_id, refund_id, number, call, %s, '', ''
FROM jsonb_to_recordset(%s) AS x(merchant_id int, refund_id uuid, number int, call text)
RETURNING id, refund_id
"""
RENEW = """
UPDATE refund r SET lease_until = %s FROM jsonb_to_recordset(%s) AS x(id uuid, tries int)
WHERE r.id = x.id AND r.tries = x.tries AND r.state IN ('sent', 'unknown') RETURNING r.id
"""


@dataclass(slots=True)
class Claim:
    """A refund that this worker holds until its lease ends. `tries` is its fence: who claims it later
    has a higher one, and whatever we still bring then is not taken.

    `before`: its state when it was claimed. `asked`, `asked_at`: how often and when last money was asked
    to move for it before.
    `call`: what is to be asked next: look_up, refund, void, or credit (our own books, nobody is asked).
    """

    id: UUID
    merchant_id: int
    order_id: UUID
    kind: str
    method: str
    key: UUID
    amount_minor: int
    tries: int
    before: str
    payment_id: UUID
    provider: str
    paid: Paid
    confirmed: bool
    disputed: bool
    asked: int
    asked_at: datetime | None
    call: str
    attempt: int | None = None


@sql.verb
def claim(*, limit: int, by: str, at: datetime) -> list[Claim]:
    """This will take up to `limit` due refunds of all merchants, and write down whom it will ask for each."""
    lease = at + timedelta(seconds=LEASE_SECONDS)
    due = {"at": at, "limit": limit, "lease": lease, "worker": heartbeat.number()}
    claims = [_claim(row) for row in sql.rows(CLAIM, due)]
    attempt(claims, by=by, at=at)
    return claims


def attempt(claims: list[Claim], *, by: str, at: datetime) -> None:
    """This will write down the calls that are about to be made, in the caller's transaction."""
    outside = [one for one in claims if one.call != "credit"]
    if not outside:
        return
    asked = [
        {"merchant_id": one.merchant_id, "refund_id": one.id, "number": one.tries, "call": one.call}
        for one in outside
    ]
    written = {refund: number for number, refund in sql.tuples(ATTEMPT, (at, sql.json(asked)))}
    for one in outside:
        one.attempt = written[one.id]
    record(
        event(
            kind="refund.sent",
            merchant_id=one.merchant_id,
            at=at,
            by=by,
            order_id=one.order_id,
            subject=("refund", one.id),
            amount_minor=one.amount_minor,
            movement=one.kind,
        )
        for one in outside
        if one.call != "look_up" and one.asked_at is None
    )


def renew(claims: list[Claim], *, at: datetime) -> set[UUID]:
    """This will prolong leases, and say which of the refunds are still ours."""
    held = sql.json([{"id": one.id, "tries": one.tries} for one in claims])
    return {row[0] for row in sql.tuples(RENEW, (at + timedelta(seconds=LEASE_SECONDS), held))}


def _claim(row: dict[str, Any]) -> Claim:
    return Claim(
        id=row["id"],
        merchant_id=row["merchant_id"],
        order_id=row["order_id"],
        kind=row["kind"],
        method=row["method"],
        key=row["key"],
        amount_minor=row["amount_minor"],
        tries=row["tries"],
        before=row["before"],
        payment_id=row["payment_id"],
        provider=row["provider"],
        paid=Paid(row["account"], row["provider_reference"] or "", row["currency"], row["paid_minor"]),
        confirmed=row["confirmed"],
        disputed=row["disputed"],
        asked=row["asked"],
        asked_at=row["asked_at"],
        call=_first_call(row),
    )


def _first_call(row: dict[str, Any]) -> str:
    """Our own books need nobody; what may have happened, or was never confirmed, is looked up first."""
    if row["method"] in CREDIT_METHODS and row["kind"] == "refund":
        return "credit"
    sure = row["before"] == "planned" and row["confirmed"] and not row["disputed"] and row["kind"] == "refund"
    return "refund" if sure else "look_up"
