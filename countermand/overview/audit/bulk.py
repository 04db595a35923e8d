"""Runs over many orders: what a row says that it did, its cancellation did, and no other."""

from countermand.overview.audit.check import Check

CHECKS = (
    Check(
        "bulk.row",
        "a row that is done has the cancellation with its own name",
        "but that one is",
        """
        SELECT 'bulk row ' || r.id, 'bulk:' || r.id, coalesce(c.source, 'none')
        FROM bulk_row r LEFT JOIN cancellation c ON c.id = r.cancellation_id
        WHERE [r] AND r.state = 'done' AND c.source IS DISTINCT FROM 'bulk:' || r.id
        """,
    ),
    Check(
        "bulk.cancellation",
        "a cancellation of a run stands beside a row that is done",
        "but its row is",
        """
        SELECT 'cancellation ' || c.id, 'done', coalesce(r.state, 'not there')
        FROM cancellation c LEFT JOIN bulk_row r ON 'bulk:' || r.id = c.source
        WHERE [c] AND c.source LIKE 'bulk:%%' AND r.state IS DISTINCT FROM 'done'
        """,
    ),
)
