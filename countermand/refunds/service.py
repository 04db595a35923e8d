"""The customer service's and the platform's own deeds on refunds: let go, settled with evidence (RK-5, EM-10).

Called by the operator's room alone: a merchant has no choice and no button here.
"""

from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.events.ping import ping
from countermand.refunds.attend import judge_room, locked_refund, proof
from countermand.refunds.facts import RefundFacts
from countermand.refusals import Refusal


@sql.verb
def let_go(*, merchant_id: int, refund_id: UUID, by: str, at: datetime) -> None:
    """This will have a refund carried out that the customer service was asked for: the worker moves the money.

    Refuses `not_found`, and `not_settleable` for one that waits for nobody: carried out or settled before, or
    still within its undo window.
    """
    changes, refund = locked_refund(merchant_id, refund_id, by, at)
    _judge_waiting(refund)
    changes.let_go(refund)
    changes.write()
    ping()


@sql.verb
def settle_service(
    *, merchant_id: int, refund_id: UUID, settled_at: datetime, evidence: str, by: str, at: datetime
) -> None:
    """This will count as given back what the platform paid in its own way, with what proves it.

    For what it was asked for, what is to be paid by hand, and what a provider has refused for good.
    Refuses `not_found`, `terms_forbid` (the merchant refunds here), `not_settleable`, `evidence_required`,
    `settled_in_future`, `amount_too_large` when it was given back another way meanwhile.
    """
    changes, refund = locked_refund(merchant_id, refund_id, by, at)
    if refund.carried_by == "merchant":
        raise Refusal("terms_forbid", "the merchant refunds here, not the platform")
    if settled_at > at:
        raise Refusal("settled_in_future", "not before it was paid", field="at")
    by_hand = refund.state == "planned" and refund.method == "manual"
    if refund.state == "failed" and refund.kind == "refund":
        judge_room(changes.ledgers[refund.order_id], refund, changes.share_of(refund).free)
        changes.plan_again(refund)
    elif not by_hand:
        _judge_waiting(refund)
    refund.method = "manual"  # no provider was asked, or it said no: the proof stands for its answer
    changes.succeed(refund, evidence=proof(evidence), settled_at=settled_at)
    changes.write()
    ping()


def _judge_waiting(refund: RefundFacts) -> None:
    if refund.state != "held" or refund.asked_at is None:
        raise Refusal("not_settleable", f"it is {refund.state}", facts={"state": refund.state})
