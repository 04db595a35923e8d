"""An approval as the doors show it, and what would go back as its plan."""

from typing import Any

from countermand.approvals.models import Approval
from countermand.money import plain
from countermand.refunds.actions import GiveBack, Reimbursed


def approval_shape(approval: Approval) -> dict[str, Any]:
    """This will show an approval with its frozen plan; `number` and `channel` are the reader's to add."""
    return {
        "id": str(approval.id),
        "order_id": str(approval.order_id),
        "kind": approval.kind,
        "state": approval.state,
        "why": approval.why,
        "approver": approval.approver,
        "amount": plain(approval.amount_minor, approval.currency),
        "currency": approval.currency,
        "asked_by": approval.asked_by,
        "asked_role": approval.asked_role,
        "asked_at": approval.asked_at.isoformat(),
        "expires_at": approval.expires_at.isoformat(),
        "decided_by": approval.decided_by or None,
        "decided_at": approval.decided_at.isoformat() if approval.decided_at else None,
        "note": approval.note,
        "refusal": approval.refusal or None,
        "replaced_by": str(approval.replaced_by_id) if approval.replaced_by_id else None,
        "cancellation": str(approval.cancellation_id) if approval.cancellation_id else None,
        "reimbursement": str(approval.reimbursement_id) if approval.reimbursement_id else None,
        "message": approval.ask.get("message", ""),
        "comment": approval.ask.get("note" if approval.kind == "cancellation" else "reason", ""),
        "plan": approval.plan,
    }


def held_shape(approval: Approval) -> dict[str, Any]:
    """This will show what a confirm answers that is held back: the frozen plan, and who has to look at it."""
    about = {name: value for name, value in approval_shape(approval).items() if name != "plan"}
    return {**approval.plan, "state": "held", "approval": about}


def refund_plan(made: Reimbursed, wish: GiveBack, *, digest: str) -> dict[str, Any]:
    """This will show what would go back as a plan."""
    currency = made.currency
    return {
        "order_id": str(made.order_id),
        "currency": currency,
        "amount": plain(made.amount_minor, currency),
        "method": made.method,
        "reason": wish.reason,
        "goodwill": wish.is_goodwill,
        "lines": [
            {
                "line": target.line.reference,
                "title": target.line.title,
                "amount": plain(target.amount, currency),
            }
            for part in made.parts
            for target in part.targets
            if target.line is not None
        ],
        "parts": [
            {
                "payment": part.share.reference,
                "paid_by": part.share.method,
                "method": part.method,
                "kind": "refund",
                "amount": plain(part.amount_minor, currency),
            }
            for part in made.parts
        ],
        "plan": digest,
    }
