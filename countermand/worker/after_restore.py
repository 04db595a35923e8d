"""After a restore, nothing leaves before it was looked up: the backup is older than the world.

Between the backup and the restore, refunds may have been paid and mails sent that these books do
not know of (docs/decisions/0000, Carrying through).
"""

from typing import NamedTuple

from countermand import sql

# Nothing is believed of any payment: the first call for each, of whatever refund, is a look-up that
# finds our refund by its id, and stops where the provider gave back more than we know.
PAYMENTS = "UPDATE payment SET confirmed_at = NULL WHERE confirmed_at IS NOT NULL"
# What had been asked for is looked up by its id; it was leased by a worker that is no more.
REFUNDS = """
UPDATE refund SET state = 'unknown', not_before = now(), lease_until = NULL, error = 'restored'
WHERE state IN ('sent', 'unknown') AND method <> 'manual'
"""
WAITING = """
UPDATE refund SET not_before = now(), lease_until = NULL, error = 'restored'
WHERE state = 'planned' AND method NOT IN ('manual', 'store_credit', 'gift_card')
"""
# SMTP has no look-up: a person decides whether to send again. Those noted as gone have gone.
MESSAGES = """
UPDATE message SET state = 'failed', lease_until = NULL, error = 'restored'
WHERE state IN ('planned', 'sending') AND sent_at IS NULL
"""

# Numbers of transactions begin anew in another cluster: the history of before is older than all that comes.
HISTORY = "UPDATE event SET xid = '1' WHERE xid <> '1'"
# Before that: each webhook stands behind the last event that it has read.
WEBHOOKS = """
UPDATE webhook w SET xid = 1, event_number = GREATEST(w.event_number, (
    SELECT coalesce(max(e.id), 0) FROM event e
    WHERE e.merchant_id = w.merchant_id AND (e.xid, e.id) <= (w.xid::text::xid8, w.event_number)
)) WHERE w.xid <> 1
"""


# What platforms pay out is worked out on from where the reading was.
PAYOUTS = """
UPDATE payout_reading p SET xid = 1, event_number = GREATEST(p.event_number, (
    SELECT coalesce(max(e.id), 0) FROM event e
    WHERE e.merchant_id = p.merchant_id AND (e.xid, e.id) <= (p.xid::text::xid8, p.event_number)
)) WHERE p.xid > 1
"""


class Held(NamedTuple):
    """How much waits for what."""

    refunds: int
    messages: int

    def __str__(self) -> str:
        return f"{self.refunds} refunds to look up, {self.messages} messages for a person to send again"


@sql.verb
def hold_outgoing() -> Held:
    """This will stop everything that would leave until it was looked up, or a person decides. Safe twice."""
    sql.execute(PAYMENTS)
    sql.execute(WEBHOOKS)
    sql.execute(PAYOUTS)
    sql.execute(HISTORY)
    return Held(sql.execute(REFUNDS) + sql.execute(WAITING), sql.execute(MESSAGES))
