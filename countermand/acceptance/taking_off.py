"""Units of a sale that are refused: off the order, off the allocation, and what was paid for them goes back.

They are taken off as cancelled units are, by the same pure plan, and are no cancellation: nothing counts in the
rate, and no reason is asked (RK-1). Who refunds is what the terms say (`refunds.carriers`).
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import ids, sql
from countermand.cancellations.ask import Ask
from countermand.cancellations.plan import follows
from countermand.cancellations.planned import Part, Plan
from countermand.payments.facts import Ledger, ShareFacts
from countermand.refunds.carriers import asks
from countermand.refunds.changes import Changes
from countermand.refunds.models import Reimbursement
from countermand.refunds.rows import refund_row

REFUSED_UNITS = 'UPDATE "order" SET refused_articles = refused_articles + %s WHERE id = %s'
# What the plan is asked with: words that go nowhere, since a refusal has no reason.
REASON = "item_unavailable"


class TakingOff(Changes):
    """One sale under its lock; everything that is changed is written by `write`."""

    def __init__(self, *, merchant_id: int, order_id: UUID, by: str, at: datetime) -> None:
        super().__init__(merchant_id=merchant_id, order_ids=[order_id], by=by, at=at)
        self.order_id = order_id
        self.ledger: Ledger = self.ledgers[order_id]

    def refuse(self, units: Mapping[str, int]) -> tuple[Plan, UUID | None]:
        """This will take units off the order; gives the plan and the reimbursement, where money goes back."""
        made = planned(self.ledger, units, at=self.at)
        order = self.ledger.order
        for line in made.lines:
            line.line.cancelled += line.quantity
            line.line.restocked += line.restock
            line.line.gone_worth += line.worth
            line.line.gone_tax += line.tax
            self._lines[line.line.id] = line.line
        order.shipping_released += made.shipping
        order.fees_released += made.fees
        if made.empties:
            order.status = "refused"
        self.touched()
        sql.execute(REFUSED_UNITS, (sum(units.values()), order.id))
        for share in made.drop:
            self._let_go_by_hand(share)
        reimbursement = self._reimbursement(made)
        for part in made.parts:
            if part.kind == "void":
                self.void(part.share)
            else:
                self._give_back(made, part, reimbursement)
        return made, reimbursement

    def touched(self) -> None:
        """This will have the order written, where only its facts were changed."""
        self._orders[self.order_id] = self.ledger

    def void(self, share: ShareFacts) -> None:
        """This will plan to let go what a provider only holds; the worker asks it."""
        row = void_row(self.ledger, share, by=self.by, at=self.at)
        self._refunds.append(row)
        self.touched()
        self._event("refund.planned", self.order_id, row["id"], **void_facts(share))

    def _let_go_by_hand(self, share: ShareFacts) -> None:
        share.state = "voided"
        row = {"share_id": share.id, "payment_id": share.payment_id, "state": "voided", "more": 0}
        self._payments.append(row)

    def _reimbursement(self, made: Plan) -> UUID | None:
        if not made.refund:
            return None
        # One mail per fact: what was refused is told at once, with what goes back.
        return Reimbursement.across_merchants.create(
            id=ids.new(),
            merchant_id=self.merchant_id,
            order_id=self.order_id,
            amount_minor=made.refund,
            method="original",
            reason="",
            notify=False,
            by=self.by,
            at=self.at,
        ).id

    def _give_back(self, made: Plan, part: Part, reimbursement: UUID | None) -> None:
        terms = self.ledger.terms
        self.plan(
            order_id=self.order_id,
            share=part.share,
            method=part.method,
            amount=part.amount,
            targets=part.targets,
            reimbursement_id=reimbursement,
            due_on=made.pay_by,
            carried_by=terms.refunds_by,
            asked=asks(terms.refunds_by, who="terms"),
        )


def void_row(ledger: Ledger, share: ShareFacts, *, by: str, at: datetime) -> dict[str, Any]:
    """This will make the row that lets go what a provider only holds."""
    row = refund_row(
        merchant_id=ledger.order.merchant_id,
        order_id=ledger.order.id,
        share_id=share.id,
        method="original",
        amount=share.amount,
        currency=ledger.order.currency,
        by=by,
        at=at,
        due_on=None,
        carried_by=ledger.terms.refunds_by,
    )
    return row | {"kind": "void"}


def void_facts(share: ShareFacts) -> dict[str, Any]:
    """This will say in the history what is let go."""
    return {"amount_minor": share.amount, "movement": "void", "method": "original"}


def planned(ledger: Ledger, units: Mapping[str, int], *, at: datetime) -> Plan:
    """This will work out what follows when units of a sale are refused. Nothing is changed."""
    ask = Ask(reason=REASON, lines=tuple(units.items()), initiated_by="merchant", restock=True)
    return follows(ledger, ask, at=at)
