"""What the state of an order, its terms and the asker's role permit: one table that page, API and file obey (AZ-1).

Verbs judge beyond it on what an order holds (units still open, money still free): the table speaks first.
`docs/actions.md` is made from it. Pure.
"""

from collections.abc import Callable, Mapping

from countermand.channels.presets import Terms
from countermand.merchants.roles import PERMISSIONS, ROLES
from countermand.refusals import Refusal

# The platform is the marketplace's operator or its customer service; the others are the merchant's people.
PLATFORM = "platform"
WHO = (*ROLES, PLATFORM)

STATES = (
    "pending",
    "awaiting_acceptance",
    "accepting",
    "open",
    "partially_shipped",
    "shipped_unconfirmed",
    "shipped",
    "refused",
    "cancelled",
    "closed",
)

# Each action on its line, under the states above: yes, or why not. An order that was "closed" holds units that left.
_CELLS = """
                  pending    awaiting   accepting  open      part      unconfirmed shipped   refused    cancelled  closed
read              yes        yes        yes        yes       yes       yes         yes       yes        yes        yes
see_buyer         unverified yes        yes        yes       yes       yes         yes       yes        yes        yes
note              yes        yes        yes        yes       yes       yes         yes       yes        yes        yes
verify            yes        verified   verified   verified  verified  verified    verified  cancelled  cancelled  verified
accept            unverified yes        running    accepted  accepted  accepted    accepted  cancelled  cancelled  accepted
refuse            unverified yes        running    accepted  accepted  accepted    accepted  cancelled  cancelled  accepted
cancel            unverified unaccepted running    yes       yes       left        left      cancelled  cancelled  left
fulfil            unverified unaccepted running    yes       yes       nothing     nothing   cancelled  cancelled  nothing
confirm_shipment  unverified still_here still_here still_here yes      yes         confirmed still_here still_here confirmed
intercept         unverified still_here still_here still_here yes      yes         yes       still_here still_here back
return            unverified still_here still_here still_here yes      yes         yes       still_here still_here back
refund            unverified yes        yes        yes       yes       yes         yes       yes        yes        yes
capture           unverified yes        yes        yes       yes       yes         yes       yes        yes        yes
restock           yes        yes        yes        yes       yes       yes         yes       yes        yes        yes
contact           unverified yes        yes        yes       yes       yes         yes       yes        yes        yes
message           unverified yes        yes        yes       yes       yes         yes       yes        yes        yes
request           unverified yes        yes        yes       yes       yes         yes       cancelled  cancelled  yes
reorder           untouched  untouched  untouched  yes       yes       yes         yes       untouched  yes        yes
change_address    fixed      fixed      fixed      fixed     fixed     fixed       fixed     fixed      fixed      fixed
"""

# What the words of the table are as a refusal's code.
_WORDS = {
    "yes": "",
    "unverified": "not_verified_yet",
    "verified": "already_verified",
    "unaccepted": "not_accepted_yet",
    "accepted": "already_accepted",
    "running": "in_progress",
    "cancelled": "already_cancelled",
    "left": "already_shipped",
    "nothing": "nothing_to_ship",
    "still_here": "nothing_shipped",
    "confirmed": "already_confirmed",
    "back": "nothing_shipped",
    "untouched": "nothing_cancelled",
    "fixed": "address_fixed",
}

TABLE: Mapping[str, Mapping[str, str]] = {
    action: dict(zip(STATES, (_WORDS[word] for word in words), strict=True))
    for action, *words in (line.split() for line in _CELLS.strip().splitlines()[1:])
}
ACTIONS = tuple(TABLE)

# The permission of each action; what only the platform does has none.
PERMISSION: Mapping[str, str] = {
    "read": "read",
    "see_buyer": "read",
    "note": "contact",
    "verify": "intake",
    "accept": "intake",
    "refuse": "cancel",
    "cancel": "cancel",
    "fulfil": "intake",
    "confirm_shipment": "intake",
    "intercept": "cancel",
    "return": "cancel",
    "refund": "refund",
    "capture": "intake",
    "restock": "stock",
    "contact": "contact",
    "message": "contact",
    "request": "contact",
    "reorder": "intake",
    "change_address": "intake",
}

# What the platform itself does on an order, and where that is more than the table gives to the merchant's people.
OF_PLATFORM = frozenset(
    ("read", "see_buyer", "note", "verify", "cancel", "refund", "contact", "message", "request")
)
PLATFORM_MAY: Mapping[str, frozenset[str]] = {
    "cancel": frozenset(("pending", "awaiting_acceptance")),  # AZ-14: it ends what it could not verify
}

# What the terms say about an action: "" or a code, by the value of a term, never by whose terms they are.
SAID: Mapping[str, Callable[[Terms, str], str]] = {
    "intercept": lambda terms, who: "" if "intercept" in terms.once_shipped else "terms_forbid",
    "refund": lambda terms, who: (
        "" if (terms.refunds_by == "merchant") != (who == PLATFORM) else "terms_forbid"
    ),
    "reorder": lambda terms, who: "" if terms.place_again else "terms_forbid",
}


def state_of(*, status: str, verification: str = "verified", unconfirmed: bool = False) -> str:
    """This will name the state in which the table looks: `unconfirmed` says that a parcel was not confirmed (AZ-4)."""
    if verification == "pending" and status not in ("cancelled", "refused"):
        return "pending"
    return "shipped_unconfirmed" if status == "shipped" and unconfirmed else status


def why(terms: Terms, state: str, action: str, role: str = "") -> str:
    """This will name what forbids an action: "" when it may be done, else a refusal's code.

    `role`: one of WHO; "" does not ask who it is. First who asks is judged, then the state, then the terms.
    """
    if role == PLATFORM:
        if action not in OF_PLATFORM:
            return "forbidden"
        if state in PLATFORM_MAY.get(action, ()):
            return ""
    elif role and ROLES.index(role) < ROLES.index(PERMISSIONS[PERMISSION[action]]):
        return "forbidden"
    if code := TABLE[action][state]:
        return code
    said = SAID.get(action)
    return said(terms, role) if said else ""


def judge(terms: Terms, state: str, action: str, role: str = "") -> None:
    """This will refuse an action with the code that the table gives."""
    if code := why(terms, state, action, role):
        raise Refusal(code, DETAILS.get(code, ""))


# What a developer reads; pages say it in their own words (web/refusal_words.py).
DETAILS = {
    "not_verified_yet": "its payment is being verified",
    "not_accepted_yet": "refuse it: it has not been accepted",
    "in_progress": "its acceptance is under way",
    "already_cancelled": "every unit has been called off",
    "already_shipped": "everything has left: take it back as a return",
    "already_verified": "its payment has been verified",
    "already_accepted": "it has been accepted: cancel it instead",
    "already_confirmed": "every parcel is confirmed",
    "nothing_to_ship": "no unit is open",
    "nothing_shipped": "nothing has left, or all of it is back",
    "nothing_cancelled": "no unit was cancelled that could be placed again",
    "address_fixed": "an address is never changed: ship to the one on the order, or cancel",
    "terms_forbid": "the channel's terms do not permit it",
    "forbidden": "the role may not do this",
}
