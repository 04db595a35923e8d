"""Verbs of a sale that waits: accept units, refuse units, or both at once (RK-1 to RK-3)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import ids, sql
from countermand.acceptance import rules, waiting
from countermand.acceptance.models import DecidedLine, Decision
from countermand.acceptance.queries import accepted_units
from countermand.acceptance.taking_off import TakingOff, void_facts, void_row
from countermand.cancellations.planned import Plan
from countermand.cancellations.write import message_facts
from countermand.correspondence.models import Message
from countermand.events.ping import ping
from countermand.events.record import event, record
from countermand.orders import permitted, rated
from countermand.payments import capturing
from countermand.payments.facts import Ledger
from countermand.refunds.rows import INSERT
from countermand.stock import moves

ACCEPTED = 'UPDATE "order" SET accepted = true WHERE id = %s'
SETTLE = "UPDATE decision SET state = %s WHERE merchant_id = %s AND order_id = %s AND state = 'made'"


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision as it was written: the order's status after it, and what went back for refused units."""

    id: UUID
    status: str
    units: dict[str, int]
    refund_minor: int = 0


@sql.verb
def accept(
    *,
    merchant_id: int,
    order_id: UUID,
    lines: rules.Wish | None = None,
    via: str = "page",
    by: str,
    at: datetime,
) -> Decided:
    """This will accept units of a sale; `lines` None: all that nobody has decided about.

    Once nothing is undecided the buyer's card is drawn, where the terms draw at acceptance: the order is `accepting`
    until the provider has answered, and then open, or waits again (RK-3). Else it is open at once.
    Refuses `not_found`, `not_verified_yet`, `in_progress`, `already_accepted`, `already_cancelled`, and what
    `rules.asked` refuses.
    """
    sale, units = _opened("accept", merchant_id, order_id, lines, by, at)
    decision_id = _decide(sale, "accepted", units, via=via)
    ended = _ended(sale)
    _tell(sale, "order.accepting" if ended else "order.part_accepted", decision_id, units=units)
    if ended:
        _begin(sale)
    sale.touched()
    sale.write()
    ping()
    return Decided(decision_id, sale.ledger.order.status, units)


@sql.verb
def refuse(
    *,
    merchant_id: int,
    order_id: UUID,
    lines: rules.Wish | None = None,
    via: str = "page",
    by: str,
    at: datetime,
) -> Decided:
    """This will refuse units of a sale before it is accepted; `lines` None: all that nobody has decided about.

    No cancellation: no reason is asked, nothing counts in the rate (RK-1). What is only authorised is let go when
    nothing is left, what was captured goes back by whoever refunds under the terms. Refuses as `accept` does.
    """
    sale, units = _opened("refuse", merchant_id, order_id, lines, by, at)
    made, reimbursement_id = sale.refuse(units)
    decision_id = _decide(sale, "refused", units, via=via, made=made, reimbursement_id=reimbursement_id)
    _tell(sale, "order.refused", decision_id, units=units, whole=made.empties, refund_minor=made.refund)
    if made.empties:
        waiting.over(merchant_id=merchant_id, order_id=order_id, at=at)
    elif _ended(sale):
        _begin(sale)
    _write_to_the_buyer(sale, made)
    released = {line.line.sku: line.quantity for line in made.lines if line.line.tracked}
    if released:
        _tell(sale, "stock.released", decision_id, units=released)
    sale.write()
    back = [
        {"order_id": order_id, "item_id": line.line.item_id, "quantity": line.quantity}
        for line in made.lines
        if line.line.tracked
    ]
    moves.let_go(merchant_id=merchant_id, moves=back, by=by, at=at)
    ping()
    return Decided(decision_id, sale.ledger.order.status, units, made.refund)


@sql.verb
def decide(
    *,
    merchant_id: int,
    order_id: UUID,
    accepted: rules.Wish,
    refused: rules.Wish,
    via: str = "page",
    by: str,
    at: datetime,
) -> str:
    """This will refuse some units and accept others at once; gives the order's status. Refuses as both do."""
    ask: dict[str, Any] = {"merchant_id": merchant_id, "order_id": order_id, "via": via, "by": by, "at": at}
    status = ""
    # Refused first: what is drawn is then what is left.
    if refused:
        status = refuse(lines=refused, **ask).status
    if accepted:
        status = accept(lines=accepted, **ask).status
    return status


def landed(*, ledger: Ledger, by: str, at: datetime) -> None:
    """This will conclude an acceptance once all its captures have landed: the order is open, or waits again (RK-3).

    In the verb that lands a capture, before it writes the ledger.
    """
    order = ledger.order
    if order.status != "accepting" or any(share.state == "capturing" for share in ledger.shares):
        return
    if not rules.draws(ledger):
        open_order(ledger, by=by, at=at)
        return
    order.status = "awaiting_acceptance"
    sql.execute(SETTLE, ("failed", order.merchant_id, order.id))
    waiting.again(merchant_id=order.merchant_id, order_id=order.id, at=at)
    record([_event(ledger, "order.capture_failed", by=by, at=at)])


