"""Sales that wait: each has its clock, none is accepted before its money came, and refused units are on record."""

from countermand.overview.audit.check import Check

CHECKS = (
    Check(
        "acceptance.waits",
        "status",
        "but its clock is",
        """
        SELECT 'order ' || o.number, o.status, coalesce(w.over_at::text, 'not there')
        FROM "order" o LEFT JOIN awaited_sale w ON w.order_id = o.id
        WHERE [o] AND o.status = 'awaiting_acceptance' AND (w.id IS NULL OR w.over_at IS NOT NULL)
        """,
    ),
    Check(
        "acceptance.over",
        "its clock runs, though it is",
        "and not",
        """
        SELECT 'order ' || o.number, o.status, 'awaiting_acceptance'
        FROM awaited_sale w JOIN "order" o ON o.id = w.order_id
        WHERE [w] AND w.over_at IS NULL AND o.status NOT IN ('awaiting_acceptance', 'accepting')
        """,
    ),
    Check(
        "acceptance.refused",
        "refused articles",
        "refused in decisions",
        """
        SELECT 'order ' || o.number, o.refused_articles, coalesce(k.units, 0)
        FROM "order" o LEFT JOIN (
            SELECT d.order_id, sum(k.quantity)::bigint AS units
            FROM decided_line k JOIN decision d ON d.id = k.decision_id
            WHERE [k] AND d.verdict = 'refused' GROUP BY 1
        ) k ON k.order_id = o.id
        WHERE [o] AND o.refused_articles <> coalesce(k.units, 0)
        """,
    ),
    Check(
        "acceptance.decided",
        "decided units of a line",
        "at most",
        """
        SELECT 'order ' || o.number || ' line ' || l.reference, k.units, l.quantity
        FROM (
            SELECT k.line_id, sum(k.quantity)::bigint AS units
            FROM decided_line k JOIN decision d ON d.id = k.decision_id
            WHERE [k] AND d.state <> 'failed' GROUP BY 1
        ) k JOIN order_line l ON l.id = k.line_id JOIN "order" o ON o.id = l.order_id
        WHERE k.units > l.quantity
        """,
    ),
    Check(
        "acceptance.made",
        "a decision waits for its sale, which is",
        "and should be",
        """
        SELECT 'decision ' || d.id, o.status, 'awaiting_acceptance or accepting'
        FROM decision d JOIN "order" o ON o.id = d.order_id
        WHERE [d] AND d.state = 'made' AND o.status NOT IN ('awaiting_acceptance', 'accepting')
        """,
    ),
    Check(
        "acceptance.running",
        "accepting, with captures under way",
        "at least",
        """
        SELECT 'order ' || o.number, 0, 1
        FROM "order" o WHERE [o] AND o.status = 'accepting'
            AND NOT EXISTS (SELECT 1 FROM capture c WHERE c.order_id = o.id AND c.state = 'sent')
        """,
    ),
)
