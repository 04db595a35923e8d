"""Refunds of locked orders, changed together: every way of a refund's life goes through here.

Made with the orders' ids: locks them and reads their ledgers. Each verb below changes facts in
memory; `write` puts all of it down as sets. What is reserved follows the refund's state always.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from countermand import lifecycle, sql
from countermand.events.following import follow
from countermand.events.record import event, record
from countermand.law import Clock, refund_clock
from countermand.orders.facts import LineFacts
from countermand.payments import ledger as ledgers
from countermand.payments.facts import Ledger, ShareFacts
from countermand.refunds import carriers, credits, telling
from countermand.refunds.amounts import Target, line_tax, shipping_tax
from countermand.refunds.facts import Goal, RefundFacts, locked
from countermand.refunds.rows import (
    CHANGE,
    INSERT,
    PAYMENTS,
    RESERVE,
    TARGETS,
    change_row,
    refund_row,
    target_rows,
)
from countermand.refusals import Refusal

FAILED = """
SELECT DISTINCT cancellation_id FROM refund
WHERE order_id = ANY(%s) AND state IN ('failed', 'bounced') AND cancellation_id IS NOT NULL
"""
AIM_AGAIN = "DELETE FROM refund_target WHERE refund_id = %s"


class Changes:
    """The orders of some refunds under lock, until the caller's transaction ends."""

    def __init__(self, *, merchant_id: int, order_ids: Iterable[UUID], by: str, at: datetime) -> None:
        wanted = sorted(set(order_ids))
        if len(ledgers.lock(merchant_id=merchant_id, order_ids=wanted)) < len(wanted):
            raise Refusal("not_found", "no such order")
        self.merchant_id, self.by, self.at = merchant_id, by, at
        self.ledgers = ledgers.read(merchant_id=merchant_id, order_ids=wanted)
        self._changed: dict[UUID, RefundFacts] = {}
        self._orders: dict[UUID, Ledger] = {}
        self._lines: dict[UUID, LineFacts] = {}
        self._reserved: list[dict[str, Any]] = []
        self._payments: list[dict[str, Any]] = []
        self._refunds: list[dict[str, Any]] = []
        self._targets: list[dict[str, Any]] = []
        self._credits: list[credits.Due] = []
        self._events: list[dict[str, Any]] = []
        self._instead: dict[UUID, tuple[int, Clock]] = {}

    def read(self, refund_ids: Iterable[UUID]) -> dict[UUID, RefundFacts]:
        """This will lock refunds of these orders and read them."""
        return locked(merchant_id=self.merchant_id, refund_ids=refund_ids)

    def share_of(self, refund: RefundFacts) -> ShareFacts:
        """This will find the payment that a refund is on."""
        return next(s for s in self.ledgers[refund.order_id].shares if s.id == refund.share_id)

    def plan(
        self,
        *,
        order_id: UUID,
        share: ShareFacts,
        method: str,
        amount: int,
        targets: list[Target],
        **more: Any,
    ) -> UUID:
        """This will add a new refund, reserved on its payment. `more`: reimbursement_id, reason, carried_by, asked."""
        row = refund_row(
            merchant_id=self.merchant_id,
            order_id=order_id,
            share_id=share.id,
            method=method,
            amount=amount,
            currency=self.ledgers[order_id].order.currency,
            by=self.by,
            at=self.at,
            **more,
        )
        self._refunds.append(row)
        self._targets += target_rows(self.merchant_id, row["id"], targets)
        given = [Goal(target.target, target.line_id, target.amount, target.tax) for target in targets]
        self._reserve(order_id, share, amount, given, 1)
        self._event(
            "refund.planned", order_id, row["id"], amount_minor=amount, movement="refund", method=method
        )
        if row["asked_at"]:
            self._event("refund.asked", order_id, row["id"], amount_minor=amount)
        return UUID(str(row["id"]))

    def succeed(
        self,
        refund: RefundFacts,
        *,
        reference: str = "",
        evidence: str = "",
        settled_at: datetime | None = None,
    ) -> None:
        """This will count a refund as given back, or its payment as voided."""
        self._move(refund, "succeeded")
        refund.provider_refund, refund.evidence, refund.error = reference[:255], evidence, ""
        refund.settled_at = settled_at or self.at
        ledger, share = self.ledgers[refund.order_id], self.share_of(refund)
        if refund.kind == "void":
            share.state = "voided"
            self._payments.append(_payment(share, captured=0))
        else:
            ledger.order.in_flight -= refund.amount_minor
            ledger.order.refunded += refund.amount_minor
            if refund.method in ("store_credit", "gift_card"):
                self._credits.append(credits.due(refund, ledger, share))
        self._event("refund.succeeded", refund.order_id, refund.id, **_sum(refund))

    def let_go(self, refund: RefundFacts) -> None:
        """This will send on its way a refund that the customer service was asked for."""
        self._move(refund, "planned")
        refund.not_before = self.at
        self._event("refund.let_go", refund.order_id, refund.id, **_sum(refund))

    def fail(self, refund: RefundFacts, *, reason: str) -> None:
        """This will give up a refund after a definite no: its amount is free, and owed again."""
        self._move(refund, "failed")
        refund.error, refund.settled_at = reason[:500], self.at
        if refund.kind == "refund":
            self._reserve(refund.order_id, self.share_of(refund), refund.amount_minor, refund.targets, -1)
        self._event("refund.failed", refund.order_id, refund.id, reason=reason[:100], **_sum(refund))

    def bounce(self, refund: RefundFacts, *, reason: str) -> None:
        """This will take a refund back that came back after it had succeeded: it is owed again."""
        self._move(refund, "bounced")
        refund.error = reason[:500]
        self.ledgers[refund.order_id].order.refunded -= refund.amount_minor
        self.ledgers[refund.order_id].order.in_flight += refund.amount_minor
        self._reserve(refund.order_id, self.share_of(refund), refund.amount_minor, refund.targets, -1)
        self._event("refund.bounced", refund.order_id, refund.id, reason=reason[:100], **_sum(refund))

    def plan_again(self, refund: RefundFacts) -> None:
        """This will start a failed refund anew under a new key: a definite no has used the old one up."""
        self._move(refund, "planned")
        refund.key, refund.tries, refund.not_before = uuid4(), 0, self.at
        refund.error, refund.settled_at = "", None
        if refund.kind == "refund":
            self._aim_again(refund)
            self._reserve(refund.order_id, self.share_of(refund), refund.amount_minor, refund.targets, 1)
        self._event("refund.planned", refund.order_id, refund.id, method=refund.method, **_sum(refund))

    def _aim_again(self, refund: RefundFacts) -> None:
        """Its tax may have gone back with another refund meanwhile: the targets take what is left of it."""
        ledger = self.ledgers[refund.order_id]
        lines = {line.id: line for line in ledger.lines}
        targets = []
        for goal in refund.targets:
            line = lines[goal.line_id] if goal.line_id else None
            tax = line_tax(line, goal.amount) if line else 0
            if goal.target == "shipping":
                tax = shipping_tax(ledger.order, amount=goal.amount)
            targets.append(Target(goal.target, goal.amount, tax, line))
        sql.execute(AIM_AGAIN, (refund.id,))
        self._targets += target_rows(self.merchant_id, refund.id, targets)
        refund.targets = [Goal(one.target, one.line_id, one.amount, one.tax) for one in targets]

    def refund_instead(self, refund: RefundFacts, *, targets: list[Target]) -> None:
        """This will turn a void into a refund of what `targets` sum to: see `note_capture`.

        It goes the way of any other refund of these terms: where the customer service gives back, it is asked (RK-5).
        """
        amount = sum(target.amount for target in targets)
        asked = carriers.asks(refund.carried_by, who="terms")
        self._move(refund, "held" if asked else "planned")
        refund.asked_at = self.at if asked else None
        refund.kind, refund.amount_minor, refund.key = "refund", amount, uuid4()
        refund.tries, refund.not_before, refund.error = 0, self.at, ""
        # A void owes nothing; money that was taken after all is owed since the purchase was called off.
        zone = self.ledgers[refund.order_id].channel.timezone
        clock = refund_clock(at=refund.created_at, timezone=zone, buyer_withdraws=False)
        refund.due_at = refund.due_at or clock.due_on
        refund.targets = [
            Goal(target.target, target.line_id, target.amount, target.tax) for target in targets
        ]
        self._targets += target_rows(self.merchant_id, refund.id, targets)
        self._reserve(refund.order_id, self.share_of(refund), amount, refund.targets, 1)
        if refund.cancellation_id:
            before, _clock = self._instead.get(refund.cancellation_id, (0, clock))
            self._instead[refund.cancellation_id] = (before + amount, clock)
        self._event("refund.planned", refund.order_id, refund.id, method=refund.method, **_sum(refund))
        if asked:
            self._event("refund.asked", refund.order_id, refund.id, amount_minor=amount)

    def note_capture(self, refund: RefundFacts, *, captured: int) -> None:
        """This will write down that the payment of a void was captured after all."""
        share, order = self.share_of(refund), self.ledgers[refund.order_id].order
        more = min(captured, share.amount) - share.captured
        if more <= 0:
            return
        share.captured += more
        share.payment_free += more
        share.state = "captured"
        order.captured += more
        self._orders[order.id] = self.ledgers[order.id]
        self._payments.append(_payment(share, captured=more))
        self._event("payment.captured", order.id, refund.id, amount_minor=more)

    def write(self) -> None:
        """This will write everything that was changed, tell who waits to hear of it, and conclude."""
        ledgers.write(self._orders.values(), lines=self._lines.values())
        if self._payments:
            sql.execute(PAYMENTS, (sql.json(self._payments),))
        if self._reserved:
            sql.execute(RESERVE, (sql.json(self._reserved),))
        if self._refunds:
            sql.execute(INSERT, (sql.json(self._refunds),))
        if self._changed:
            sql.execute(CHANGE, (sql.json([change_row(refund) for refund in self._changed.values()]),))
        if self._targets:
            sql.execute(TARGETS, (sql.json(self._targets),))
        if self._credits:
            self._events += credits.issue(
                merchant_id=self.merchant_id, dues=self._credits, by=self.by, at=self.at
            )
        telling.tell(merchant_id=self.merchant_id, reimbursement_ids=self.reimbursements, at=self.at)
        record(self._events)
        if settled := [refund.id for refund in self._changed.values() if _is_settled(refund)]:
            follow("refunds.settled", merchant_id=self.merchant_id, refund_ids=settled, at=self.at)
        if self._instead:
            follow("refunds.instead_of_void", owed=self._instead)
        cancellations = self.cancellations | self._dealt_with()
        if cancellations:
            follow("refunds.moved", cancellation_ids=cancellations, at=self.at)

    @property
    def cancellations(self) -> set[UUID]:
        """This will list the cancellations whose refunds were moved."""
        return {refund.cancellation_id for refund in self._changed.values() if refund.cancellation_id}

    @property
    def reimbursements(self) -> set[UUID]:
        """This will list the reimbursements whose refunds were moved."""
        return {refund.reimbursement_id for refund in self._changed.values() if refund.reimbursement_id}

    def _dealt_with(self) -> set[UUID]:
        """Cancellations with a refund that failed, on orders to which money went back another way just now."""
        orders = {refund.order_id for refund in self._changed.values() if refund.reimbursement_id}
        return {row[0] for row in sql.tuples(FAILED, (list(orders),))} if orders else set()

    def _move(self, refund: RefundFacts, state: str) -> None:
        if not lifecycle.may(lifecycle.REFUND, refund.state, state):
            raise AssertionError(f"a refund goes from {refund.state} never to {state}")
        refund.state = state
        self._changed[refund.id] = refund
        self._orders[refund.order_id] = self.ledgers[refund.order_id]

    def _reserve(
        self,
        order_id: UUID,
        share: ShareFacts,
        amount: int,
        targets: Iterable[Goal],
        sign: int,
    ) -> None:
        """Takes an amount into flight (1), or out of it (-1), on payment, order and what it is for."""
        ledger = self.ledgers[order_id]
        order = ledger.order
        self._orders[order_id] = ledger
        share.reserved += sign * amount
        share.payment_free -= sign * amount
        order.in_flight += sign * amount
        self._reserved.append({"share_id": share.id, "payment_id": share.payment_id, "amount": sign * amount})
        for target, line_id, part, tax in targets:
            if target == "line":
                line = next(line for line in ledger.lines if line.id == line_id)
                line.given += sign * part
                line.given_tax += sign * tax
                self._lines[line.id] = line
            elif target == "shipping":
                order.shipping_given += sign * part
                order.shipping_given_tax += sign * tax
            elif target == "fees":
                order.fees_given += sign * part
            elif target == "goodwill":
                order.goodwill += sign * part

    def _event(self, kind: str, order_id: UUID, refund_id: UUID, **facts: Any) -> None:
        self._events.append(
            event(
                kind=kind,
                merchant_id=self.merchant_id,
                at=self.at,
                by=self.by,
                order_id=order_id,
                subject=("refund", refund_id),
                **facts,
            )
        )


def _is_settled(refund: RefundFacts) -> bool:
    """Whether its money is back with the buyer, came back to us, or will not go: no longer on its way."""
    return refund.kind == "refund" and refund.state in ("succeeded", "failed", "bounced")


def _sum(refund: RefundFacts) -> dict[str, Any]:
    return {"amount_minor": refund.amount_minor, "movement": refund.kind}


def _payment(share: ShareFacts, *, captured: int) -> dict[str, Any]:
    return {"share_id": share.id, "payment_id": share.payment_id, "state": share.state, "more": captured}
