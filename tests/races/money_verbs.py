"""Verbs on money and papers: given back, drawn, spent, written down, told."""

from datetime import UTC, datetime

from countermand.approvals.actions import (
    reimburse_or_hold,
)
from countermand.approvals.rules import Rule
from countermand.correspondence import jobs as mails
from countermand.correspondence.actions import send_again
from countermand.documents import jobs as papers
from countermand.documents.actions import send_document
from countermand.documents.identity import Identity, say_identity
from countermand.payments import jobs as captures
from countermand.payments.actions import add_payment, capture, external_refund
from countermand.payouts.working_out import paid_out, work_out
from countermand.refunds import jobs as money
from countermand.refunds.actions import (
    GiveBack,
    LineWish,
    bounce,
    issue_card,
    let_go,
    redeem,
    reimburse,
    retry,
    settle,
    settle_service,
)
from countermand.refunds.release import release_held
from countermand.refunds.service import ask_again, send_back
from countermand.vouchers.actions import (
    issue_voucher,
    redeem_voucher,
    withdraw_voucher,
)
from countermand.vouchers.rules import Offer
from countermand.worker.after_restore import hold_outgoing
from tests.races.scene import Scene
from tests.races.verb import Verb, here, there

HELD = (Rule("amount", "manager", above="1000.00"),)  # judged, and let through


def _ask_again(scene: Scene) -> None:
    """Nobody can ask again before it was sent back: both, one after the other."""
    send_back(refund_id=scene.at_service, because="Quel colis ?", **there(scene))  # type: ignore[arg-type]
    ask_again(refund_id=scene.at_service, answer="Le 12.", **there(scene))  # type: ignore[arg-type]


VERBS: dict[str, Verb] = {
    "release held": Verb(lambda s: release_held(at=s.later), "cancellation", ("release_held",)),
    "reimburse": Verb(
        lambda s: reimburse(wish=GiveBack(lines=(LineWish("1", quantity=1),)), **here(s)),  # type: ignore[arg-type]
        "order payments",
        ("reimburse",),
    ),
    "retry": Verb(lambda s: retry(refund_id=s.failed, **there(s)), "order payments", ("retry",)),  # type: ignore[arg-type]
    "settle": Verb(
        lambda s: settle(refund_id=s.by_hand, settled_at=s.at, evidence="reçu 12", **there(s)),  # type: ignore[arg-type]
        "order payments",
        ("settle",),
    ),
    # The order is not the scene's own, so these two meet each other alone; others: test_who_refunds.
    "let go": Verb(lambda s: let_go(refund_id=s.at_service, **there(s)), "service", ("let_go",)),  # type: ignore[arg-type]
    "settle for the service": Verb(
        lambda s: settle_service(refund_id=s.at_service, settled_at=s.at, evidence="virement 4", **there(s)),  # type: ignore[arg-type]
        "service",
        ("settle_service",),
    ),
    "send a refund back": Verb(
        lambda s: send_back(refund_id=s.at_service, because="Quel colis ?", **there(s)),  # type: ignore[arg-type]
        "service",
        ("send_back",),
    ),
    "ask the service again": Verb(_ask_again, "service", ("ask_again",)),
    "work out payouts": Verb(
        lambda s: work_out(
            merchant_id=s.merchant_id,
            channels=paid_out(merchant_id=s.merchant_id)[s.merchant_id],
            at=datetime.now(UTC),
        ),
        "payouts",
        ("work_out",),
    ),
    "redeem": Verb(
        lambda s: redeem(credit_id=s.credit, amount="1.00", order_number="N-1", **there(s)),  # type: ignore[arg-type]
        "credit",
        ("redeem",),
    ),
    "make a gift card": Verb(
        lambda s: issue_card(card_id=s.order_id, amount="20.00", currency="EUR", live=False, **there(s)),  # type: ignore[arg-type]
        "credit",
        ("issue_card",),
    ),
    "drain refunds": Verb(
        lambda s: money.drain(at=datetime.now(UTC)),
        "lease order payments cancellation",
        ("claim", "judge", "land"),
    ),
    "drain messages": Verb(lambda s: mails.drain(at=datetime.now(UTC)), "lease", ("write",)),
    "drain documents": Verb(
        lambda s: papers.drain(at=datetime.now(UTC)), "document series", ("issue_document",)
    ),
    "send a document": Verb(
        lambda s: send_document(document_id=s.paper, **there(s)),  # type: ignore[arg-type]
        "none",
        ("send_document",),
    ),
    "who sells": Verb(
        lambda s: say_identity(
            identity=Identity("Le Petit Mug SARL", ("1 rue du Four", "69001 Lyon"), vat_exempt=True),
            **there(s),  # type: ignore[arg-type]
        ),
        "document identity",
        ("say_identity",),
    ),
    "bounce": Verb(
        lambda s: bounce(refund_id=s.settled, reason="compte fermé", **there(s)),  # type: ignore[arg-type]
        "order payments",
        ("bounce",),
    ),
    "add a payment": Verb(
        lambda s: add_payment(
            payment={
                "reference": "p9",
                "provider": "manual",
                "method": "cash",
                "amount": "2.00",
                "state": "captured",
            },
            **here(s),  # type: ignore[arg-type]
        ),
        "order payments",
        ("add_payment",),
    ),
    "capture": Verb(
        lambda s: capture(reference="4", amount="4.00", **here(s)),  # type: ignore[arg-type]
        "order payments",
        ("begin", "land"),
    ),
    "drain captures": Verb(lambda s: captures.drain(at=datetime.now(UTC)), "lease"),
    "given elsewhere": Verb(
        lambda s: external_refund(reference="1", amount="1.00", provider_refund="re_1", **here(s)),  # type: ignore[arg-type]
        "order payments",
        ("external_refund",),
    ),
    "send again": Verb(lambda s: send_again(message_id=s.unsent, **there(s)), "message", ("send_again",)),  # type: ignore[arg-type]
    "give back or hold": Verb(
        lambda s: reimburse_or_hold(
            wish=GiveBack(lines=(LineWish("1", quantity=1),)),
            rules=HELD,
            role="agent",
            **here(s),  # type: ignore[arg-type]
        ),
        "order payments",
        ("judged_and_reimbursed",),
    ),
    "hold after a restore": Verb(lambda s: hold_outgoing(), "lease", ("hold_outgoing",)),
    "issue a voucher": Verb(
        lambda s: issue_voucher(offer=Offer("percent", "10", s.at.date()), order_id=s.order_id, **there(s)),  # type: ignore[arg-type]
        "none",
        ("issue_voucher",),
    ),
    "redeem a voucher": Verb(
        lambda s: redeem_voucher(code=s.voucher.code, order_number="N-2", total="30.00", **there(s)),  # type: ignore[arg-type]
        "voucher",
        ("redeem_voucher",),
    ),
    "withdraw a voucher": Verb(
        lambda s: withdraw_voucher(voucher_id=s.voucher.id, **there(s)),  # type: ignore[arg-type]
        "voucher",
        ("withdraw_voucher",),
    ),
}
