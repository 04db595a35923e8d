"""Somebody else's books: what the sandbox provider believes, held against ours.

The provider commits before we hear of it, so a refund of its that is ours and still in flight is no finding.
"""

from countermand.overview.audit.check import Check

# What the provider has really given back: done, or promised for a moment that has come.
DONE = "(b.state = 'succeeded' OR (b.state = 'pending' AND b.settles_at <= clock_timestamp()))"
OURS = """
    FROM refund r
    JOIN payment_share s ON s.id = r.share_id
    JOIN payment p ON p.id = s.payment_id
    JOIN sandbox_payment x ON x.account = p.account AND x.reference = p.provider_reference
"""

CHECKS = (
    Check(
        "books.made",
        "refunds that succeeded",
        "the provider made",
        f"""
        SELECT 'refund ' || r.id, r.amount_minor, b.amount, r.currency
        {OURS}
        LEFT JOIN (
            SELECT b.payment_id, b.refund_id, sum(b.amount_minor)::bigint AS amount
            FROM sandbox_refund b WHERE {DONE} GROUP BY 1, 2
        ) b ON b.payment_id = x.id AND b.refund_id = r.id::text
        WHERE [r] AND p.provider = 'sandbox' AND r.kind = 'refund' AND r.method = 'original'
            AND r.state = 'succeeded' AND r.amount_minor IS DISTINCT FROM b.amount
        """,
    ),
    Check(
        "books.known",
        "the provider made",
        "our refund's state is",
        f"""
        SELECT 'provider payment ' || x.reference || ' refund ' || b.refund_id, b.amount_minor::text, r.state
        FROM sandbox_refund b
        JOIN sandbox_payment x ON x.id = b.payment_id
        JOIN payment p ON p.account = x.account AND p.provider_reference = x.reference
        LEFT JOIN (SELECT r.id, r.state, s.payment_id FROM refund r JOIN payment_share s ON s.id = r.share_id) r
            ON r.id::text = b.refund_id AND r.payment_id = p.id
        WHERE [p] AND {DONE}
            AND coalesce(r.state, '') NOT IN ('planned', 'sent', 'unknown', 'succeeded', 'bounced')
        """,
    ),
    Check(
        "books.once",
        "times the provider gave back",
        "asked for",
        f"""
        SELECT 'refund ' || b.refund_id, count(*), 1
        FROM sandbox_refund b
        JOIN sandbox_payment x ON x.id = b.payment_id
        JOIN payment p ON p.account = x.account AND p.provider_reference = x.reference
        WHERE [p] AND {DONE} GROUP BY b.refund_id HAVING count(*) > 1
        """,
    ),
    Check(
        "books.captured",
        "captured",
        "the provider captured",
        """
        SELECT 'payment ' || p.provider_reference, p.captured_minor, x.captured_minor, p.currency
        FROM payment p JOIN sandbox_payment x ON x.account = p.account AND x.reference = p.provider_reference
        WHERE [p] AND p.provider = 'sandbox' AND p.captured_minor > x.captured_minor
        """,
    ),
    Check(
        "books.voided",
        "state",
        "the provider still holds",
        """
        SELECT 'payment ' || p.provider_reference, p.state, x.amount_minor
        FROM payment p JOIN sandbox_payment x ON x.account = p.account AND x.reference = p.provider_reference
        WHERE [p] AND p.provider = 'sandbox' AND p.state = 'voided' AND NOT x.voided
        """,
    ),
    Check(
        "books.attempts",
        "state",
        "attempts written before",
        f"""
        SELECT 'refund ' || r.id, r.state, 0
        {OURS}
        WHERE [r] AND p.provider = 'sandbox' AND r.method = 'original'
            AND r.state IN ('sent', 'unknown', 'succeeded', 'failed', 'bounced')
            AND NOT EXISTS (SELECT 1 FROM refund_attempt a WHERE a.refund_id = r.id)
        """,
    ),
)
