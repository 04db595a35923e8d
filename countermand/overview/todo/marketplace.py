"""What waits about the merchant's place at a marketplace: alerts to read, suspensions to answer (RK-9, RK-10)."""

from countermand.overview.todo.waiting import Waiting

ALERT = Waiting(
    subject_id="a.id",
    since="a.raised_at",
    detail="p.name",
    error="a.kind",
    who="a.facts ->> 'rate'",
    found="""
    FROM alert a JOIN channel p ON p.id = a.channel_id
    WHERE a.merchant_id = %(m)s AND a.acknowledged_at IS NULL AND a.closed_at IS NULL
    """,
)
SUSPENSION = Waiting(
    subject_id="s.id",
    since="s.decided_at",
    detail="p.name",
    error="s.state",
    found="""
    FROM suspension s JOIN channel p ON p.id = s.channel_id
    WHERE s.merchant_id = %(m)s AND s.state IN ('decided', 'running') AND s.appealed_at IS NULL
        AND s.ends_at > %(at)s::timestamptz
    """,
)
