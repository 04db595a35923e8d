"""Store credits and gift cards: balances are sums of entries, and each refund is credited once."""

from countermand.overview.audit.check import Check

CHECKS = (
    Check(
        "credit.balance",
        "balance",
        "sum of entries",
        """
        SELECT 'credit …' || c.last4 || ' ' || c.id, c.balance_minor, coalesce(e.amount, 0), c.currency
        FROM store_credit c
        LEFT JOIN (
            SELECT e.credit_id, sum(e.delta_minor)::bigint AS amount FROM credit_entry e WHERE [e] GROUP BY 1
        ) e ON e.credit_id = c.id
        WHERE [c] AND c.balance_minor <> coalesce(e.amount, 0)
        """,
    ),
    Check(
        "credit.refund",
        "refund",
        "credited",
        """
        SELECT 'refund ' || r.id, r.amount_minor, e.amount, r.currency
        FROM refund r
        LEFT JOIN (
            SELECT e.refund_id, sum(e.delta_minor)::bigint AS amount
            FROM credit_entry e WHERE [e] AND e.refund_id IS NOT NULL GROUP BY 1
        ) e ON e.refund_id = r.id
        WHERE [r] AND r.kind = 'refund' AND r.state = 'succeeded' AND r.method IN ('store_credit', 'gift_card')
            AND r.amount_minor IS DISTINCT FROM e.amount
        """,
    ),
    Check(
        "credit.earned",
        "credited",
        "its refund's state is",
        """
        SELECT 'credit …' || c.last4 || ' ' || c.id, e.delta_minor::text, r.state
        FROM credit_entry e JOIN store_credit c ON c.id = e.credit_id JOIN refund r ON r.id = e.refund_id
        WHERE [e] AND r.state NOT IN ('succeeded', 'bounced')
        """,
    ),
)
