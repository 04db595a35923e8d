"""A plan: everything that follows when units of an order are called off, as plain facts. Pure."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from countermand.cancellations.ask import Ask
from countermand.law import Clock
from countermand.orders.facts import LineFacts, Requested
from countermand.payments.facts import Ledger, ShareFacts
from countermand.reasons import REASONS
from countermand.refunds.amounts import Target

VOIDS_FIRST = timedelta(seconds=5)


@dataclass(slots=True)
class PlannedLine:
    """Units of one line: what they are worth beyond what was given back for them, and the tax inside."""

    line: LineFacts
    quantity: int
    worth: int
    amount: int
    tax: int
    restock: int


@dataclass(slots=True)
class Part:
    """One movement on one payment: a refund, or a void of what was never captured."""

    share: ShareFacts
    kind: str
    method: str
    amount: int
    targets: list[Target]


@dataclass(slots=True)
class Plan:
    """Everything that will follow. `refund` goes back (now or later), `waived` never will."""

    ledger: Ledger
    ask: Ask
    at: datetime
    lines: list[PlannedLine]
    empties: bool
    worth: int
    shipping: int
    fees: int
    fee: int
    refund: int
    waived: int
    when: str
    method: str
    parts: list[Part]
    drop: list[ShareFacts]  # payments by hand that will never be collected
    counts_in_rate: bool
    counts_why: str  # of `channels.counting.WHYS`
    commission: str  # reversed, kept; "" where nobody takes one
    notify: bool
    clock: Clock | None
    were_asked: tuple[Requested, ...]  # what buyers had asked of this order, open
    answers: Requested | None  # the one that this is the answer to

    @property
    def undo_until(self) -> datetime | None:
        """This will say until when it can be undone, if at all."""
        return self.at + timedelta(seconds=self.ask.undo_seconds) if self.ask.undo_seconds else None

    def due(self, part: Part) -> datetime:
        """This will say when a part may leave. SH-7: with a suspicion, what was never debited is let go first."""
        due = self.undo_until or self.at
        suspected = REASONS[self.ask.reason].family == "fraud"
        waits = suspected and part.kind == "refund" and any(other.kind == "void" for other in self.parts)
        return due + VOIDS_FIRST if waits else due

    @property
    def carried_by(self) -> str:
        """This will say whose deed the refund is: the merchant's, the platform's, or its customer service's."""
        return self.ledger.terms.refunds_by

    def waits(self, part: Part) -> bool:
        """This will say whether a part waits until the customer service gives it back (RK-5)."""
        return part.kind == "refund" and self.carried_by == "customer_service"

    @property
    def pay_by(self) -> date | None:
        """This will say until when the money must be back: the law's day, or the platform's where it is earlier."""
        if self.clock is None:
            return None
        days = self.ledger.terms.service_refund_days
        if not days:
            return self.clock.due_on
        own = self.at.astimezone(ZoneInfo(self.ledger.channel.timezone)).date() + timedelta(days=days)
        return min(self.clock.due_on, own)

    @property
    def digest(self) -> str:
        """This will make the fingerprint of the plan: a confirm that carries it is refused once facts moved."""
        order = self.ledger.order
        content = [
            *(str(order.id), order.version, self.ledger.channel.revision, self.counts_in_rate),
            [(x.line.reference, x.quantity, x.amount, x.tax, x.restock) for x in self.lines],
            *(
                self.shipping,
                self.fees,
                self.fee,
                self.refund,
                self.waived,
                self.when,
                self.method,
                self.commission,
            ),
            [(part.share.reference, part.kind, part.method, part.amount) for part in self.parts],
        ]
        return "sha256:" + sha256(json.dumps(content).encode()).hexdigest()
