"""Queues: nothing that was started outside stays without somebody who looks after it."""

from countermand.overview.audit.check import Check

STUCK_MINUTES = 10


def _stuck(table: str, state: str, also: str = "") -> Check:
    return Check(
        f"queue.{table}",
        f"{state}, looked after until",
        "but now it is",
        f"""
        SELECT '{table} ' || q.id, greatest(q.lease_until, q.not_before), now()
        FROM {table} q
        WHERE [q] AND q.state = '{state}' {also}
            AND greatest(q.lease_until, q.not_before) < now() - interval '{STUCK_MINUTES} minutes'
        """,
    )


CHECKS = (_stuck("refund", "sent", "AND q.method <> 'manual'"), _stuck("message", "sending"))
