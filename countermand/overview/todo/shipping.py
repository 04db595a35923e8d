"""What waits to be sent, or to be verified, before a platform calls it off (AZ-13, AZ-14)."""

from countermand.channels.models import PRESETS
from countermand.channels.presets import preset
from countermand.overview.todo.waiting import Waiting

# Three days, as for what nobody sends: time to ask the platform's service what is wrong.
AHEAD_DAYS = 3

# `error`: everything has left, and only its confirmation is missing.
UNSENT = Waiting(
    subject_id="w.id",
    order_id="w.order_id",
    since="w.warned_at",
    due_on="w.ends_on",
    error="CASE WHEN o.status = 'shipped' THEN 'unconfirmed' END",
    found="""
    FROM overdue_order w JOIN "order" o ON o.id = w.order_id
    WHERE w.merchant_id = %(m)s AND w.over_at IS NULL AND w.ended_at IS NULL
        AND o.status IN ('open', 'partially_shipped', 'shipped')
        AND NOT EXISTS (SELECT 1 FROM fulfilment f WHERE f.order_id = o.id AND f.confirmed)
    """,
)


def _verified_by() -> str:
    days = ((name, int(preset(name)["verification_days"]["value"])) for name in PRESETS)
    cases = " ".join(f"WHEN '{name}' THEN interval '{n} days'" for name, n in days if n)
    return f"(o.placed_at + CASE ch.terms {cases} END)"


VERIFICATION_ENDING = Waiting(
    subject_id="o.id",
    order_id="o.id",
    since=f"{_verified_by()} - interval '{AHEAD_DAYS} days'",
    due_on=f"({_verified_by()} AT TIME ZONE ch.timezone)::date",
    found=f"""
    FROM "order" o JOIN channel ch ON ch.id = o.channel_id
    WHERE o.merchant_id = %(m)s AND o.status = 'pending' AND o.verification = 'pending'
        AND {_verified_by()} <= %(at)s + interval '{AHEAD_DAYS} days'
    """,
)
