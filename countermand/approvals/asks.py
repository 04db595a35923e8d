"""A wish as it is frozen and as it is taken up again, by a second person, days later."""

from dataclasses import asdict, replace
from datetime import datetime
from hashlib import sha256
from json import dumps
from typing import Any
from uuid import UUID

from countermand.cancellations.ask import Ask
from countermand.refunds.actions import GiveBack, LineWish, Reimbursed


def frozen_ask(ask: Ask) -> dict[str, Any]:
    """This will write a wish to cancel as JSON; what it expected of the plan is the plan's to say."""
    kept = asdict(replace(ask, plan=None, expected_refund=None))
    return kept | {
        "request_id": str(ask.request_id) if ask.request_id else None,
        "case_at": ask.case_at.isoformat() if ask.case_at else None,
    }


def ask_of(frozen: dict[str, Any], *, plan: str | None) -> Ask:
    """This will read a wish to cancel back, bound to a plan."""
    lines, restock, request = frozen["lines"], frozen["restock"], frozen["request_id"]
    case_at = frozen["case_at"]
    return Ask(
        **{name: value for name, value in frozen.items() if name != "voucher"}
        | {
            "lines": None if lines is None else tuple((line, quantity) for line, quantity in lines),
            "restock": tuple((line, units) for line, units in restock)
            if isinstance(restock, list)
            else restock,
            "request_id": UUID(request) if request else None,
            "case_at": datetime.fromisoformat(case_at) if case_at else None,
            "plan": plan,
        }
    )


def frozen_wish(wish: GiveBack) -> dict[str, Any]:
    """This will write a wish to give back as JSON."""
    return asdict(wish)


def wish_of(frozen: dict[str, Any]) -> GiveBack:
    """This will read a wish to give back again."""
    lines = frozen["lines"]
    return GiveBack(
        **frozen | {"lines": None if lines is None else tuple(LineWish(**line) for line in lines)}
    )


def digest_of(made: Reimbursed) -> str:
    """This will make the fingerprint of what would go back, as a plan has one: order, amounts, payments."""
    order = made.ledger.order
    content = [
        *(str(order.id), order.version, made.ledger.channel.revision, made.amount_minor, made.method),
        [(part.share.reference, part.method, part.amount_minor) for part in made.parts],
    ]
    return "sha256:" + sha256(dumps(content).encode()).hexdigest()
