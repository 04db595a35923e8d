"""The message table as a queue: claim due rows, write down what became of them. No thinking here."""

from collections.abc import Iterable
from datetime import datetime
from json import loads
from typing import Any
from uuid import UUID

from countermand import heartbeat, sql

BATCH = 100
LEASE_SECONDS = 300

# Held messages are not ours to take: whoever ends an undo window plans them (refunds.release), against
# an undo at that very moment. A message that is `sending` with its lease over belonged to a process that died: the same code runs again.
CLAIM = """
UPDATE message SET state = 'sending', tries = message.tries + 1, lease_by = %(worker)s,
    lease_until = %(at)s::timestamptz + make_interval(secs => %(lease)s)
FROM (
    SELECT id FROM message
    WHERE state IN ('planned', 'sending') AND not_before <= %(at)s
        AND (state <> 'sending' OR lease_until < %(at)s)
    ORDER BY not_before LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED
) due
WHERE message.id = due.id
RETURNING message.id
"""

READ = """
SELECT m.id, m.merchant_id, m.order_id, m.kind, m.cancellation_id, m.reimbursement_id, m.facts, m.tries, m.sent_at,
    o.customer_name, o.customer_email, o.customer_language, c.mode, c.timezone,
    s.name AS shop, s.code AS merchant_code, s.contact_name, s.reply_to,
    s.practice_of_id IS NOT NULL AS practice, t.subject AS own_subject, t.body AS own_body
FROM message m
JOIN "order" o ON o.id = m.order_id
JOIN channel c ON c.id = o.channel_id
JOIN merchant s ON s.id = m.merchant_id
LEFT JOIN mail_template t ON t.merchant_id = m.merchant_id AND t.kind = m.kind
    AND t.language = CASE WHEN lower(o.customer_language) ~ '^fr([-_]|$)' THEN 'fr' ELSE 'en' END
WHERE m.id = ANY(%s)
ORDER BY m.not_before, m.id
"""

# As soon as a server has taken a mail, and before the next one leaves: `sending` with `sent_at` has left. It is then
# settled together with others, or after a kill by whoever claims it next, who sends nothing.
NOTE = """
UPDATE message SET sent_at = %(sent_at)s, recipient = %(recipient)s, subject = %(subject)s, text = %(text)s,
    html = %(html)s, message_id = %(message_id)s
WHERE id = %(id)s AND state = 'sending' AND tries = %(tries)s
"""

# `tries` is the fence: who lost the lease meanwhile has an older number and writes nothing.
SETTLE = """
UPDATE message m SET state = x.state, error = x.error, lease_until = NULL, lease_by = NULL,
    not_before = COALESCE(x.not_before, m.not_before), sent_at = x.sent_at,
    tries = m.tries - CASE WHEN x.untried THEN 1 ELSE 0 END,
    recipient = COALESCE(x.recipient, m.recipient), subject = COALESCE(x.subject, m.subject),
    text = COALESCE(x.text, m.text), html = COALESCE(x.html, m.html),
    message_id = COALESCE(x.message_id, m.message_id)
FROM jsonb_to_recordset(%s) AS x(id uuid, tries int, state text, error text, not_before timestamptz,
    sent_at timestamptz, recipient text, subject text, text text, html text, message_id text, untried bool)
WHERE m.id = x.id AND m.state = 'sending' AND m.tries = x.tries
RETURNING m.id
"""


def claim(*, at: datetime, limit: int = BATCH) -> list[dict[str, Any]]:
    """This will take due messages for this process, each with all that its mail needs."""
    taking = {"at": at, "lease": LEASE_SECONDS, "limit": limit, "worker": heartbeat.number()}
    found = sql.tuples(CLAIM, taking)
    due = sql.rows(READ, ([row[0] for row in found],)) if found else []
    for row in due:
        row["facts"] = loads(row["facts"])
    return due


def note(as_sent: dict[str, Any]) -> bool:
    """This will write down that a mail has left, and how, in a commit of its own; False: somebody else has it by now."""
    return sql.execute(NOTE, as_sent) == 1


def settle(outcomes: Iterable[dict[str, Any]]) -> set[UUID]:
    """This will write outcomes down and say whose they still were to write."""
    rows = list(outcomes)
    return {row[0] for row in sql.tuples(SETTLE, (sql.json(rows),))} if rows else set()
