"""Cancellations: frozen amounts that add up, and never more tax than was charged."""

from countermand.overview.audit.check import Check

STANDING = "c.state <> 'undone'"
# Units that are off an order: called off, or refused before the sale was accepted.
TAKEN_OFF = f"""
    SELECT k.line_id, k.quantity, k.worth_minor, k.tax_minor
    FROM cancelled_line k JOIN cancellation c ON c.id = k.cancellation_id WHERE [k] AND {STANDING}
    UNION ALL
    SELECT v.line_id, v.quantity, v.worth_minor, v.tax_minor
    FROM decided_line v JOIN decision d ON d.id = v.decision_id WHERE [v] AND d.verdict = 'refused'
"""
# Units that the buyer does not keep: off the order, or returned.
GONE = f"""{TAKEN_OFF}
    UNION ALL
    SELECT x.line_id, x.received, x.worth_minor, x.tax_minor FROM return_line x WHERE [x]
"""


def _tax(name: str, source: str) -> Check:
    return Check(
        f"tax.{name}",
        "tax given back",
        "tax charged",
        f"""
        SELECT 'order ' || o.number || ' line ' || l.reference, t.tax, l.tax_minor, o.currency
        FROM ({source}) t JOIN order_line l ON l.id = t.line_id JOIN "order" o ON o.id = l.order_id
        WHERE t.tax > l.tax_minor
        """,
    )


CHECKS = (
    Check(
        "order.total",
        "total",
        "sum of lines, shipping and fees",
        """
        SELECT 'order ' || o.number, o.total_minor, coalesce(l.total, 0) + o.shipping_minor + o.fees_minor, o.currency
        FROM "order" o
        LEFT JOIN (
            SELECT l.order_id, sum(l.total_minor)::bigint AS total FROM order_line l WHERE [l] GROUP BY 1
        ) l ON l.order_id = o.id
        WHERE [o] AND o.total_minor <> coalesce(l.total, 0) + o.shipping_minor + o.fees_minor
        """,
    ),
    Check(
        "cancellation.worth",
        "worth",
        "sum of its lines",
        """
        SELECT 'cancellation ' || c.id, c.worth_minor, coalesce(k.amount, 0), c.currency
        FROM cancellation c
        LEFT JOIN (
            SELECT k.cancellation_id, sum(k.amount_minor)::bigint AS amount FROM cancelled_line k WHERE [k] GROUP BY 1
        ) k ON k.cancellation_id = c.id
        WHERE [c] AND c.worth_minor <> coalesce(k.amount, 0)
        """,
    ),
    # What was paid beyond the order's total goes back too, when the last of it is called off.
    Check(
        "cancellation.refund",
        "refund",
        "lines, shipping and fees, less its own fee",
        """
        SELECT 'cancellation ' || c.id, c.refund_minor,
            c.worth_minor + c.shipping_minor + c.fees_minor - c.fee_minor, c.currency
        FROM cancellation c
        WHERE [c] AND c.refund_minor > c.worth_minor + c.shipping_minor + c.fees_minor - c.fee_minor + (
            SELECT coalesce(sum(t.amount_minor), 0) FROM refund r JOIN refund_target t ON t.refund_id = r.id
            WHERE r.cancellation_id = c.id AND t.target = 'overpaid'
        )
        """,
    ),
    Check(
        "cancellation.movements",
        "refund",
        "refunds made for it",
        """
        SELECT 'cancellation ' || c.id, c.refund_minor, r.amount, c.currency
        FROM cancellation c
        JOIN (
            SELECT r.cancellation_id, sum(r.amount_minor)::bigint AS amount
            FROM refund r WHERE [r] AND r.kind = 'refund' AND r.cancellation_id IS NOT NULL GROUP BY 1
        ) r ON r.cancellation_id = c.id
        WHERE [c] AND r.amount > c.refund_minor
        """,
    ),
    # A step at a time, and less what was undone: the line says what its units gone were worth together.
    Check(
        "line.gone",
        "units gone were worth",
        "their cancellations, refusals and returns say",
        f"""
        SELECT 'order ' || o.number || ' line ' || l.reference, l.gone_minor, coalesce(k.worth, 0), o.currency
        FROM order_line l JOIN "order" o ON o.id = l.order_id
        LEFT JOIN (
            SELECT k.line_id, sum(k.worth_minor)::bigint AS worth FROM ({GONE}) k GROUP BY 1
        ) k ON k.line_id = l.id
        WHERE [l] AND l.gone_minor <> coalesce(k.worth, 0)
        """,
    ),
    Check(
        "line.gone_tax",
        "tax of units gone",
        "their cancellations, refusals and returns say",
        f"""
        SELECT 'order ' || o.number || ' line ' || l.reference, l.gone_tax_minor, coalesce(k.tax, 0), o.currency
        FROM order_line l JOIN "order" o ON o.id = l.order_id
        LEFT JOIN (
            SELECT k.line_id, sum(k.tax_minor)::bigint AS tax FROM ({GONE}) k GROUP BY 1
        ) k ON k.line_id = l.id
        WHERE [l] AND l.gone_tax_minor <> coalesce(k.tax, 0)
        """,
    ),
    # Everything gone is worth the whole line, whatever the steps and whatever was undone between.
    Check(
        "line.whole",
        "all units gone are worth",
        "the line",
        """
        SELECT 'order ' || o.number || ' line ' || l.reference, l.gone_minor, l.total_minor, o.currency
        FROM order_line l JOIN "order" o ON o.id = l.order_id
        WHERE [l] AND l.cancelled = l.quantity AND l.gone_minor <> l.total_minor
        """,
    ),
    _tax(
        "cancelled",
        f"""
        SELECT k.line_id, sum(k.tax_minor)::bigint AS tax FROM ({TAKEN_OFF}) k GROUP BY 1
        """,
    ),
    _tax(
        "given_back",
        """
        SELECT t.line_id, sum(t.tax_minor)::bigint AS tax
        FROM refund_target t JOIN refund r ON r.id = t.refund_id
        WHERE [t] AND t.line_id IS NOT NULL AND r.kind = 'refund'
            AND r.state IN ('held', 'planned', 'sent', 'unknown', 'succeeded') GROUP BY 1
        """,
    ),
    Check(
        "tax.shipping",
        "tax given back on shipping",
        "tax charged",
        """
        SELECT 'order ' || o.number, t.tax, o.shipping_tax_minor, o.currency
        FROM (
            SELECT r.order_id, sum(t.tax_minor)::bigint AS tax
            FROM refund_target t JOIN refund r ON r.id = t.refund_id
            WHERE [t] AND t.target = 'shipping' AND r.kind = 'refund'
                AND r.state IN ('held', 'planned', 'sent', 'unknown', 'succeeded') GROUP BY 1
        ) t JOIN "order" o ON o.id = t.order_id
        WHERE t.tax > o.shipping_tax_minor
        """,
    ),
)
