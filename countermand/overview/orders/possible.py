"""What the state of an order permits now, and why not what it does not (AZ-1, EM-8). Pure.

The verbs themselves judge again under the order's lock; this is what a reader sees before.
"""

from typing import Any, NamedTuple

from countermand.intake.reorder import PLACED_AGAIN_UNDER


class Sums(NamedTuple):
    """The units of an order and what decides about them. `free_minor` can still be given back on its payments."""

    status: str
    verification: str
    ordered: int
    cancelled: int
    shipped: int
    returned: int
    restockable: int = 0
    free_minor: int = 0
    authorized: bool = False
    fraud_hold: bool = False

    @property
    def open(self) -> int:
        return self.ordered - self.cancelled - self.shipped


def why_no_cancel(sums: Sums) -> str:
    """This will name what forbids cancelling, as the verb's refusal does; "" when nothing does."""
    if sums.status in ("cancelled", "refused"):
        return "already_cancelled"
    if sums.verification == "pending" or sums.status == "pending":
        return "not_verified_yet"
    if sums.status == "awaiting_acceptance":
        return "not_accepted_yet"
    if sums.status == "accepting":
        return "in_progress"
    if not sums.open:
        return "nothing_open" if sums.cancelled else "already_shipped"
    return ""


def row_action(sums: Sums) -> dict[str, str]:
    """This will give the one verb that stands on the row of an order, or why there is none (EM-8)."""
    why = why_no_cancel(sums)
    if not why:
        return {"verb": "cancel", "why": ""}
    if sums.status == "awaiting_acceptance":
        return {"verb": "refuse", "why": ""}
    if sums.shipped > sums.returned:
        return {"verb": "return", "why": ""}
    return {"verb": "", "why": why}


def verbs(sums: Sums, *, preset: str) -> dict[str, str]:
    """This will say of every verb what forbids it: verb -> "" when it may be done, else the code."""
    waiting = sums.status == "awaiting_acceptance"
    undecided = why_no_cancel(sums) if sums.status in ("pending", "awaiting_acceptance", "accepting") else ""
    unverified = "not_verified_yet" if sums.verification == "pending" else ""
    gone = "already_cancelled" if sums.status in ("cancelled", "refused") else ""
    held = "held_for_fraud" if sums.fraud_hold else ""
    return {
        "cancel": why_no_cancel(sums),
        "accept": "" if waiting else gone or unverified or "already_accepted",
        "refuse": "" if waiting else gone or unverified or "already_accepted",
        "verify": "" if unverified else "already_verified",
        "fulfil": undecided or unverified or (held if sums.open else gone or "nothing_to_ship"),
        "return": "" if sums.shipped > sums.returned else "nothing_shipped",
        "refund": unverified or ("" if sums.free_minor else "nothing_to_refund"),
        "capture": "" if sums.authorized and not gone else "payment_not_capturable",
        "restock": "" if sums.restockable else "nothing_to_restock",
        "contact": unverified,
        "note": "",
        # AZ-10: where the platform owns the buyer, only the buyer can place an order again.
        "reorder": "terms_forbid"
        if preset not in PLACED_AGAIN_UNDER
        else ""
        if sums.cancelled
        else "nothing_cancelled",
    }


def actions(sums: Sums, *, preset: str) -> dict[str, Any]:
    """This will write `actions` (verbs that may be done), `actions_refused` (verb -> code) and the row's `action`."""
    judged = verbs(sums, preset=preset)
    return {
        "actions": [verb for verb, why in judged.items() if not why],
        "actions_refused": {verb: why for verb, why in judged.items() if why},
        "action": row_action(sums),
    }
