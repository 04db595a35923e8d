"""Threads: their counters are their entries, and all that went out is carried by a mail."""

from countermand.overview.audit.check import Check

CHECKS = (
    Check(
        "thread.entries",
        "entries",
        "written",
        """
        SELECT 'thread ' || t.id, t.entries, coalesce(e.n, 0)
        FROM thread t
        LEFT JOIN (SELECT e.thread_id, count(*)::int AS n FROM thread_entry e WHERE [e] GROUP BY 1) e ON e.thread_id = t.id
        WHERE [t] AND t.entries <> coalesce(e.n, 0)
        """,
    ),
    Check(
        "thread.waiting",
        "waits for",
        "at most came in since the last answer",
        """
        SELECT 'thread ' || t.id, t.waiting, coalesce(e.n, 0)
        FROM thread t
        LEFT JOIN (
            SELECT e.thread_id, count(*)::int AS n FROM thread_entry e WHERE [e] AND e.direction = 'in' GROUP BY 1
        ) e ON e.thread_id = t.id
        WHERE [t] AND t.waiting > coalesce(e.n, 0)
        """,
    ),
    Check(
        "thread.order",
        "order",
        "its thread's",
        """
        SELECT 'message ' || e.id, e.order_id, t.order_id
        FROM thread_entry e JOIN thread t ON t.id = e.thread_id
        WHERE [e] AND e.order_id <> t.order_id
        """,
    ),
    Check(
        "thread.carried",
        "carried by",
        "which is",
        """
        SELECT 'message ' || e.id, e.message_id, m.order_id
        FROM thread_entry e LEFT JOIN message m ON m.id = e.message_id AND m.kind = 'reply' AND m.order_id = e.order_id
        WHERE [e] AND e.direction = 'out' AND m.id IS NULL
        """,
    ),
    Check(
        "thread.mail",
        "a mail that a person wrote",
        "stands in a thread as",
        """
        SELECT 'mail ' || m.id, m.kind, NULL::text
        FROM message m
        WHERE [m] AND m.kind = 'reply' AND NOT EXISTS (SELECT 1 FROM thread_entry e WHERE e.message_id = m.id)
        """,
    ),
)
