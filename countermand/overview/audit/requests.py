"""Requests of buyers: what stands in an order's row is what is open, and each answer did what it says."""

from countermand.overview.audit.check import Check

CHECKS = (
    Check(
        "order.open_requests",
        "counted",
        "open",
        """
        SELECT 'order ' || o.number, o.open_requests, coalesce(r.open, 0)
        FROM "order" o LEFT JOIN (
            SELECT order_id, count(*)::int AS open FROM buyer_request WHERE state = 'open' GROUP BY order_id
        ) r ON r.order_id = o.id
        WHERE [o] AND o.open_requests <> coalesce(r.open, 0)
        """,
    ),
    Check(
        "order.requests",
        "told in the order's row",
        "as recorded",
        """
        SELECT 'request ' || coalesce(t.id, r.id::text), t.told, r.kept
        FROM (
            SELECT one ->> 'id' AS id, (one - 'id')::text AS told
            FROM "order" o CROSS JOIN LATERAL jsonb_array_elements(o.requests) AS one WHERE [o]
        ) t FULL JOIN (
            SELECT b.id, jsonb_build_object('kind', b.kind, 'route', b.route, 'official', b.official,
                'lines', b.lines, 'reason', b.reason, 'case_reference', b.case_reference, 'case_at', b.case_at,
                'requested_at', b.requested_at)::text AS kept
            FROM buyer_request b WHERE [b] AND b.state = 'open'
        ) r ON r.id::text = t.id
        WHERE t.told IS DISTINCT FROM r.kept
        """,
    ),
    Check(
        "request.approved",
        "approved by",
        "which names request, or is a withdrawal's return",
        """
        SELECT 'request ' || b.id, coalesce(b.cancellation_id, b.return_id), c.request_id
        FROM buyer_request b LEFT JOIN cancellation c ON c.id = b.cancellation_id AND c.order_id = b.order_id
            AND c.state <> 'undone'
        LEFT JOIN "return" t ON t.id = b.return_id AND t.order_id = b.order_id AND t.kind = 'withdrawal'
        WHERE [b] AND b.state = 'approved'
            AND CASE WHEN b.cancellation_id IS NULL THEN t.id IS NULL ELSE c.request_id IS DISTINCT FROM b.id END
        """,
    ),
    Check(
        "cancellation.request",
        "answers request",
        "which is",
        """
        SELECT 'cancellation ' || c.id, c.request_id, coalesce(b.state, 'not there')
        FROM cancellation c LEFT JOIN buyer_request b ON b.id = c.request_id AND b.order_id = c.order_id
        WHERE [c] AND c.request_id IS NOT NULL AND c.state <> 'undone'
            AND (b.state IS DISTINCT FROM 'approved' OR b.cancellation_id IS DISTINCT FROM c.id)
        """,
    ),
)
