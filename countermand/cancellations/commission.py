"""What becomes of the platform's commission on what is called off. Pure.

Source: docs/terms.md (payout and commission); RK-8, RK-13.
"""

from datetime import datetime

from countermand.cancellations.ask import Ask
from countermand.channels.presets import Terms


def commission(terms: Terms, ask: Ask, *, at: datetime) -> str:
    """This will say `reversed` (given back to the merchant), `kept` (still due), or "" where nobody takes one."""
    if terms.commission_on_cancel == "none":
        return ""
    if terms.commission_on_cancel == "kept_unless_case" and not has_case(ask, at=at):
        return "kept"
    return "reversed"


def has_case(ask: Ask, *, at: datetime) -> bool:
    """This will say whether the customer service had a case before: an official request, or a reference with its date."""
    if ask.official_request:
        return True
    return bool(ask.case_reference.strip()) and ask.case_at is not None and ask.case_at <= at
