"""Verbs on an order: it comes in, is called off, exchanged, sent, looked at by a second person."""

from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

from countermand.approvals.actions import (
    acknowledge,
    approve,
    confirm_many_allowed,
    confirm_or_hold,
    decline,
    finish,
    hand_over,
    renew,
    take,
    withdraw,
)
from countermand.approvals.rules import Rule
from countermand.cancellations.actions import Wish, confirm, confirm_many
from countermand.cancellations.ask import Ask
from countermand.cancellations.conclude import conclude
from countermand.cancellations.undo import undo
from countermand.correspondence.actions import log_contact
from countermand.intake.actions import receive
from countermand.intake.reorder import reorder
from countermand.offers.actions import answer_offer, make_offer, withdraw_offer
from countermand.offers.exchanging import exchange
from countermand.offers.jobs import end_offers
from countermand.offers.models import Offer as Alternative
from countermand.orders.actions.bring_back import bring_back
from countermand.orders.actions.fulfil import fulfil
from countermand.orders.actions.notes import add_note
from countermand.orders.actions.received import say_received
from countermand.orders.actions.restock import restock
from countermand.payments import jobs as captures
from countermand.payments.actions import capture
from countermand.performance.actions import give_feedback
from countermand.procedure.actions import close_ticket, open_ticket, set_stock, skip_step
from countermand.procedure.shipping import cancel_and_ship
from countermand.refusals import Refusal
from countermand.returns.actions import (
    Arrived,
    Coming,
    Verdict,
    answer_intercept,
    ask_intercept,
    ask_return,
    cancel_and_return,
    inspect_return,
    lose_return,
    note_proof,
    parcel_home,
    receive_return,
    withdraw_return,
)
from countermand.returns.models import Intercept, Return
from countermand.vouchers.actions import (
    confirm_with_voucher,
)
from countermand.vouchers.rules import Offer
from tests.races.bulk_runs import begin_bulk, choose_bulk, leave_bulk_out, run_bulk, stop_bulk
from tests.races.scene import Scene
from tests.races.verb import Verb, here, there

HELD = (Rule("amount", "manager", above="1000.00"),)  # judged, and let through


def _cancel(scene: Scene, **wish: object) -> object:
    return confirm(**here(scene), ask=Ask(reason="out_of_stock", **wish))  # type: ignore[arg-type]


def _offer(scene: Scene) -> Alternative:
    """A mug offered instead of bowls: the one that is open, else a new one."""
    found = Alternative.of(scene.merchant_id).filter(
        order_id=scene.order_id, state__in=("offered", "accepted")
    )
    known = found.first()
    return known or make_offer(line="2", sku="MUG", quantity=1, send=False, **here(scene))  # type: ignore[arg-type]


def _exchange(scene: Scene) -> object:
    """Once the card is drawn: before, the money could not go along."""
    with suppress(Refusal):
        capture(reference="4", amount="10.00", **here(scene))  # type: ignore[arg-type]
        captures.drain(at=datetime.now(UTC))
    offer = answer_offer(offer_id=_offer(scene).id, answer="accepted", **there(scene))  # type: ignore[arg-type]
    return exchange(offer_id=offer.id, paid={"amount": "20.00"}, **there(scene))  # type: ignore[arg-type]


def _asked_back(scene: Scene) -> Return:
    """The mug that left, asked back: the return that is open, else a new one."""
    found = Return.of(scene.merchant_id).filter(order_id=scene.order_id, state="asked").first()
    return found or ask_return(coming=Coming(lines=(("1", 1),)), **here(scene))  # type: ignore[arg-type]


def _inspected(scene: Scene) -> object:
    found = Return.of(scene.merchant_id).filter(order_id=scene.order_id, state="received").first()
    if found is None:
        found = _asked_back(scene)
        receive_return(return_id=found.id, arrived=Arrived(), verdict=Verdict(), **there(scene))  # type: ignore[arg-type]
    return inspect_return(return_id=found.id, verdict=Verdict(condition="used"), **there(scene))  # type: ignore[arg-type]


def _called_back(scene: Scene) -> Intercept:
    """The parcel that left, asked back: the intercept that is open, else a new one."""
    found = Intercept.of(scene.merchant_id).filter(order_id=scene.order_id).order_by("-at").first()
    if found is not None and found.state in ("asked", "accepted"):
        return found
    return ask_intercept(parcel="f1", **here(scene))  # type: ignore[arg-type]


def _unconfirmed(scene: Scene) -> UUID:
    """A parcel of one bowl that was never confirmed."""
    parcel = {"reference": "f9", "confirmed": False, "lines": [{"line": "2", "quantity": 1}]}
    return fulfil(fulfilment=parcel, **here(scene)).fulfilment.id  # type: ignore[arg-type]


