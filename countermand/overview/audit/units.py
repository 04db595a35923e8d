"""Lines: the units cancelled are those of cancellations that stand."""

from countermand.overview.audit.cancellations import TAKEN_OFF
from countermand.overview.audit.check import Check

CHECKS = (
    Check(
        "units.cancelled",
        "cancelled",
        "units in cancellations that stand, and refused",
        f"""
        SELECT 'order ' || o.number || ' line ' || l.reference, l.cancelled, coalesce(c.units, 0)
        FROM order_line l
        JOIN "order" o ON o.id = l.order_id
        LEFT JOIN (
            SELECT k.line_id, sum(k.quantity)::bigint AS units FROM ({TAKEN_OFF}) k GROUP BY 1
        ) c ON c.line_id = l.id
        WHERE [l] AND l.cancelled <> coalesce(c.units, 0)
        """,
    ),
    Check(
        "units.of_this_order",
        "order of the cancellation",
        "order of the line",
        """
        SELECT 'cancellation ' || c.id, c.order_id, l.order_id
        FROM cancelled_line k
        JOIN cancellation c ON c.id = k.cancellation_id
        JOIN order_line l ON l.id = k.line_id
        WHERE [k] AND c.order_id <> l.order_id
        """,
    ),
)
