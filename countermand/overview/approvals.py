"""Approvals as the outside reads them: one with its order's number, and the list, newest first."""

from typing import Any
from uuid import UUID

from countermand.approvals.models import Approval
from countermand.approvals.queries import approval
from countermand.approvals.shape import approval_shape
from countermand.lifecycle import APPROVAL
from countermand.overview import cursors
from countermand.refusals import Refusal


def approval_of(*, merchant_id: int, approval_id: UUID) -> dict[str, Any]:
    """This will write one approval with its frozen plan. Refuses `not_found`."""
    return _shape(approval(merchant_id=merchant_id, approval_id=approval_id))


def approval_list(
    *, merchant_id: int, state: str = "", limit: int = 50, cursor: str | None = None
) -> dict[str, Any]:
    """This will list approvals, newest first: `{items, next}`. Refuses `unknown_state`, and what `cursors` refuses."""
    cursors.checked(limit)
    if state and state not in APPROVAL:
        raise Refusal("unknown_state", f"states are {', '.join(APPROVAL)}", field="state")
    asked = ["approvals", merchant_id, state]
    found = Approval.of(merchant_id).select_related("order", "order__channel").order_by("-id")
    if state:
        found = found.filter(state=state)
    if cursor:
        found = found.filter(id__lt=cursors.read(cursor, asked=asked)[0])
    rows = list(found[: limit + 1])
    shown, more = rows[:limit], len(rows) > limit
    following = cursors.make(place=[str(shown[-1].id)], asked=asked) if more else None
    return {"items": [_shape(row) for row in shown], "next": following}


def _shape(row: Approval) -> dict[str, Any]:
    return {**approval_shape(row), "number": row.order.number, "channel": row.order.channel.code}
