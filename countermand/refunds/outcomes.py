"""What became of one claimed refund: the provider's answer, or why there is none. Pure.

Beside the provider's own `Succeeded`, `Pending` and `Declined` (payments.providers.port).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from countermand.payments.providers.port import Declined, Found, Pending, Succeeded
from countermand.refunds.waiting import ARRIVED_SECONDS

NOT_FOUND_YET = "not_found_yet"


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody can say yet whether it happened: look it up by our id."""

    error: str


@dataclass(frozen=True, slots=True)
class Again:
    """Nothing happened; the same call under the same key is made later. `error` "": at once."""

    error: str


@dataclass(frozen=True, slots=True)
class Captured:
    """What was to be voided has been captured meanwhile, so much of it: give that back instead."""

    minor: int


@dataclass(frozen=True, slots=True)
class Ask:
    """The look-up is satisfied: now make this call (`refund` or `void`)."""

    call: str


Outcome = Succeeded | Pending | Declined | Unknown | Again | Captured


class Sent(Protocol):
    """What of a claimed refund matters when its look-up is judged."""

    kind: str
    amount_minor: int
    asked_at: datetime | None
    confirmed: bool
    disputed: bool


def after_look_up(refund: Sent, found: Found | None, *, known_minor: int, at: datetime) -> Outcome | Ask:
    """This will say what follows from what the provider's books say.

    `known_minor`: what we know to be given back or on its way on that payment, this refund included.
    """
    if found is None:
        return Declined("unknown_payment")
    if refund.kind == "void":
        return _void(found)
    if found.refund is not None:
        return found.refund
    if refund.disputed:  # a refund beside a chargeback pays twice
        return Declined("disputed")
    if found.voided:
        return Declined("voided")
    if refund.asked_at is not None:
        early = at < refund.asked_at + timedelta(seconds=ARRIVED_SECONDS)
        return Unknown(NOT_FOUND_YET) if early else Again("")
    if not refund.confirmed and found.refunded_minor > known_minor - refund.amount_minor:
        return Declined("refunded_elsewhere")
    return Ask("refund")


def _void(found: Found) -> Outcome | Ask:
    if found.captured_minor:
        return Captured(found.captured_minor)
    return Succeeded() if found.voided else Ask("void")
