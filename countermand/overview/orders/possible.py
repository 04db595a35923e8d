"""What may be done with an order now, and why not what may not (AZ-1, EM-8). Pure.

`orders.permitted` speaks first: terms, state, role. Beyond it stands what the order holds: units still open, money
still free. The verbs judge again under the order's lock; this is what a reader sees before.
"""

from typing import Any, NamedTuple

from countermand.channels.presets import Terms
from countermand.orders import permitted

# What a page or an answer offers beside reading.
VERBS = tuple(action for action in permitted.ACTIONS if action not in ("read", "see_buyer"))


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
    unconfirmed: bool = False  # a parcel has left that is not confirmed (AZ-4)

    @property
    def open(self) -> int:
        return self.ordered - self.cancelled - self.shipped

    @property
    def state(self) -> str:
        return permitted.state_of(
            status=self.status, verification=self.verification, unconfirmed=self.unconfirmed
        )


def why_not(sums: Sums, action: str, *, terms: Terms, role: str = "") -> str:
    """This will name what forbids an action, as the verb's refusal does; "" when nothing does."""
    code = permitted.why(terms, sums.state, action, role)
    # What has left is judged by its units: with some called off, nothing else is open.
    return _by_what_it_holds(sums, action) if code in ("", "already_shipped") else code


def _by_what_it_holds(sums: Sums, action: str) -> str:
    """What the order itself lacks for an action that its state permits."""
    match action:
        case "cancel" if not sums.open:
            return "nothing_open" if sums.cancelled else "already_shipped"
        case "fulfil" if sums.fraud_hold and sums.open:
            return "held_for_fraud"
        case "confirm_shipment" if not sums.unconfirmed:
            return "already_confirmed"
        case "return" | "intercept" if sums.shipped <= sums.returned:
            return "nothing_shipped"
        case "refund" if not sums.free_minor:
            return "nothing_to_refund"
        case "capture" if not sums.authorized:
            return "payment_not_capturable"
        case "restock" if not sums.restockable:
            return "nothing_to_restock"
        case "reorder" if not sums.cancelled:
            return "nothing_cancelled"
    return ""


def row_action(sums: Sums, *, terms: Terms, role: str = "") -> dict[str, str]:
    """This will give the one verb that stands on the row of an order, or why there is none (EM-8)."""
    why = ""
    for verb in ("cancel", "refuse", "return"):
        if not (code := why_not(sums, verb, terms=terms, role=role)):
            return {"verb": verb, "why": ""}
        why = why or code
    return {"verb": "", "why": why}


def actions(sums: Sums, *, terms: Terms, role: str = "") -> dict[str, Any]:
    """This will write `actions` (verbs that may be done), `actions_refused` (verb -> code) and the row's `action`."""
    judged = {verb: why_not(sums, verb, terms=terms, role=role) for verb in VERBS}
    return {
        "state": sums.state,
        "actions": [verb for verb, why in judged.items() if not why],
        "actions_refused": {verb: why for verb, why in judged.items() if why},
        "action": row_action(sums, terms=terms, role=role),
    }
