"""What was sent back is here: counted, looked at, put back on sale or not, and its money given back.

Lock order: order, payments, the return, what a refund writes, articles last.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.approvals.rules import Rule
from countermand.events.record import record
from countermand.orders.facts import LineFacts
from countermand.payments import ledger as ledgers
from countermand.payments.facts import Ledger
from countermand.refusals import Refusal
from countermand.returns import rules
from countermand.returns.asking import (
    locked_return,
    move,
    set_clock,
    told,
)
from countermand.returns.looking import Came, Received, looked_at, save
from countermand.returns.models import Return, ReturnLine
from countermand.returns.wishes import Arrived, Verdict


@sql.verb
def receive_return(
    *,
    merchant_id: int,
    return_id: UUID,
    arrived: Arrived,
    verdict: Verdict,
    role: str = "owner",
    held_by: Sequence[Rule] = (),
    by: str,
    at: datetime,
) -> Received:
    """This will count units in as returned: the buyer no longer keeps them, so they are owed back.

    With conditions it is inspected in the same go, see `inspect_return`. What was asked and did not come is the
    buyer's. Refuses `not_found`, `return_over`, `unknown_line`, `quantity_too_large`, `invalid_quantity`, `unknown_condition`.
    """
    found, ledger = locked_return(merchant_id, return_id)
    rows = {row.line_id: row for row in ReturnLine.of(merchant_id).filter(part_of_id=return_id)}
    move(found, "received")
    found.back_at = at
    set_clock(found, ledger)
    came = _counted_in(found, ledger, rows, arrived, verdict)
    units = {line.reference: row.received for line, row in came}
    record([told("return.received", found, by=by, at=at, units=units)])
    if all(row.condition for _, row in came):
        return looked_at(found, ledger, came, verdict, role=role, held_by=held_by, by=by, at=at)
    ledgers.write([ledger], lines=[line for line, _ in came])
    save(found, came)
    return Received(found)


@sql.verb
def inspect_return(
    *,
    merchant_id: int,
    return_id: UUID,
    verdict: Verdict,
    role: str = "owner",
    held_by: Sequence[Rule] = (),
    by: str,
    at: datetime,
) -> Received:
    """This will write down how the units of a return were found, put them on sale or not, keep a fee only where one
    was said and may be (AZ-18, AZ-19; C. conso L221-23), and give back the rest: now, later, or by the platform.

    Refuses `not_found`, `not_received`, `unknown_condition`, `condition_required`, `fee_not_allowed`,
    `amount_too_large`, `shipping_owed`, and what a refund refuses.
    """
    found, ledger = locked_return(merchant_id, return_id)
    if found.state != "received":
        raise Refusal("not_received" if found.state == "asked" else "return_over", f"it is {found.state}")
    lines = {line.id: line for line in ledger.lines}
    rows = ReturnLine.of(merchant_id).filter(part_of_id=return_id, received__gt=0).order_by("id")
    came = [(lines[row.line_id], row) for row in rows]
    said = _conditions(verdict, [line for line, _ in came])
    for line, row in came:
        row.condition = said.get(line.reference) or row.condition
        if not row.condition:
            raise Refusal(
                "condition_required", f"line {line.reference!r}: how was it found?", field="condition"
            )
    return looked_at(found, ledger, came, verdict, role=role, held_by=held_by, by=by, at=at)


@sql.verb
def lose_return(
    *,
    merchant_id: int,
    return_id: UUID,
    give_back: bool,
    verdict: Verdict | None = None,
    role: str = "owner",
    held_by: Sequence[Rule] = (),
    by: str,
    at: datetime,
) -> Received:
    """This will end a return that got lost on its way back. `give_back`: its units count as returned, never on sale.

    Who proved to have sent it must have the money back (L221-24). Refuses `not_found`, `return_over`, `refund_owed`.
    """
    found, ledger = locked_return(merchant_id, return_id)
    if not give_back and found.kind == "withdrawal" and found.proof_at:
        raise Refusal("refund_owed", "the buyer proved to have sent it: the money goes back (L221-24)")
    if not give_back:
        move(found, "lost")
        found.ended_at = at
        found.save(update_fields=["state", "ended_at"])
        record([told("return.lost", found, by=by, at=at)])
        return Received(found)
    rows = {row.line_id: row for row in ReturnLine.of(merchant_id).filter(part_of_id=return_id)}
    move(found, "received")
    set_clock(found, ledger)
    found.back_at = at
    meant = verdict or Verdict()
    gone = Verdict(condition="lost", shipping=meant.shipping, when=meant.when, notify=meant.notify)
    came = _counted_in(found, ledger, rows, Arrived(), gone)
    record([told("return.lost", found, by=by, at=at)])
    return looked_at(found, ledger, came, gone, role=role, held_by=held_by, by=by, at=at)


def _counted_in(
    found: Return, ledger: Ledger, rows: dict[UUID, ReturnLine], arrived: Arrived, verdict: Verdict
) -> Came:
    """The units off the buyer, on the order's lines and on the return's."""
    known = {line.reference: line for line in ledger.lines}
    asked = [(known_line.reference, row) for known_line in ledger.lines if (row := rows.get(known_line.id))]
    said = _conditions(verdict, list(known.values()))
    named = arrived.lines
    if named is None:
        named = tuple((reference, row.asked, "") for reference, row in asked)
    came: Came = []
    for i, (reference, quantity, condition) in enumerate(named):
        line = known.get(reference)
        row = rows.get(line.id) if line else None
        if line is None or row is None:
            raise Refusal("unknown_line", f"no line {reference!r} in this return", field=f"lines.{i}.line")
        if row.received:
            raise Refusal("duplicate_line", f"line {reference!r} stands twice", field=f"lines.{i}.line")
        if quantity < 1:
            raise Refusal("invalid_quantity", "at least 1", field=f"lines.{i}.quantity")
        if quantity > row.asked:
            detail = f"{row.asked} were to come"
            facts = {"open": row.asked}
            raise Refusal("quantity_too_large", detail, field=f"lines.{i}.quantity", facts=facts)
        if condition and condition not in rules.CONDITIONS:
            raise _unknown_condition(f"lines.{i}.condition")
        worth = rules.freed(line, quantity)
        line.returned += quantity
        line.gone_worth += worth.worth
        line.gone_tax += worth.tax
        row.received, row.condition = quantity, condition or said.get(reference, "")
        row.worth_minor, row.tax_minor, row.amount_minor = worth.worth, worth.tax, worth.amount
        came.append((line, row))
    if not came:
        raise Refusal("invalid_lines", "name at least one line that came", field="lines")
    found.worth_minor = sum(row.worth_minor for _, row in came)
    return came


def _conditions(verdict: Verdict, lines: Sequence[LineFacts]) -> dict[str, str]:
    if verdict.condition and verdict.condition not in rules.CONDITIONS:
        raise _unknown_condition("condition")
    said = {line.reference: verdict.condition for line in lines}
    for i, (reference, condition) in enumerate(verdict.conditions):
        if condition not in rules.CONDITIONS:
            raise _unknown_condition(f"conditions.{i}")
        said[reference] = condition
    return said


def _unknown_condition(field: str) -> Refusal:
    return Refusal("unknown_condition", f"one of {', '.join(rules.CONDITIONS)}", field=field)
