"""What follows once units that came back were looked at: on sale or not, something kept or not, the rest given back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from countermand import money
from countermand.approvals.actions import Held, reimburse_or_hold
from countermand.approvals.rules import Rule
from countermand.events.record import event, record
from countermand.orders.facts import LineFacts
from countermand.payments import ledger as ledgers
from countermand.payments import rules as sums
from countermand.payments.facts import Ledger
from countermand.refunds.actions import GiveBack, LineWish, Reimbursed, reimburse
from countermand.refusals import fits
from countermand.returns import rules
from countermand.returns.asking import move, told, write_to_the_buyer
from countermand.returns.models import Return, ReturnLine
from countermand.returns.wishes import Verdict
from countermand.stock import moves

Came = list[tuple[LineFacts, ReturnLine]]


@dataclass(frozen=True, slots=True)
class Received:
    """A return as it stands now; `refund` is what goes back at once, or what waits for a second person."""

    found: Return
    refund: Reimbursed | Held | None = None


def looked_at(
    found: Return,
    ledger: Ledger,
    came: Came,
    verdict: Verdict,
    *,
    role: str,
    held_by: Sequence[Rule],
    by: str,
    at: datetime,
) -> Received:
    """This will write what follows from a verdict, in the caller's verb: units on sale, the fee kept, the refund on its way."""
    fits(verdict.fee_note, field="fee_note")
    units = [(line, row.received, row.amount_minor, row.condition) for line, row in came]
    settled = rules.settle(ledger, units, verdict, kind=found.kind, reason=found.reason)
    order = ledger.order
    order.shipping_released += settled.shipping
    order.fees_released += settled.fees
    order.retained += settled.fee
    for line, row in came:
        row.restocked = settled.restock.get(line.reference, 0)
        line.restocked += row.restocked
    # Part paid, or given back before: never more than what is owed now.
    free = sum(share.free for share in ledger.shares)
    refund = min(settled.refund, sums.to_give_back(ledger))
    refund = min(refund, free) if settled.when != "later" else refund
    move(found, "inspected")
    found.inspected_at, found.shipping_minor, found.fees_minor = at, settled.shipping, settled.fees
    found.fee_minor, found.fee_ground, found.fee_note = (
        settled.fee,
        settled.fee_ground,
        verdict.fee_note if settled.fee else "",
    )
    found.refund_minor, found.refund_when = refund, settled.when if refund else "none"
    if not refund:
        move(found, "done")
        found.ended_at = at
    ledgers.write([ledger], lines=[line for line, _ in came])
    save(found, came)
    record(_facts_of(found, ledger, came, by=by, at=at))
    given = None
    if refund and settled.when != "later":
        given = _given_back(found, ledger, came, settled, verdict, role=role, held_by=held_by, by=by, at=at)
    elif refund and found.notify and verdict.notify:
        shown = [{"title": line.title, "sku": line.sku, "quantity": row.received} for line, row in came]
        write_to_the_buyer(found, ledger, step="received", lines=shown, by=by, at=at)
    moves.put_back(
        merchant_id=found.merchant_id,
        moves=[
            {"order_id": found.order_id, "item_id": line.item_id, "quantity": row.restocked}
            for line, row in came
            if row.restocked
        ],
        by=by,
        at=at,
        kind="returned",
    )
    return Received(found, given)


def _given_back(
    found: Return,
    ledger: Ledger,
    came: Came,
    settled: rules.Settled,
    verdict: Verdict,
    *,
    role: str,
    held_by: Sequence[Rule],
    by: str,
    at: datetime,
) -> Reimbursed | Held:
    wish = replace(
        _wish(found, ledger, came, settled),
        method=verdict.method,
        consent=verdict.consent,
        notify=found.notify and verdict.notify,
    )
    where: dict[str, Any] = {"merchant_id": found.merchant_id, "order_id": found.order_id, "by": by, "at": at}
    given: Reimbursed | Held
    if settled.when == "platform":  # it follows from the terms: who refunds there is asked (RK-5, EM-10)
        given = reimburse(**where, wish=replace(wish, method="original", consent=None), who="terms")
    else:
        given = reimburse_or_hold(**where, wish=wish, rules=held_by, role=role, source=f"return:{found.id}")
    if isinstance(given, Reimbursed):
        found.reimbursement_id = given.id
        move(found, "done")
        found.ended_at = at
    else:
        found.refund_when = "held"
    found.save(update_fields=["reimbursement_id", "refund_when", "state", "ended_at"])
    return given


def _wish(found: Return, ledger: Ledger, came: Came, settled: rules.Settled) -> GiveBack:
    """What goes back for this return, and for nothing else that may be owed on the order."""
    if found.refund_minor == sums.to_give_back(ledger):
        return GiveBack()
    currency = ledger.order.currency
    lines = tuple(
        LineWish(line.reference, amount=money.plain(amount, currency))
        for line, row in came
        if (amount := min(row.amount_minor, sums.not_given(line)))
    )
    if not lines:
        return GiveBack(shipping=money.plain(min(settled.shipping, found.refund_minor), currency))
    shipping = money.plain(settled.shipping, currency) if settled.shipping else "none"
    most = sum(min(row.amount_minor, sums.not_given(line)) for line, row in came) + settled.shipping
    return GiveBack(
        lines=lines, shipping=shipping, amount=money.plain(min(most, found.refund_minor), currency)
    )


def _facts_of(found: Return, ledger: Ledger, came: Came, *, by: str, at: datetime) -> list[dict[str, object]]:
    conditions = {line.reference: row.condition for line, row in came}
    facts = [
        told(
            "return.inspected",
            found,
            by=by,
            at=at,
            conditions=conditions,
            amount_minor=found.refund_minor,
            fee_minor=found.fee_minor,
            when=found.refund_when,
        )
    ]
    facts += [
        event(
            kind="stock.restocked",
            merchant_id=found.merchant_id,
            at=at,
            by=by,
            order_id=found.order_id,
            subject=("item", line.item_id),
            line=line.reference,
            quantity=row.restocked,
        )
        for line, row in came
        if row.restocked
    ]
    return facts


def save(found: Return, came: Came) -> None:
    """This will write a return with the lines that came."""
    found.save()
    ReturnLine.across_merchants.bulk_update(
        [row for _, row in came],
        ["received", "condition", "restocked", "worth_minor", "tax_minor", "amount_minor"],
    )
