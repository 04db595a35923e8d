"""Every verb of the house, as the races and the kills run it. A new verb without a line here fails a test."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from countermand.access.idempotency import once
from countermand.access.tokens import issue, revoke
from countermand.approvals.actions import (
    acknowledge,
    approve,
    confirm_many_allowed,
    confirm_or_hold,
    decline,
    finish,
    hand_over,
    reimburse_or_hold,
    renew,
    set_rules,
    take,
    withdraw,
)
from countermand.approvals.rules import Rule
from countermand.cancellations.actions import Wish, confirm, confirm_many
from countermand.cancellations.ask import Ask
from countermand.cancellations.conclude import conclude
from countermand.cancellations.undo import undo
from countermand.channels.actions import change_channel, open_channel
from countermand.channels.models import Channel
from countermand.correspondence import jobs as mails
from countermand.correspondence.actions import log_contact, send_again
from countermand.documents import jobs as papers
from countermand.documents.actions import send_document
from countermand.documents.identity import Identity, say_identity
from countermand.intake.actions import receive
from countermand.intake.reorder import reorder
from countermand.merchants.actions import add_member, add_merchant
from countermand.merchants.models import Merchant
from countermand.offers.actions import answer_offer, make_offer, withdraw_offer
from countermand.offers.exchanging import exchange
from countermand.offers.jobs import end_offers
from countermand.offers.models import Offer as Alternative
from countermand.orders.actions.fulfil import fulfil
from countermand.orders.actions.notes import add_note
from countermand.orders.actions.restock import restock
from countermand.overview.moments import events_feed
from countermand.payments import jobs as captures
from countermand.payments.actions import add_payment, capture, external_refund
from countermand.performance.actions import give_feedback, supply_visits
from countermand.performance.fold import fold
from countermand.performance.jobs import keep_up
from countermand.procedure.actions import close_ticket, open_ticket, set_stock, skip_step
from countermand.procedure.shipping import cancel_and_ship
from countermand.refunds import jobs as money
from countermand.refunds.actions import (
    GiveBack,
    LineWish,
    bounce,
    issue_card,
    redeem,
    reimburse,
    retry,
    settle,
)
from countermand.refunds.release import release_held
from countermand.refusals import Refusal
from countermand.stock.actions import add_stock, count_stock, make_available, make_unavailable, put_item
from countermand.stock.bulk import put_items
from countermand.stock.jobs import put_back_on_sale
from countermand.vouchers.actions import (
    confirm_with_voucher,
    issue_voucher,
    redeem_voucher,
    withdraw_voucher,
)
from countermand.vouchers.rules import Offer
from countermand.webhooks import actions as webhooks
from countermand.webhooks import jobs as telling
from countermand.worker.after_restore import hold_outgoing
from tests.races import settings_stories
from tests.races.bulk_runs import begin_bulk, choose_bulk, keep_a_view, leave_bulk_out, run_bulk, stop_bulk
from tests.races.scene import Scene

HELD = (Rule("amount", "manager", above="1000.00"),)  # judged, and let through


class Verb(NamedTuple):
    """`locks`: what it takes in the house's order; `inner`: verbs that it runs, with their places to die at."""

    run: Callable[[Scene], object]
    locks: str
    inner: tuple[str, ...] = ()


def here(scene: Scene) -> dict[str, object]:
    return {
        "merchant_id": scene.merchant_id,
        "order_id": scene.order_id,
        "by": "race",
        "at": datetime.now(UTC),
    }


