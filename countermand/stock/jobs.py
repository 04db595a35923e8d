"""What the clock does with articles."""

from datetime import datetime

from countermand import sql
from countermand.events.record import event, record

# Rules already read a past date as "back" (stock.rules): this only tidies, and tells the history.
PUT_BACK = """
UPDATE item SET unavailable_until = NULL, updated_at = %(at)s
WHERE id IN (
    SELECT i.id FROM item i JOIN merchant m ON m.id = i.merchant_id
    WHERE i.unavailable_until <= (%(at)s::timestamptz AT TIME ZONE m.timezone)::date
    ORDER BY i.id LIMIT %(limit)s FOR NO KEY UPDATE OF i SKIP LOCKED
)
RETURNING id, merchant_id
"""


@sql.verb
def put_back_on_sale(*, at: datetime, limit: int = 1000) -> int:
    """This will end one chunk of unavailabilities whose last day is over in their merchant's clock (EM-5)."""
    back = sql.tuples(PUT_BACK, {"at": at, "limit": limit})
    record(
        event(kind="item.available", merchant_id=merchant_id, at=at, by="clock", subject=("item", item_id))
        for item_id, merchant_id in back
    )
    return len(back)