VERBS: dict[str, Verb] = {
    "receive": Verb(
        lambda s: receive(body=s.body, **there(s)),  # type: ignore[arg-type]
        "items",
        ("write_together",),
    ),
    "confirm a part": Verb(lambda s: _cancel(s, lines=(("1", 1),)), "order payments items", ("confirm",)),
    "confirm the whole": Verb(lambda s: _cancel(s), "order payments items", ("confirm",)),
    "confirm many": Verb(
        lambda s: confirm_many(
            wishes=[
                Wish(s.order_id, Ask(reason="budget", lines=(("1", 1),)), "race:1"),
                Wish(s.order_id, Ask(reason="budget", lines=(("2", 1),)), "race:2"),
            ],
            **there(s),  # type: ignore[arg-type]
        ),
        "order payments items",
        ("confirm_many",),
    ),
    "undo": Verb(
        lambda s: undo(cancellation_id=s.held, **there(s)),
        "order payments items cancellation voucher",
        ("undo",),
    ),  # type: ignore[arg-type]
    "give feedback": Verb(
        lambda s: give_feedback(
            cancellation_id=s.held,
            score=4,
            text="",
            via="staff",
            **there(s),  # type: ignore[arg-type]
        ),
        "",
        ("give_feedback",),
    ),
    "fulfil": Verb(
        lambda s: fulfil(fulfilment={"reference": "f2", "lines": [{"line": "2", "quantity": 1}]}, **here(s)),  # type: ignore[arg-type]
        "order items",
        ("fulfil",),
    ),
    "restock": Verb(
        lambda s: restock(lines=[{"line": "1", "quantity": 1}], **here(s)), "order items", ("restock",)
    ),  # type: ignore[arg-type]
    "note": Verb(lambda s: add_note(text="vu", **here(s)), "none", ("add_note",)),  # type: ignore[arg-type]
    "contact": Verb(
        lambda s: log_contact(by_means="phone", outcome="accepts", **here(s)), "none", ("log_contact",)
    ),  # type: ignore[arg-type]
    "make an offer": Verb(lambda s: _offer(s), "order payments", ("make_offer",)),
    "answer an offer": Verb(
        lambda s: answer_offer(offer_id=_offer(s).id, answer="accepted", **there(s)),  # type: ignore[arg-type]
        "order payments offer items",
        ("answer_offer",),
    ),
    "withdraw an offer": Verb(
        lambda s: withdraw_offer(offer_id=_offer(s).id, **there(s)),  # type: ignore[arg-type]
        "order payments offer items",
        ("withdraw_offer",),
    ),
    "exchange": Verb(lambda s: _exchange(s), "order payments offer items", ("exchange",)),
    "end offers": Verb(lambda s: end_offers(at=s.later), "offer items", ("end_offers",)),
    "ask a parcel back": Verb(lambda s: _called_back(s), "order payments", ("ask_intercept",)),
    "answer for a parcel": Verb(
        lambda s: answer_intercept(intercept_id=_called_back(s).id, answer="accepted", **there(s)),  # type: ignore[arg-type]
        "order payments intercept",
        ("answer_intercept",),
    ),
    "a parcel is home": Verb(
        lambda s: parcel_home(intercept_id=_called_back(s).id, ask=Ask(reason="budget"), **there(s)),  # type: ignore[arg-type]
        "order payments intercept items",
        ("parcel_home",),
    ),
    "bring an unconfirmed parcel back": Verb(
        lambda s: bring_back(fulfilment_id=_unconfirmed(s), **here(s)),  # type: ignore[arg-type]
        "order items",
        ("bring_back",),
    ),
    "say that a parcel was received": Verb(
        lambda s: say_received(reference="f1", received_at=there(s)["at"], **here(s)),  # type: ignore[arg-type]
        "order",
        ("say_received",),
    ),
    "ask a return": Verb(lambda s: _asked_back(s), "order payments", ("ask_return",)),
    "receive a return": Verb(
        lambda s: receive_return(
            return_id=_asked_back(s).id,
            arrived=Arrived(),
            verdict=Verdict(condition="as_new"),
            **there(s),  # type: ignore[arg-type]
        ),
        "order payments return items",
        ("receive_return",),
    ),
    "inspect a return": Verb(lambda s: _inspected(s), "order payments return items", ("inspect_return",)),
    "prove a return": Verb(
        lambda s: note_proof(return_id=_asked_back(s).id, proof="reçu", proof_at=s.at, **there(s)),  # type: ignore[arg-type]
        "order payments return",
        ("note_proof",),
    ),
    "lose a return": Verb(
        lambda s: lose_return(return_id=_asked_back(s).id, give_back=True, **there(s)),  # type: ignore[arg-type]
        "order payments return items",
        ("lose_return",),
    ),
    "withdraw a return": Verb(
        lambda s: withdraw_return(return_id=_asked_back(s).id, **there(s)),  # type: ignore[arg-type]
        "order payments return",
        ("withdraw_return",),
    ),
    "cancel and ask back": Verb(
        lambda s: cancel_and_return(
            cancel=lambda: _cancel(s, lines=(("1", 1),)),
            coming=Coming(),
            **here(s),  # type: ignore[arg-type]
        ),
        "order payments items",
        ("cancel_and_return",),
    ),
    "cancel and ship": Verb(
        lambda s: cancel_and_ship(cancel=lambda: _cancel(s, lines=(("1", 1),)), **here(s)),  # type: ignore[arg-type]
        "order payments items",
        ("cancel_and_ship",),
    ),
    "skip a step": Verb(
        lambda s: skip_step(step="stock", reason="juste", **here(s)),  # type: ignore[arg-type]
        "none",
        ("skip_step",),
    ),
    "set stock in step two": Verb(
        lambda s: set_stock(sku="MUG", deed="shortage", days=2, **here(s)),  # type: ignore[arg-type]
        "items",
        ("set_stock",),
    ),
    "open a ticket": Verb(
        lambda s: open_ticket(skus=["MUG", "BOL"], wants="zero", **here(s)),  # type: ignore[arg-type]
        "none",
        ("open_ticket",),
    ),
    "close a ticket": Verb(
        lambda s: close_ticket(
            ticket_id=open_ticket(skus=["MUG"], wants="zero", **there(s)).id,  # type: ignore[arg-type]
            **there(s),  # type: ignore[arg-type]
        ),
        "ticket",
        ("close_ticket",),
    ),
    "conclude": Verb(lambda s: conclude(cancellation_ids=[s.held], at=s.at), "cancellation", ("conclude",)),
    "reorder": Verb(lambda s: reorder(**here(s)), "order items", ("reorder",)),  # type: ignore[arg-type]
    "confirm or hold": Verb(
        lambda s: confirm_or_hold(
            ask=Ask(reason="budget", lines=(("1", 1),), role="agent"), rules=HELD, **here(s)
        ),  # type: ignore[arg-type]
        "order payments items",
        ("judged_and_confirmed",),
    ),
    "confirm many that may": Verb(
        lambda s: confirm_many_allowed(
            wishes=[Wish(s.order_id, Ask(reason="budget", lines=(("1", 1),), role="agent"), "race:3")],
            rules=HELD,
            **there(s),  # type: ignore[arg-type]
        ),
        "order payments items",
        ("confirm_many_allowed",),
    ),
    "approve": Verb(
        lambda s: approve(approval_id=s.asked, role="owner", **there(s)),  # type: ignore[arg-type]
        "order payments items approval",
        ("approve",),
    ),
    "decline": Verb(
        lambda s: decline(approval_id=s.asked, role="owner", **there(s)),  # type: ignore[arg-type]
        "approval",
        ("decline",),
    ),
    "withdraw a question": Verb(
        lambda s: withdraw(approval_id=s.asked, **{**there(s), "by": "agent"}),  # type: ignore[arg-type]
        "approval",
        ("withdraw",),
    ),
    "make a plan anew": Verb(
        lambda s: renew(approval_id=s.asked, rules=(), **there(s)),  # type: ignore[arg-type]
        "order approval",
        ("renew",),
    ),
    "read an outcome": Verb(
        lambda s: acknowledge(approval_id=s.asked, **{**there(s), "by": "agent"}),  # type: ignore[arg-type]
        "approval",
        ("acknowledge",),
    ),
    "hand over": Verb(
        lambda s: hand_over(note="vu", to_role="owner", **here(s)),  # type: ignore[arg-type]
        "none",
        ("hand_over",),
    ),
    "take a case": Verb(
        lambda s: take(case_id=s.case, role="owner", **there(s)),  # type: ignore[arg-type]
        "hand_over",
        ("take",),
    ),
    "finish a case": Verb(
        lambda s: finish(case_id=s.case, role="owner", **there(s)),  # type: ignore[arg-type]
        "hand_over",
        ("finish",),
    ),
    "confirm with a voucher": Verb(
        lambda s: confirm_with_voucher(
            wish=Wish(s.order_id, Ask(reason="budget", lines=(("1", 1),)), "race:voucher"),
            offer=Offer("percent", "10", s.at.date()),
            free_hand=False,
            **there(s),  # type: ignore[arg-type]
        ),
        "order payments items",
        ("confirm_with_voucher",),
    ),
    "choose for a run": Verb(choose_bulk, "bulk", ("choose_orders", "judge_run")),
    "leave out of a run": Verb(leave_bulk_out, "bulk", ("leave_out",)),
    "begin a run": Verb(begin_bulk, "bulk", ("start_run",)),
    "stop a run": Verb(stop_bulk, "bulk", ("stop_run",)),
    "carry a run out": Verb(run_bulk, "bulk order payments items", ("carry_rows",)),
}
