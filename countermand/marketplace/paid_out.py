"""What merchants who sell here are paid out in a month, and what cancellations took back from it. One statement."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from countermand import sql
from countermand.marketplace import scope

# Amounts by kind of entry, as `payouts.rules` names them; `kept` is commission that stayed due, and moves nothing.
MONTH = f"""
WITH {scope.SEATED}
SELECT s.seat_id, m.name AS merchant, ch.name AS channel, coalesce(e.currency, 'EUR') AS currency,
    coalesce(sum(e.amount_minor) FILTER (WHERE e.kind = 'sale'), 0)::bigint AS sold,
    coalesce(sum(e.amount_minor) FILTER (WHERE e.kind IN ('reversal', 'refund')), 0)::bigint AS taken_back,
    coalesce(sum(e.amount_minor) FILTER (WHERE e.kind IN ('commission', 'commission_back')), 0)::bigint AS commission,
    coalesce(sum(e.about_minor) FILTER (WHERE e.kind = 'commission_kept'), 0)::bigint AS kept,
    coalesce(sum(e.amount_minor), 0)::bigint AS paid_out
FROM seated s JOIN merchant m ON m.id = s.merchant_id JOIN channel ch ON ch.id = s.channel_id
LEFT JOIN payout_entry e ON e.merchant_id = s.merchant_id AND e.channel_id = s.channel_id
    AND e.at >= %(first)s AND e.at < %(end)s
WHERE (m.name, s.seat_id) > (%(name)s, %(seat)s::uuid)
GROUP BY s.seat_id, m.name, ch.name, coalesce(e.currency, 'EUR')
ORDER BY m.name, s.seat_id, 4 LIMIT %(limit)s
"""
NOBODY = ("", "00000000-0000-0000-0000-000000000000")


def month_page(
    *, marketplace_id: int, first: datetime, end: datetime, after: Sequence[str] = (), limit: int
) -> list[dict[str, Any]]:
    """This will list each merchant's month by name: sold, taken back, commission, kept, paid out; minor units."""
    name, seat = after or NOBODY
    asked = {
        "marketplace": marketplace_id,
        "first": first,
        "end": end,
        "name": name,
        "seat": seat,
        "limit": limit,
    }
    return sql.rows(MONTH, asked, kept=False)
