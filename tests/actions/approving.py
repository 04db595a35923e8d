"""A shop where a manager looks at what an agent asks for: what tests of approvals do again and again."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from countermand.approvals.actions import Gift, Held, approve, confirm_or_hold, set_rules
from countermand.approvals.models import Approval
from countermand.approvals.rules import Rule
from countermand.cancellations.ask import Ask
from countermand.performance.queries import rate_of

AGENT, MANAGER, OWNER = "mina@shop.example", "paul@shop.example", "ana@shop.example"
OVER_20 = (Rule("amount", "manager", above="20"),)


def moment() -> datetime:
    return datetime.now(UTC)


def rules(merchant: Any, *wanted: Rule) -> tuple[Rule, ...]:
    """Puts rules in force and hands them back as they are kept."""
    return set_rules(merchant_id=merchant.id, rules=wanted, by=OWNER, at=moment())


def wish(
    merchant: Any,
    order_id: UUID,
    held_by: tuple[Rule, ...],
    *,
    by: str = AGENT,
    role: str = "agent",
    source: str | None = None,
    gift: Gift | None = None,
    reason: str = "out_of_stock",
    **ask: Any,
) -> Any:
    """What a door does when somebody of a role presses the last button."""
    return confirm_or_hold(
        merchant_id=merchant.id,
        order_id=order_id,
        ask=Ask(reason=reason, role=role, **ask),
        rules=held_by,
        by=by,
        at=moment(),
        rate_of=rate_of,
        source=source,
        gift=gift,
    )


def held(merchant: Any, order_id: UUID, held_by: tuple[Rule, ...] = OVER_20, **more: Any) -> Approval:
    """A wish that is held back."""
    answer = wish(merchant, order_id, held_by, **more)
    assert isinstance(answer, Held), answer
    return answer.approval


def approved(merchant: Any, approval: Approval, *, by: str = MANAGER, role: str = "manager") -> Approval:
    return approve(
        merchant_id=merchant.id, approval_id=approval.id, by=by, role=role, at=moment(), rate_of=rate_of
    )
