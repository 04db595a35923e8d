"""The sandbox provider's own books: its side of the wire. `calls` counts what asked for money to move.

`open_payments` is how a payment comes to stand in them: an order that comes in has been paid there.
"""

from collections.abc import Sequence
from typing import Any

from countermand import sql

# A payment that was given back in part before we heard of it shows that as a refund of somebody else's.
OPEN = """
WITH given AS (
    SELECT * FROM jsonb_to_recordset(%s) AS x(account text, reference text, currency text, amount_minor bigint,
        captured_minor bigint, voided boolean, refunded_elsewhere_minor bigint)
), opened AS (
    INSERT INTO sandbox_payment (account, reference, currency, amount_minor, captured_minor, refunded_minor, voided, calls)
    SELECT account, reference, currency, amount_minor, captured_minor, refunded_elsewhere_minor,
        coalesce(voided, false), 0
    FROM given
    ON CONFLICT (account, reference) DO NOTHING
    RETURNING id, account, reference
)
INSERT INTO sandbox_refund (payment_id, key, refund_id, amount_minor, state, tries)
SELECT o.id, 'elsewhere', '', g.refunded_elsewhere_minor, 'elsewhere', 0
FROM given g JOIN opened o USING (account, reference) WHERE g.refunded_elsewhere_minor > 0
"""
CALLED = """
UPDATE sandbox_payment SET calls = calls + 1 WHERE account = %s AND reference = %s
RETURNING id, amount_minor, captured_minor, refunded_minor, voided, calls
"""


def open_payments(rows: Sequence[dict[str, Any]]) -> None:
    """This will put payments into the provider's books, in the caller's transaction.

    Rows: account, reference, currency, amount_minor, captured_minor, voided, refunded_elsewhere_minor.
    A reference that stands there already is left as it is.
    """
    if rows:
        sql.execute(OPEN, (sql.json(list(rows)),))


def called(*, account: str, reference: str) -> dict[str, Any] | None:
    """This will count a call and lock the payment until the caller's transaction ends."""
    return sql.one(CALLED, (account, reference))


def capture(*, account: str, reference: str, amount_minor: int) -> None:
    """This will draw an amount of an authorised payment, never more than what was authorised."""
    sql.execute(
        "UPDATE sandbox_payment SET captured_minor = least(amount_minor, captured_minor + %s) "
        "WHERE account = %s AND reference = %s AND NOT voided",
        (amount_minor, account, reference),
    )


def void(*, account: str, reference: str) -> None:
    """This will let a payment go of which nothing was captured."""
    sql.execute(
        "UPDATE sandbox_payment SET voided = true WHERE account = %s AND reference = %s AND captured_minor = 0",
        (account, reference),
    )
