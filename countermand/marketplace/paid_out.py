"""What merchants who sell here are paid out in a month, and what cancellations took back from it. One statement."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from countermand import sql
from countermand.marketplace import scope

# Amounts by kind of entry, as `payouts.rules` names them; `kept` is commission that stayed due, and moves nothing.
# A month is one of the channel's own clock, as on the merchant's statement: both read the same figures.
MONTH = f"""
WITH {scope.SEATED}
SELECT s.seat_id, m.name AS merchant, ch.name AS channel, coalesce(e.currency, '') AS currency,
    coalesce(sum(e.amount_minor) FILTER (WHERE e.kind = 'sale'), 0)::bigint AS sold,
    coalesce(sum(e.amount_minor) FILTER (WHERE e.kind IN ('reversal', 'refund')), 0)::bigint AS taken_back,
    coalesce(sum(e.amount_minor) FILTER (WHERE e.kind IN ('commission', 'commission_back')), 0)::bigint AS commission,
    coalesce(sum(e.about_minor) FILTER (WHERE e.kind = 'commission_kept'), 0)::bigint AS kept,
    coalesce(sum(e.amount_minor), 0)::bigint AS paid_out
FROM seated s JOIN merchant m ON m.id = s.merchant_id JOIN channel ch ON ch.id = s.channel_id
LEFT JOIN payout_entry e ON e.merchant_id = s.merchant_id AND e.channel_id = s.channel_id
    AND e.at >= %(first)s::date::timestamp AT TIME ZONE ch.timezone
    AND e.at < %(end)s::date::timestamp AT TIME ZONE ch.timezone
WHERE (m.name, s.seat_id, coalesce(e.currency, '')) > (%(name)s, %(seat)s::uuid, %(currency)s)
GROUP BY s.seat_id, m.name, ch.name, coalesce(e.currency, '')
ORDER BY m.name, s.seat_id, 4 LIMIT %(limit)s
"""
NOBODY = ("", "00000000-0000-0000-0000-000000000000", "")


def month_page(
    *, marketplace_id: int, first: date, end: date, after: Sequence[str] = (), limit: int
) -> list[dict[str, Any]]:
    """This will list each merchant's month by name: sold, taken back, commission, kept, paid out; minor units.

    From `first` until before `end`. A line for each currency; `currency` is "" for who has no entry that month.
    """
    name, seat, currency = after or NOBODY
    asked = {"marketplace": marketplace_id, "first": first, "end": end, "limit": limit}
    asked |= {"name": name, "seat": seat, "currency": currency}
    return sql.rows(MONTH, asked, kept=False)
