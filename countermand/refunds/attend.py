"""What a person does about a refund: try again, settle one made by hand, say that one came back."""

from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.events.ping import ping
from countermand.payments import rules
from countermand.payments.facts import Ledger
from countermand.refunds.carriers import judge_member
from countermand.refunds.changes import Changes
from countermand.refunds.facts import RefundFacts
from countermand.refunds.models import Refund
from countermand.refusals import AHEAD, Refusal, fits


@sql.verb
def retry(*, merchant_id: int, refund_id: UUID, by: str, at: datetime, as_platform: bool = False) -> None:
    """This will try a refund again: a `failed` one as a new attempt, an `unknown` one by a look-up now.

    One that waits to be tried again after it was in vain is tried now.
    Refuses `not_found`, `terms_forbid` where the platform refunds and it is not the platform that asks,
    `not_retryable` in every other state, `amount_too_large` when the amount has been given back another way
    meanwhile.
    """
    changes, refund = locked_refund(merchant_id, refund_id, by, at)
    judge_member(refund.carried_by, as_platform=as_platform)
    in_vain = refund.state == "planned" and refund.tries and refund.method != "manual"
    if refund.state == "unknown" or in_vain:
        Refund.of(merchant_id).filter(id=refund_id, lease_until=None).update(not_before=at)
    elif refund.state == "failed":
        if refund.kind == "refund":
            judge_room(changes.ledgers[refund.order_id], refund, changes.share_of(refund).free)
        changes.plan_again(refund)
        changes.write()
    else:
        raise Refusal("not_retryable", f"it is {refund.state}", facts={"state": refund.state})
    ping()


@sql.verb
def settle(
    *, merchant_id: int, refund_id: UUID, settled_at: datetime, evidence: str, by: str, at: datetime
) -> None:
    """This will count a refund made by hand as given back, with what proves it (SG-5).

    Refuses `not_found`, `terms_forbid` (the platform's is settled by `service.settle_service`), `not_settleable`
    (another method, or not waiting), `evidence_required`, `settled_in_future`.
    """
    judge_settled(settled_at, at=at)
    changes, refund = locked_refund(merchant_id, refund_id, by, at)
    judge_member(refund.carried_by, as_platform=False)
    if refund.method != "manual" or refund.state != "planned":
        raise Refusal(
            "not_settleable",
            f"its method is {refund.method} and it is {refund.state}",
            facts={"state": refund.state},
        )
    changes.succeed(refund, evidence=proof(evidence), settled_at=settled_at)
    changes.write()
    ping()


def judge_settled(settled_at: datetime, *, at: datetime) -> None:
    """This will refuse (`settled_in_future`) what is said to have been paid after now."""
    if settled_at > at + AHEAD:
        raise Refusal("settled_in_future", "it cannot have been paid after now", field="at")


def proof(evidence: str) -> str:
    """This will give the evidence of a refund that was paid another way. Refuses `evidence_required`, `text_too_long`."""
    if not evidence.strip():
        raise Refusal(
            "evidence_required", "say how it was paid: a receipt, a transfer's reference", field="evidence"
        )
    fits(evidence, field="evidence")
    return evidence.strip()


@sql.verb
def bounce(*, merchant_id: int, refund_id: UUID, reason: str, by: str, at: datetime) -> None:
    """This will note that money came back after a refund had succeeded: it is owed again, a person must look.

    Refuses `not_found`, `not_bounceable` (only money that left the house can come back).
    """
    changes, refund = locked_refund(merchant_id, refund_id, by, at)
    if refund.state != "succeeded" or refund.kind != "refund" or refund.method not in ("original", "manual"):
        raise Refusal("not_bounceable", f"a {refund.method} {refund.kind} that is {refund.state}")
    changes.bounce(refund, reason=reason)
    changes.write()


def locked_refund(merchant_id: int, refund_id: UUID, by: str, at: datetime) -> tuple[Changes, RefundFacts]:
    """This will lock a refund with its order. Refuses `not_found`."""
    order_id = Refund.of(merchant_id).filter(id=refund_id).values_list("order_id", flat=True).first()
    if order_id is None:
        raise Refusal("not_found", "no such refund")
    changes = Changes(merchant_id=merchant_id, order_ids=[order_id], by=by, at=at)
    return changes, changes.read([refund_id])[refund_id]


def judge_room(ledger: Ledger, refund: RefundFacts, free: int) -> None:
    """This will refuse (`amount_too_large`) what would be given back twice: on the payment, on a line, or beyond what is owed."""
    order = ledger.order
    lines = {line.id: line for line in ledger.lines}
    room = min(free, order.captured - order.refunded - order.in_flight)
    fits = refund.amount_minor <= room
    if refund.cancellation_id is not None:
        fits = fits and refund.amount_minor <= rules.to_give_back(ledger)
    for target, line_id, amount, _ in refund.targets:
        if target == "line":
            line = lines[line_id]  # type: ignore[index]
            fits = fits and line.given + amount <= line.total
        elif target == "shipping":
            fits = fits and order.shipping_given + amount <= order.shipping
        elif target == "fees":
            fits = fits and order.fees_given + amount <= order.fees
    if not fits:
        raise Refusal("amount_too_large", "it has been given back another way meanwhile")
