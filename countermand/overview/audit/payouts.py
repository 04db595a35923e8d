"""Payouts: the entries of an order sum to what its money gives, kind by kind, as of the version they were made at.

An order that has moved on since is not asked about: its history has not been read that far yet.
"""

from countermand.overview.audit.check import Check

# What is held within its undo window has not happened yet, for payouts.
OF_CANCELLATIONS = """
    SELECT sum(c.refund_minor) FILTER (WHERE c.state = 'held')::bigint AS held,
        sum(c.refund_minor) FILTER (WHERE c.state <> 'held')::bigint AS called_off,
        sum(c.refund_minor) FILTER (WHERE c.state <> 'held' AND c.commission = 'kept')::bigint AS kept
    FROM cancellation c WHERE c.order_id = o.id AND c.state <> 'undone'
"""
COMMISSION = "(o.captured_minor * a.rate_hundredths + 5000) / 10000"
GONE = "(o.refunded_minor + o.in_flight_minor + o.to_give_back_minor - coalesce(c.held, 0))"


def _sums(name: str, kinds: str, proved: str, figure: str) -> Check:
    return Check(
        f"payout.{name}",
        f"{name} entries",
        proved,
        f"""
        SELECT 'order ' || o.number, coalesce(e.amount, 0), ({figure})::bigint, o.currency
        FROM payout_account a
        JOIN "order" o ON o.id = a.order_id AND o.version = a.version
        LEFT JOIN LATERAL ({OF_CANCELLATIONS}) c ON true
        LEFT JOIN LATERAL (
            SELECT sum(e.amount_minor)::bigint AS amount FROM payout_entry e
            WHERE e.order_id = o.id AND e.kind IN ({kinds})
        ) e ON true
        WHERE [a] AND coalesce(e.amount, 0) <> {figure}
        """,
    )


CHECKS = (
    _sums("sale", "'sale'", "captured", "o.captured_minor"),
    _sums("commission", "'commission'", "by its rate", f"-{COMMISSION}"),
    _sums("reversal", "'reversal'", "its cancellations give back", "-coalesce(c.called_off, 0)"),
    _sums("gone", "'reversal', 'refund'", "given back, on its way and owed", f"-{GONE}"),
    _sums(
        "commission_back",
        "'commission_back', 'commission_kept'",
        "on what went back with a case",
        f"CASE WHEN o.captured_minor = 0 THEN 0 ELSE {COMMISSION} * least(o.captured_minor, "
        f"greatest(0, {GONE} - coalesce(c.kept, 0))) / greatest(1, o.captured_minor) END",
    ),
    Check(
        "payout.numbered",
        "last number",
        "entries",
        """
        SELECT 'order ' || o.number, max(e.number), count(*)
        FROM payout_entry e JOIN "order" o ON o.id = e.order_id
        WHERE [e] GROUP BY o.id, o.number HAVING max(e.number) <> count(*)
        """,
    ),
)