def open_order(ledger: Ledger, *, by: str, at: datetime) -> None:
    """This will open an accepted order: it is one of those that the rate is measured against from now on."""
    order = ledger.order
    order.status, order.accepted = "open", True
    sql.execute(ACCEPTED, (order.id,))
    sql.execute(SETTLE, ("done", order.merchant_id, order.id))
    waiting.over(merchant_id=order.merchant_id, order_id=order.id, at=at)
    rated.enter(merchant_id=order.merchant_id, order_ids=[order.id])
    record([_event(ledger, "order.accepted", by=by, at=at), *_let_go_rest(ledger, by=by, at=at)])


def _let_go_rest(ledger: Ledger, *, by: str, at: datetime) -> list[dict[str, Any]]:
    """What is still only authorised when all is drawn that is due is let go: another payment covered it."""
    if not rules.draws_now(ledger):
        return []
    told = []
    for share in rules.authorised(ledger):
        row = void_row(ledger, share, by=by, at=at)
        sql.execute(INSERT, (sql.json([row]),))
        about = ("refund", row["id"])
        told.append(_event(ledger, "refund.planned", by=by, at=at, subject=about, **void_facts(share)))
    return told


def _opened(
    action: str, merchant_id: int, order_id: UUID, lines: rules.Wish | None, by: str, at: datetime
) -> tuple[TakingOff, dict[str, int]]:
    sale = TakingOff(merchant_id=merchant_id, order_id=order_id, by=by, at=at)
    order = sale.ledger.order
    state = permitted.state_of(status=order.status, verification=order.verification)
    permitted.judge(sale.ledger.terms, state, action)
    before = accepted_units(merchant_id=merchant_id, order_id=order_id)
    return sale, rules.asked(sale.ledger.lines, before, lines)


def _write_to_the_buyer(sale: TakingOff, made: Plan) -> None:
    """What is not sent is told at once, by the mail of what is called off; a channel that mails by itself does so."""
    if not made.notify:
        return
    Message.across_merchants.create(
        merchant_id=sale.merchant_id,
        order_id=sale.order_id,
        kind="cancellation",
        facts=message_facts(made) | {"whole": made.empties},
        state="planned",
        not_before=sale.at,
        created_at=sale.at,
    )


def _ended(sale: TakingOff) -> bool:
    """Whether nobody has anything left to decide."""
    before = accepted_units(merchant_id=sale.merchant_id, order_id=sale.order_id)
    return not rules.undecided(sale.ledger.lines, before)


def _begin(sale: TakingOff) -> None:
    """All is decided and something is accepted: its money is drawn first, where it is to be."""
    ledger = sale.ledger
    drawn = rules.draws(ledger)
    if not drawn:
        open_order(ledger, by=sale.by, at=sale.at)
        return
    ledger.order.status = "accepting"
    for share, amount in drawn:
        capturing.begin(ledger=ledger, share=share, amount=amount, by=sale.by, at=sale.at)


def _decide(
    sale: TakingOff,
    verdict: str,
    units: dict[str, int],
    *,
    via: str,
    made: Plan | None = None,
    reimbursement_id: UUID | None = None,
) -> UUID:
    decision = Decision.across_merchants.create(
        id=ids.new(),
        merchant_id=sale.merchant_id,
        order_id=sale.order_id,
        verdict=verdict,
        state="made" if verdict == "accepted" else "done",
        via=via,
        worth_minor=made.worth if made else 0,
        shipping_minor=made.shipping if made else 0,
        fees_minor=made.fees if made else 0,
        reimbursement_id=reimbursement_id,
        by=sale.by,
        at=sale.at,
    )
    worth = {line.line.reference: line for line in made.lines} if made else {}
    DecidedLine.across_merchants.bulk_create(
        DecidedLine(
            merchant_id=sale.merchant_id,
            decision_id=decision.id,
            line_id=line.id,
            quantity=units[line.reference],
            worth_minor=worth[line.reference].worth if worth else 0,
            tax_minor=worth[line.reference].tax if worth else 0,
        )
        for line in sale.ledger.lines
        if line.reference in units
    )
    return decision.id


def _tell(sale: TakingOff, kind: str, decision_id: UUID, **facts: Any) -> None:
    record([_event(sale.ledger, kind, by=sale.by, at=sale.at, subject=("decision", decision_id), **facts)])


def _event(
    ledger: Ledger,
    kind: str,
    *,
    by: str,
    at: datetime,
    subject: tuple[str, UUID | None] = ("order", None),
    **facts: Any,
) -> dict[str, Any]:
    order = ledger.order
    return event(
        kind=kind, merchant_id=order.merchant_id, at=at, by=by, order_id=order.id, subject=subject, **facts
    )
