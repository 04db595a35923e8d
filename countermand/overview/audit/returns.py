"""Returns: units, worth and money kept are the sums of their lines; a parcel counts as sent until it is home."""

from countermand.overview.audit.check import Check

CHECKS = (
    Check(
        "units.returned",
        "returned",
        "units received in returns",
        """
        SELECT 'order ' || o.number || ' line ' || l.reference, l.returned, coalesce(x.units, 0)
        FROM order_line l JOIN "order" o ON o.id = l.order_id
        LEFT JOIN (
            SELECT x.line_id, sum(x.received)::bigint AS units FROM return_line x WHERE [x] GROUP BY 1
        ) x ON x.line_id = l.id
        WHERE [l] AND l.returned <> coalesce(x.units, 0)
        """,
    ),
    Check(
        "units.asked_back",
        "units asked back, and received",
        "units sent",
        """
        SELECT 'order ' || o.number || ' line ' || l.reference, x.units, l.shipped
        FROM (
            SELECT x.line_id, sum(CASE r.state WHEN 'asked' THEN x.asked ELSE x.received END)::bigint AS units
            FROM return_line x JOIN "return" r ON r.id = x.part_of_id WHERE [x] GROUP BY 1
        ) x JOIN order_line l ON l.id = x.line_id JOIN "order" o ON o.id = l.order_id
        WHERE x.units > l.shipped
        """,
    ),
    Check(
        "return.of_this_order",
        "order of the return",
        "order of the line",
        """
        SELECT 'return ' || r.id, r.order_id, l.order_id
        FROM return_line x JOIN "return" r ON r.id = x.part_of_id JOIN order_line l ON l.id = x.line_id
        WHERE [x] AND r.order_id <> l.order_id
        """,
    ),
    Check(
        "return.worth",
        "worth",
        "sum of its lines",
        """
        SELECT 'return ' || r.id, r.worth_minor, coalesce(x.worth, 0), r.currency
        FROM "return" r
        LEFT JOIN (
            SELECT x.part_of_id, sum(x.worth_minor)::bigint AS worth FROM return_line x WHERE [x] GROUP BY 1
        ) x ON x.part_of_id = r.id
        WHERE [r] AND r.worth_minor <> coalesce(x.worth, 0)
        """,
    ),
    Check(
        "return.refund",
        "refund",
        "lines, shipping and fees, less what is kept",
        """
        SELECT 'return ' || r.id, r.refund_minor, r.worth_minor + r.shipping_minor + r.fees_minor - r.fee_minor, r.currency
        FROM "return" r
        WHERE [r] AND r.refund_minor > r.worth_minor + r.shipping_minor + r.fees_minor - r.fee_minor
        """,
    ),
    Check(
        "return.reimbursed",
        "reimbursed",
        "refund of the return",
        """
        SELECT 'return ' || r.id, b.amount_minor, r.refund_minor, r.currency
        FROM "return" r JOIN reimbursement b ON b.id = r.reimbursement_id
        WHERE [r] AND b.amount_minor > r.refund_minor
        """,
    ),
    Check(
        "return.state",
        "state",
        "units received",
        """
        SELECT 'return ' || r.id, r.state, coalesce(sum(x.received), 0)
        FROM "return" r LEFT JOIN return_line x ON x.part_of_id = r.id WHERE [r]
        GROUP BY r.id, r.state
        HAVING (r.state IN ('received', 'inspected', 'done')) <> (coalesce(sum(x.received), 0) > 0)
        """,
    ),
    Check(
        "intercept.cancelled",
        "units of the parcel",
        "units called off with it",
        """
        SELECT 'intercept ' || i.id, k.units, p.units
        FROM intercept i
        JOIN (
            SELECT k.cancellation_id, sum(k.quantity)::bigint AS units FROM cancelled_line k WHERE [k] GROUP BY 1
        ) k ON k.cancellation_id = i.cancellation_id
        CROSS JOIN LATERAL (
            SELECT sum((e ->> 'quantity')::int)::bigint AS units FROM fulfilment f, jsonb_array_elements(f.lines) e
            WHERE f.id = i.fulfilment_id
        ) p
        WHERE [i] AND k.units <> p.units
        """,
    ),
)
