"""A return whose money is given back is done, whoever gave it back, and when."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from countermand import sql

DONE = """
UPDATE "return" r SET state = 'done', ended_at = %(at)s
FROM "order" o
WHERE r.merchant_id = %(m)s AND r.state = 'inspected' AND o.id = r.order_id AND o.to_give_back_minor = 0
    AND r.order_id IN (SELECT f.order_id FROM refund f WHERE f.merchant_id = %(m)s AND f.id = ANY(%(ids)s))
"""


def conclude(*, merchant_id: int, refund_ids: Sequence[UUID], at: datetime) -> None:
    """This will end the inspected returns of these refunds' orders that owe nothing any more, in the caller's transaction."""
    sql.execute(DONE, {"m": merchant_id, "ids": list(refund_ids), "at": at})
