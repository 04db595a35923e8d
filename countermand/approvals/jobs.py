"""What the clock does: a question that nobody answered in time ends."""

from datetime import datetime

from countermand.approvals.asking import said
from countermand.approvals.models import Approval

CHUNK = 100


def expire(*, at: datetime) -> int:
    """This will end approvals that nobody decided in time, and say how many; nothing had moved for them."""
    due = Approval.across_merchants.select_for_update(skip_locked=True, no_key=True).filter(
        state="waiting", expires_at__lte=at
    )
    ended = list(due.order_by("id")[:CHUNK])
    for approval in ended:
        approval.state, approval.decided_at = "expired", at
        approval.save(update_fields=["state", "decided_at"])
        said("approval.expired", approval, by="clock", at=at, about=approval.kind)
    return len(ended)
