"""A verification that nobody ended: on the last of the terms' days the platform calls the order off (AZ-14)."""

from datetime import datetime, timedelta
from uuid import UUID

from countermand import sql
from countermand.channels.models import PRESETS
from countermand.channels.presets import preset
from countermand.refusals import Refusal
from countermand.verification.actions import fail_together

CHUNK = 100
BY = "platform"

# Those whose payment is being drawn wait: what comes of it decides.
RUN_OUT = """
SELECT o.merchant_id, o.id FROM "order" o JOIN channel ch ON ch.id = o.channel_id
JOIN jsonb_to_recordset(%(ends)s) AS t(terms text, placed_until timestamptz) ON t.terms = ch.terms
WHERE o.status = 'pending' AND o.verification = 'pending' AND o.placed_at <= t.placed_until
    AND NOT EXISTS (SELECT 1 FROM payment_share s JOIN payment p ON p.id = s.payment_id
        WHERE s.order_id = o.id AND p.state = 'capturing')
ORDER BY o.placed_at LIMIT %(limit)s
"""


def days_of(terms: str) -> int:
    """This will say after how many days a verification under these terms ends by itself; 0: never."""
    return int(preset(terms)["verification_days"]["value"])


def end_verifications(*, at: datetime, limit: int = CHUNK) -> int:
    """This will call off a chunk of orders whose verification ran out, and count them, one transaction for each
    merchant's. Decided meanwhile, an order is left as it was decided."""
    ends = [
        {"terms": name, "placed_until": at - timedelta(days=days)}
        for name in PRESETS
        if (days := days_of(name))
    ]
    found: dict[int, list[UUID]] = {}
    for merchant_id, order_id in sql.tuples(RUN_OUT, {"ends": sql.json(ends), "limit": limit}):
        found.setdefault(merchant_id, []).append(order_id)
    answers = [
        answer
        for merchant_id, order_ids in found.items()
        for answer in fail_together(merchant_id=merchant_id, order_ids=order_ids, how="ran_out", by=BY, at=at)
    ]
    return sum(not isinstance(answer, Refusal) for answer in answers)
