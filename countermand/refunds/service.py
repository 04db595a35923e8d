"""The customer service's and the platform's own deeds on refunds: let go, settled, sent back (RK-5, EM-10).

Called by the operator's room alone. A merchant has one deed here: to ask again for what was sent back.
"""

from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.events.ping import ping
from countermand.events.record import event, record
from countermand.refunds.attend import judge_room, judge_settled, locked_refund, proof
from countermand.refunds.facts import RefundFacts
from countermand.refusals import Refusal, words

SEND_BACK = """
UPDATE refund SET asked_at = NULL, sent_back_at = %(at)s, sent_back_because = %(said)s, answer = NULL WHERE id = %(id)s
"""
ASK_AGAIN = "UPDATE refund SET asked_at = %(at)s, answer = %(said)s WHERE id = %(id)s"


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
    judge_settled(settled_at, at=at)
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


@sql.verb
def send_back(*, merchant_id: int, refund_id: UUID, because: str, by: str, at: datetime) -> None:
    """This will send a refund that the customer service was asked for back to the merchant, who reads why.

    The buyer is owed it all the same: the amount stays reserved and its clock runs on, until the merchant has
    answered and asks again. Refuses `not_found`, `not_settleable`, `say_why`, `text_too_long`.
    """
    said = words(because, field="because")
    _, refund = locked_refund(merchant_id, refund_id, by, at)
    if refund.state != "held" or refund.asked_at is None:
        raise Refusal("not_settleable", f"it is {refund.state}", facts={"state": refund.state})
    sql.execute(SEND_BACK, {"at": at, "said": said, "id": refund_id})
    _tell("refund.sent_back", merchant_id, refund, by=by, at=at)


@sql.verb
def ask_again(*, merchant_id: int, refund_id: UUID, answer: str, by: str, at: datetime) -> None:
    """This will ask the customer service once more for a refund that it sent back, with the merchant's answer.

    Refuses `not_found`, `not_sent_back` for one that waits for nobody's answer, `say_why`, `text_too_long`.
    """
    said = words(answer, field="answer")
    _, refund = locked_refund(merchant_id, refund_id, by, at)
    if refund.state != "held" or refund.asked_at is not None or refund.sent_back_at is None:
        raise Refusal("not_sent_back", "the customer service waits for no answer to it")
    sql.execute(ASK_AGAIN, {"at": at, "said": said, "id": refund_id})
    _tell("refund.asked", merchant_id, refund, by=by, at=at)


def _tell(kind: str, merchant_id: int, refund: RefundFacts, *, by: str, at: datetime) -> None:
    about = {"merchant_id": merchant_id, "order_id": refund.order_id, "subject": ("refund", refund.id)}
    record([event(kind=kind, **about, by=by, at=at, amount_minor=refund.amount_minor)])  # type: ignore[arg-type]


def _judge_waiting(refund: RefundFacts) -> None:
    """What it sent back it may pay all the same: a buyer does not wait for a merchant who does not answer."""
    if refund.state != "held" or (refund.asked_at is None and refund.sent_back_at is None):
        raise Refusal("not_settleable", f"it is {refund.state}", facts={"state": refund.state})
