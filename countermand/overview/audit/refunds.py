"""Refunds: what orders, lines and payments say was given back is the sum of the refunds that count.

A refund counts while it is in flight or has succeeded; a void gives back nothing that was captured.
"""

from countermand.overview.audit.check import Check

COUNTING = "r.kind = 'refund' AND r.state IN ('held', 'planned', 'sent', 'unknown', 'succeeded')"
IN_FLIGHT = "r.kind = 'refund' AND r.state IN ('held', 'planned', 'sent', 'unknown')"


def _given(target: str, column: str) -> Check:
    return Check(
        f"given.{target}",
        f"{target} given back",
        "refunds for it",
        f"""
        SELECT 'order ' || o.number, o.{column}, coalesce(t.amount, 0), o.currency
        FROM "order" o
        LEFT JOIN (
            SELECT r.order_id, sum(t.amount_minor)::bigint AS amount
            FROM refund_target t JOIN refund r ON r.id = t.refund_id
            WHERE [t] AND t.target = '{target}' AND {COUNTING} GROUP BY 1
        ) t ON t.order_id = o.id
        WHERE [o] AND o.{column} <> coalesce(t.amount, 0)
        """,
    )


CHECKS = (
    Check(
        "refund.targets",
        "refund",
        "sum of what it is for",
        """
        SELECT 'refund ' || r.id, r.amount_minor, coalesce(t.amount, 0), r.currency
        FROM refund r
        LEFT JOIN (SELECT t.refund_id, sum(t.amount_minor)::bigint AS amount FROM refund_target t WHERE [t] GROUP BY 1) t
            ON t.refund_id = r.id
        WHERE [r] AND r.kind = 'refund' AND r.amount_minor <> coalesce(t.amount, 0)
        """,
    ),
    Check(
        "given.line",
        "given back",
        "refunds for it",
        f"""
        SELECT 'order ' || o.number || ' line ' || l.reference, l.given_minor, coalesce(t.amount, 0), o.currency
        FROM order_line l
        JOIN "order" o ON o.id = l.order_id
        LEFT JOIN (
            SELECT t.line_id, sum(t.amount_minor)::bigint AS amount
            FROM refund_target t JOIN refund r ON r.id = t.refund_id
            WHERE [t] AND t.target = 'line' AND {COUNTING} GROUP BY 1
        ) t ON t.line_id = l.id
        WHERE [l] AND l.given_minor <> coalesce(t.amount, 0)
        """,
    ),
    _given("shipping", "shipping_given_minor"),
    _given("fees", "fees_given_minor"),
    _given("goodwill", "goodwill_minor"),
    Check(
        "refund.in_flight",
        "in flight",
        "refunds in flight",
        f"""
        SELECT 'order ' || o.number, o.in_flight_minor, coalesce(r.amount, 0), o.currency
        FROM "order" o
        LEFT JOIN (
            SELECT r.order_id, sum(r.amount_minor)::bigint AS amount FROM refund r WHERE [r] AND {IN_FLIGHT} GROUP BY 1
        ) r ON r.order_id = o.id
        WHERE [o] AND o.in_flight_minor <> coalesce(r.amount, 0)
        """,
    ),
    Check(
        "refund.refunded",
        "refunded",
        "refunds that succeeded and what was given back elsewhere",
        """
        SELECT 'order ' || o.number, o.refunded_minor, coalesce(r.amount, 0) + coalesce(s.amount, 0), o.currency
        FROM "order" o
        LEFT JOIN (
            SELECT r.order_id, sum(r.amount_minor)::bigint AS amount
            FROM refund r WHERE [r] AND r.kind = 'refund' AND r.state = 'succeeded' GROUP BY 1
        ) r ON r.order_id = o.id
        LEFT JOIN (
            SELECT s.order_id, sum(s.refunded_elsewhere_minor)::bigint AS amount
            FROM payment_share s WHERE [s] GROUP BY 1
        ) s ON s.order_id = o.id
        WHERE [o] AND o.refunded_minor <> coalesce(r.amount, 0) + coalesce(s.amount, 0)
        """,
    ),
    Check(
        "share.reserved",
        "reserved",
        "refunds on it",
        f"""
        SELECT 'order ' || o.number || ' payment ' || s.reference, s.reserved_minor, coalesce(r.amount, 0), o.currency
        FROM payment_share s
        JOIN "order" o ON o.id = s.order_id
        LEFT JOIN (
            SELECT r.share_id, sum(r.amount_minor)::bigint AS amount FROM refund r WHERE [r] AND {COUNTING} GROUP BY 1
        ) r ON r.share_id = s.id
        WHERE [s] AND s.reserved_minor <> coalesce(r.amount, 0)
        """,
    ),
    # Held is within the undo window, asked of the customer service, or sent back to the merchant: never forgotten.
    Check(
        "refund.held",
        "held refund",
        "whom it waits for",
        """
        SELECT 'refund ' || r.id, 1, 0
        FROM refund r LEFT JOIN cancellation c ON c.id = r.cancellation_id
        WHERE [r] AND r.state = 'held' AND r.asked_at IS NULL AND r.sent_back_at IS NULL
            AND c.state IS DISTINCT FROM 'held'
        """,
    ),
    Check(
        "refund.of_this_order",
        "order of the refund",
        "order of its payment",
        """
        SELECT 'refund ' || r.id, r.order_id, s.order_id
        FROM refund r JOIN payment_share s ON s.id = r.share_id
        WHERE [r] AND r.order_id <> s.order_id
        """,
    ),
)
