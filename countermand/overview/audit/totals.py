"""What an audit covered: how much was proven, per currency."""

from typing import Any

from countermand import money, sql
from countermand.overview.audit.check import scoped

COUNTS = """
SELECT (SELECT count(*) FROM "order" o WHERE [o]), (SELECT count(*) FROM order_line l WHERE [l]),
    (SELECT count(*) FROM item i WHERE [i]), (SELECT count(*) FROM cancellation c WHERE [c]),
    (SELECT count(*) FROM refund r WHERE [r]), (SELECT count(*) FROM payment p WHERE [p])
"""
COUNTED = ("orders", "lines", "items", "cancellations", "refunds", "payments")
AMOUNTS = """
SELECT o.currency, sum(o.total_minor)::bigint, sum(o.captured_minor)::bigint, sum(o.refunded_minor)::bigint,
    sum(o.in_flight_minor)::bigint, sum(o.to_give_back_minor)::bigint
FROM "order" o WHERE [o] GROUP BY 1 ORDER BY 1
"""
SUMMED = ("total", "captured", "refunded", "in_flight", "to_give_back")


def totals(*, merchant_id: int | None) -> dict[str, Any]:
    """This will count what an audit covers: rows, and amounts per currency as the API writes them."""
    counted = sql.tuples(scoped(COUNTS, merchant_id), {"m": merchant_id})[0]
    amounts = {
        currency: {name: money.plain(value, currency) for name, value in zip(SUMMED, sums, strict=True)}
        for currency, *sums in sql.tuples(scoped(AMOUNTS, merchant_id), {"m": merchant_id})
    }
    return {**dict(zip(COUNTED, counted, strict=True)), "amounts": amounts}
