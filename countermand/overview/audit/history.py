"""History and messages: each decision stands there once, and the buyer heard of it once."""

from countermand.overview.audit.check import Check


def _once(kind: str, subject: str, rows: str) -> Check:
    return Check(
        f"event.{kind}",
        f"{kind} in the history",
        "expected",
        f"""
        SELECT x.subject, coalesce(e.times, 0), 1
        FROM ({rows}) x
        LEFT JOIN (
            SELECT e.subject_id, count(*) AS times
            FROM event e WHERE [e] AND e.kind = '{kind}' AND e.subject_type = '{subject}' GROUP BY 1
        ) e ON e.subject_id = x.id
        WHERE coalesce(e.times, 0) <> 1
        """,
    )


CHECKS = (
    _once(
        "order.received", "order", """SELECT o.id, 'order ' || o.number AS subject FROM "order" o WHERE [o]"""
    ),
    _once(
        "cancellation.confirmed",
        "cancellation",
        "SELECT c.id, 'cancellation ' || c.id AS subject FROM cancellation c WHERE [c]",
    ),
    _once(
        "cancellation.undone",
        "cancellation",
        "SELECT c.id, 'cancellation ' || c.id AS subject FROM cancellation c WHERE [c] AND c.state = 'undone'",
    ),
    Check(
        "message.once",
        "messages",
        "at most",
        """
        SELECT 'cancellation ' || m.cancellation_id, count(*), 1
        FROM message m WHERE [m] AND m.cancellation_id IS NOT NULL AND m.kind = 'cancellation'
        GROUP BY m.cancellation_id HAVING count(*) > 1
        """,
    ),
)