def there(scene: Scene) -> dict[str, object]:
    return {"merchant_id": scene.merchant_id, "by": "race", "at": datetime.now(UTC)}


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
    "fold rates": Verb(lambda s: fold(), "lease", ("fold",)),
    "supply visits": Verb(
        lambda s: supply_visits(
            channel_id=Channel.of(s.merchant_id).values_list("id", flat=True)[0],
            visits={datetime.now(UTC).date(): 120},
            **there(s),  # type: ignore[arg-type]
        ),
        "",
        ("supply_visits",),
    ),
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
    "add days up": Verb(lambda s: keep_up(), "lease", ("mark_days", "add_up_days")),
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
    "describe item": Verb(
        lambda s: put_item(sku="MUG", fields={"title": "Mug"}, **there(s)), "items", ("put_item",)
    ),  # type: ignore[arg-type]
    "count stock": Verb(lambda s: count_stock(sku="MUG", on_hand=40, **there(s)), "items", ("count_stock",)),  # type: ignore[arg-type]
    "add stock": Verb(lambda s: add_stock(sku="MUG", quantity=3, **there(s)), "items", ("add_stock",)),  # type: ignore[arg-type]
    "off sale": Verb(
        lambda s: make_unavailable(sku="MUG", days=2, **there(s)), "items", ("make_unavailable",)
    ),  # type: ignore[arg-type]
    "on sale": Verb(lambda s: make_available(sku="MUG", **there(s)), "items", ("make_available",)),  # type: ignore[arg-type]
    "conclude": Verb(lambda s: conclude(cancellation_ids=[s.held], at=s.at), "cancellation", ("conclude",)),
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
    "reorder": Verb(lambda s: reorder(**here(s)), "order items", ("reorder",)),  # type: ignore[arg-type]
    "send again": Verb(lambda s: send_again(message_id=s.unsent, **there(s)), "message", ("send_again",)),  # type: ignore[arg-type]
    "items in bulk": Verb(
        lambda s: put_items(items=[(f"N{s.order_id}", {"title": "Nouveau", "on_hand": 3})], **there(s)),  # type: ignore[arg-type]
        "items",
        ("write",),
    ),
    "confirm or hold": Verb(
        lambda s: confirm_or_hold(
            ask=Ask(reason="budget", lines=(("1", 1),), role="agent"), rules=HELD, **here(s)
        ),  # type: ignore[arg-type]
        "order payments items",
        ("judged_and_confirmed",),
    ),
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
    "make rules": Verb(
        lambda s: set_rules(rules=HELD, **there(s)),  # type: ignore[arg-type]
        "merchant",
        ("set_rules",),
    ),
    "hold after a restore": Verb(lambda s: hold_outgoing(), "lease", ("hold_outgoing",)),
    "issue a voucher": Verb(
        lambda s: issue_voucher(offer=Offer("percent", "10", s.at.date()), order_id=s.order_id, **there(s)),  # type: ignore[arg-type]
        "none",
        ("issue_voucher",),
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
    "back on sale": Verb(lambda s: put_back_on_sale(at=s.later), "items", ("put_back_on_sale",)),
    "once": Verb(
        lambda s: once(
            merchant_id=s.merchant_id,
            method="POST",
            path=f"/orders/{s.order_id}/cancellations",
            key="one",
            body={},
            act=lambda: (201, str(_cancel(s, lines=(("1", 1),)))),
        ),
        "key order payments items",
        ("once",),
    ),
    "open a channel": Verb(
        lambda s: open_channel(
            code="autre",
            name="Autre",
            terms="own_shop",
            timezone="Europe/Paris",
            mode="test",
            overrides={},
            **there(s),  # type: ignore[arg-type]
        ),
        "channel",
        ("open_channel",),
    ),
    "issue a token": Verb(
        lambda s: issue(name="caisse", role="agent", **there(s)),  # type: ignore[arg-type]
        "token",
        ("issue",),
    ),
    "revoke a token": Verb(lambda s: revoke(token_id=s.token, **there(s)), "token", ("revoke",)),  # type: ignore[arg-type]
    "add a merchant": Verb(
        lambda s: add_merchant(code=f"n{s.order_id}", name="N"), "merchant", ("add_merchant",)
    ),
    "add a member": Verb(
        lambda s: add_member(
            merchant=Merchant.objects.get(id=s.merchant_id),
            email=f"{s.order_id}@example.test",
            password="un long mot de passe",
            role="agent",
        ),
        "member",
        ("add_member",),
    ),
    "keep a view": Verb(keep_a_view, "none", ("save_view", "forget_view")),
    "choose for a run": Verb(choose_bulk, "bulk", ("choose_orders", "judge_run")),
    "leave out of a run": Verb(leave_bulk_out, "bulk", ("leave_out",)),
    "begin a run": Verb(begin_bulk, "bulk", ("start_run",)),
    "stop a run": Verb(stop_bulk, "bulk", ("stop_run",)),
    "carry a run out": Verb(run_bulk, "bulk order payments items", ("carry_rows",)),
    "subscribe": Verb(
        lambda s: webhooks.subscribe(url="https://shop.example/", events=["*"], **there(s)),  # type: ignore[arg-type]
        "none",
        ("subscribe",),
    ),
    "change a webhook": Verb(
        lambda s: webhooks.change(webhook_id=s.webhook, events=["refund.*"], **there(s)),  # type: ignore[arg-type]
        "webhook",
        ("change",),
    ),
    "end a webhook": Verb(
        lambda s: webhooks.remove(webhook_id=s.webhook, **there(s)),  # type: ignore[arg-type]
        "webhook deliveries",
        ("remove",),
    ),
    "change a secret": Verb(
        lambda s: webhooks.rotate(webhook_id=s.webhook, **there(s)),  # type: ignore[arg-type]
        "webhook",
        ("rotate",),
    ),
    "try a webhook out": Verb(
        lambda s: webhooks.try_out(webhook_id=s.webhook, **there(s)),  # type: ignore[arg-type]
        "webhook",
        ("try_out",),
    ),
    "tell once more": Verb(
        lambda s: webhooks.send_again_delivery(delivery_id=s.delivery, **there(s)),  # type: ignore[arg-type]
        "webhook deliveries",
        ("send_again_delivery",),
    ),
    "plan webhooks": Verb(
        lambda s: telling.plan_deliveries(
            merchant_id=s.merchant_id,
            webhook_id=s.webhook,
            at=datetime.now(UTC),
            feed=events_feed,
        ),
        "webhook deliveries",
        ("plan_deliveries",),
    ),
    "carry webhooks": Verb(
        lambda s: telling.deliver(webhook_id=s.webhook), "webhook deliveries", ("settle_delivery",)
    ),
    "change terms": Verb(
        lambda s: change_channel(code="boutique", changes={"overrides": {"restock": False}}, **there(s)),  # type: ignore[arg-type]
        "channel",
        ("change_channel",),
    ),
    # Settings: each a whole story (settings_stories.py). They take the merchant's row, which no order's verb takes.
    "lead the team": Verb(
        settings_stories.of_the_team,
        "merchant",
        ("invite", "invite_again", "take_up", "withdraw_invitation", "change_role", "remove_member"),
    ),
    "take the till": Verb(settings_stories.of_the_till, "till", ("set_till_code", "came_in", "judge")),
    "say it otherwise": Verb(
        settings_stories.of_the_words,
        "merchant",
        (
            "change_company",
            "write_public_text",
            "add_wording",
            "move_wording",
            "change_wording",
            "write_template",
            "drop_template",
        ),
    ),
    "set all channels": Verb(settings_stories.of_the_channels, "channel", ("change_everywhere",)),
    "write to a colleague": Verb(settings_stories.of_the_letters, "lease", ("write_letter", "settle_letter")),
    "practise": Verb(settings_stories.of_practice, "merchant", ("practise", "begin_anew")),
}
