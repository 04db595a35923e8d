"""Every lifecycle of the house as a table: state -> the states it may go to next.

Who moves a row uses `check`; the database repeats the states as CHECK constraints; the pages of
docs/lifecycles are made from these tables.
"""

from collections.abc import Mapping

Table = Mapping[str, tuple[str, ...]]

REFUND: Table = {
    # Held with `asked_at` it waits for the customer service, which may have paid it in its own way (RK-5).
    "held": ("planned", "withdrawn", "succeeded"),
    "planned": ("sent", "succeeded", "withdrawn"),
    # A void that was found captured is a refund, and held again where the customer service gives it back.
    "sent": ("succeeded", "failed", "unknown", "planned", "held"),
    "unknown": ("succeeded", "failed", "planned", "held"),
    "succeeded": ("bounced",),
    "failed": ("planned",),
    "withdrawn": (),
    "bounced": (),
}
# While a refund is in one of these, its amount is reserved on the payment and cannot be given twice.
IN_FLIGHT = ("held", "planned", "sent", "unknown")

CANCELLATION: Table = {
    "held": ("in_progress", "undone", "done", "needs_person"),
    "in_progress": ("done", "needs_person"),
    "needs_person": ("in_progress", "done"),
    "done": ("needs_person",),
    "undone": (),
}

PAYMENT: Table = {
    "pending": ("authorized", "captured", "failed", "voided"),
    "authorized": ("capturing", "captured", "failed", "voided"),
    "capturing": ("captured", "authorized", "failed"),
    "captured": ("disputed",),
    "disputed": ("captured",),
    "failed": (),
    # A cancellation lets go what was only expected; an undo expects it again, and cash or a transfer may come all the same.
    "voided": ("pending", "captured"),
}

CAPTURE: Table = {
    "sent": ("succeeded", "failed"),
    "succeeded": (),
    "failed": (),
}

MESSAGE: Table = {
    "held": ("planned", "withdrawn"),
    "planned": ("sending", "withdrawn"),
    "sending": ("sent", "planned", "failed"),
    "sent": ("bounced",),
    "failed": ("planned",),
    "bounced": (),
    "withdrawn": (),
}

VOUCHER: Table = {
    "open": ("redeemed", "withdrawn"),
    "redeemed": (),
    "withdrawn": (),
}

# An accepted alternative holds its units until the exchange; unpaid in time, the old line stands.
OFFER: Table = {
    "offered": ("accepted", "declined", "expired", "withdrawn"),
    "accepted": ("exchanged", "expired", "withdrawn"),
    "declined": (),
    "expired": (),
    "withdrawn": (),
    "exchanged": (),
}

ORDER: Table = {
    "pending": ("awaiting_acceptance", "open", "cancelled"),
    "awaiting_acceptance": ("accepting", "open", "refused", "cancelled"),
    "accepting": ("open", "awaiting_acceptance", "refused"),
    "open": ("partially_shipped", "shipped", "cancelled"),
    "partially_shipped": ("open", "shipped", "closed", "cancelled"),
    "shipped": ("closed", "open", "partially_shipped", "cancelled"),
    "refused": (),
    "cancelled": ("open", "partially_shipped"),
    "closed": ("partially_shipped", "shipped"),
}

# Goods on their way back. Looked at in one go, they pass from asked to inspected, or done where nothing is owed.
RETURN: Table = {
    "asked": ("received", "inspected", "done", "withdrawn", "lost"),
    "received": ("inspected", "done"),
    "inspected": ("done",),
    "done": (),
    "withdrawn": (),
    "lost": (),
}

# A parcel called back on its way (AZ-4, AZ-18): it may turn up after it was refused or believed lost.
INTERCEPT: Table = {
    "asked": ("accepted", "refused", "lost", "back"),
    "accepted": ("refused", "lost", "back"),
    "refused": ("back",),
    "lost": ("back",),
    "back": (),
}

# Units accepted wait for the rest of the sale and for its money; units refused are off at once (RK-1, RK-3).
DECISION: Table = {
    "made": ("done", "failed"),
    "done": (),
    "failed": (),
}

DOCUMENT: Table = {
    "due": ("issued",),
    "issued": (),
}

# A wish that a merchant's rule holds back until somebody else has looked at its plan (SH-12).
APPROVAL: Table = {
    "waiting": ("approved", "declined", "stale", "expired", "withdrawn"),
    "approved": (),
    "declined": (),
    "stale": (),
    "expired": (),
    "withdrawn": (),
}

HAND_OVER: Table = {
    "open": ("taken", "done"),
    "taken": ("open", "done"),
    "done": (),
}

# What a buyer asked for, recorded by staff. The undo of the cancellation that answered it asks it again.
REQUEST: Table = {
    "open": ("approved", "declined", "withdrawn", "expired"),
    "approved": ("open",),
    "declined": (),
    "withdrawn": (),
    "expired": ("open",),  # all of it was called off for another reason
}

# One event for one webhook: an end comes after three days of tries, and a person may send it once more.
DELIVERY: Table = {
    "planned": ("sending",),
    "sending": ("delivered", "planned", "failed"),
    "delivered": ("planned",),
    "failed": ("planned",),
}

# A merchant kept from selling for a time (RK-10): the desk proposes, a person decides, the clock ends it.
SUSPENSION: Table = {
    "proposed": ("decided", "dismissed", "lapsed"),
    "decided": ("running", "lifted"),
    "running": ("lifted", "ended"),
    "dismissed": (),
    "lapsed": (),  # the rate came back before anybody decided
    "lifted": (),
    "ended": (),
}

# A request to the support of whoever keeps the stock (EM-7).
TICKET: Table = {
    "open": ("answered", "closed"),
    "answered": ("closed",),
    "closed": (),
}

ALL: Mapping[str, Table] = {
    "order": ORDER,
    "payment": PAYMENT,
    "capture": CAPTURE,
    "cancellation": CANCELLATION,
    "refund": REFUND,
    "message": MESSAGE,
    "offer": OFFER,
    "return": RETURN,
    "intercept": INTERCEPT,
    "delivery": DELIVERY,
    "decision": DECISION,
    "document": DOCUMENT,
    "voucher": VOUCHER,
    "approval": APPROVAL,
    "hand_over": HAND_OVER,
    "buyer_request": REQUEST,
    "suspension": SUSPENSION,
    "ticket": TICKET,
}


def may(table: Table, now: str, then: str) -> bool:
    """This will say whether a row in state `now` may go to `then`."""
    return then in table[now]


def sources(table: Table, then: str) -> list[str]:
    """This will list the states from which `then` can be reached: what an UPDATE puts into its WHERE."""
    return [state for state, following in table.items() if then in following]
