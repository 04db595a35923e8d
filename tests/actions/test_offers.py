"""Another article offered, answered and exchanged: units, money and stock, with the audit behind every test."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation
from countermand.channels.actions import open_channel
from countermand.correspondence.jobs import drain
from countermand.correspondence.models import Contact, Message
from countermand.correspondence.offering import offer_link, offer_token
from countermand.intake.actions import receive
from countermand.offers.actions import answer_by_token, answer_offer, make_offer, withdraw_offer
from countermand.offers.exchanging import Exchanged, exchange
from countermand.offers.jobs import end_offers
from countermand.offers.models import Offer
from countermand.orders.models import Line, Order
from countermand.payments.models import PaymentShare
from countermand.refunds.jobs import drain as send_money
from countermand.refunds.models import Refund
from countermand.refusals import Refusal
from countermand.stock.actions import put_item
from countermand.stock.models import Item
from tests.at_once import at_once
from tests.builders import an_order, order_body

MUG = {"product": "mug", "range": "table", "currency": "EUR"}


@pytest.fixture
def shelf(merchant: Any, now: datetime) -> Any:
    """Four mugs: the blue one that was ordered, one alike, one cheaper, one dearer; a grey one is sold out."""
    for sku, colour, price, units in (
        ("MUG-BLEU", "bleu", "12.30", 10),
        ("MUG-ROUGE", "rouge", "12.30", 5),
        ("MUG-VERT", "vert", "10.00", 5),
        ("MUG-OR", "or", "15.00", 5),
        ("MUG-GRIS", "gris", "12.30", 0),
    ):
        fields = {
            **MUG,
            "title": sku.title(),
            "options": {"couleur": colour},
            "price": price,
            "on_hand": units,
        }
        put_item(merchant_id=merchant.id, sku=sku, fields=fields, by="test", at=now)
    return merchant


def offered(merchant: Any, order_id: UUID, sku: str = "MUG-ROUGE", quantity: int = 1, **more: Any) -> Offer:
    wish = {"line": "1", "sku": sku, "quantity": quantity, "send": False, "by": "camille", **more}
    return make_offer(merchant_id=merchant.id, order_id=order_id, **{"at": datetime.now(UTC), **wish})


def answered(merchant: Any, offer: Offer, answer: str = "accepted", **more: Any) -> Offer:
    return answer_offer(
        merchant_id=merchant.id,
        offer_id=offer.id,
        answer=answer,
        by="camille",
        **{"at": datetime.now(UTC), **more},
    )


def exchanged(merchant: Any, offer: Offer, **more: Any) -> Exchanged:
    return exchange(merchant_id=merchant.id, offer_id=offer.id, by="camille", at=datetime.now(UTC), **more)


def item(merchant: Any, sku: str) -> tuple[int | None, int]:
    found = Item.of(merchant.id).get(sku=sku)
    return found.on_hand, found.allocated


def refused(run: Any) -> str:
    with pytest.raises(Refusal) as caught:
        run()
    return caught.value.code


def test_EM3_only_what_the_rule_proposes_and_can_be_sold_is_offered(shelf: Any) -> None:
    order = an_order(shelf)
    put_item(
        merchant_id=shelf.id,
        sku="LAMPE",
        fields={"price": "12.30", "currency": "EUR", "on_hand": 5},
        by="test",
        at=datetime.now(UTC),
    )
    assert refused(partial(offered, shelf, order, "LAMPE")) == "no_alternative"
    assert refused(partial(offered, shelf, order, "MUG-GRIS")) == "no_alternative"
    assert refused(partial(offered, shelf, order, "MUG-ROUGE", 4)) == "quantity_too_large"
    assert offered(shelf, order).state == "offered"
    assert refused(partial(offered, shelf, order, "MUG-VERT")) == "offer_open"


def test_EM3_more_units_than_are_left_are_not_offered(shelf: Any) -> None:
    order = an_order(shelf, lines=(("MUG-BLEU", 9, "12.30"),))
    assert refused(partial(offered, shelf, order, "MUG-ROUGE", 6)) == "not_sellable"
    assert offered(shelf, order, "MUG-ROUGE", 5).quantity == 5


def test_EM4_an_acceptance_holds_the_units_and_a_refusal_holds_none(shelf: Any) -> None:
    order = an_order(shelf)
    first = offered(shelf, order, quantity=2)
    assert answered(shelf, first).held == 2 and item(shelf, "MUG-ROUGE") == (5, 2)
    withdraw_offer(merchant_id=shelf.id, offer_id=first.id, by="camille", at=datetime.now(UTC))
    assert item(shelf, "MUG-ROUGE") == (5, 0)
    second = answered(shelf, offered(shelf, order), "declined")
    assert (second.state, second.held) == ("declined", 0)
    said = list(Contact.of(shelf.id).filter(order_id=order).order_by("at").values_list("outcome", flat=True))
    assert said == ["alternative", "other"]


def test_EM4_the_same_price_takes_the_money_along_and_nothing_goes_back(shelf: Any) -> None:
    order = an_order(shelf)  # 3 × 12.30 = 36.90, paid by card
    done = exchanged(shelf, answered(shelf, offered(shelf, order)))
    old, new = Order.of(shelf.id).get(id=order), Order.of(shelf.id).get(id=done.new_order_id)
    assert done.carried_minor == 1230 and done.back_minor == 0
    assert (old.captured_minor, new.captured_minor, new.total_minor) == (2460, 1230, 1230)
    assert (new.payment_status, new.number) == ("paid", f"{old.number}-E1")
    assert Line.of(shelf.id).get(order_id=order).cancelled == 1
    assert not Refund.of(shelf.id).filter(order_id=order).exists()
    assert item(shelf, "MUG-ROUGE") == (5, 1) and item(shelf, "MUG-BLEU")[1] == 2


def test_EM4_a_cheaper_one_gives_the_difference_back_on_the_card(shelf: Any) -> None:
    order = an_order(shelf)
    done = exchanged(shelf, answered(shelf, offered(shelf, order, "MUG-VERT", 3)))
    assert (done.carried_minor, done.back_minor) == (3000, 690)
    send_money(at=datetime.now(UTC))
    [refund] = Refund.of(shelf.id).filter(order_id=order)
    assert (refund.amount_minor, refund.method, refund.state) == (690, "original", "succeeded")
    assert Order.of(shelf.id).get(id=order).status == "cancelled"


def test_EM4_a_dearer_one_is_exchanged_once_the_rest_is_paid(shelf: Any) -> None:
    order = an_order(shelf)
    offer = answered(shelf, offered(shelf, order, "MUG-OR", 2))
    assert offer.missing_minor == 540
    assert refused(partial(exchanged, shelf, offer)) == "payment_missing"
    short = {"amount": "5.00", "method": "cash"}
    assert refused(partial(exchanged, shelf, offer, paid=short)) == "payment_missing"
    done = exchanged(shelf, offer, paid={"amount": "5.40", "method": "cash"})
    new = Order.of(shelf.id).get(id=done.new_order_id)
    assert (new.total_minor, new.captured_minor, new.payment_status) == (3000, 3000, "paid")
    assert done.carried_minor == 2460


def test_EM4_not_paid_up_in_time_the_old_line_stands(shelf: Any, now: datetime) -> None:
    order = an_order(shelf)
    offer = answered(shelf, offered(shelf, order, "MUG-OR", 2))
    assert item(shelf, "MUG-OR") == (5, 2)
    end_offers(at=offer.expires_at - timedelta(seconds=1))
    assert Offer.of(shelf.id).get(id=offer.id).state == "accepted"
    end_offers(at=offer.expires_at)
    assert item(shelf, "MUG-OR") == (5, 0)
    assert Line.of(shelf.id).get(order_id=order).cancelled == 0
    assert refused(partial(exchanged, shelf, offer)) == "offer_expired"


def test_EM4_an_accepted_one_that_costs_no_more_waits_as_long_as_it_takes(shelf: Any, now: datetime) -> None:
    offer = answered(shelf, offered(shelf, an_order(shelf)))
    end_offers(at=now + timedelta(days=400))
    assert Offer.of(shelf.id).get(id=offer.id).state == "accepted"
    assert exchanged(shelf, offer).carried_minor == 1230


def test_EM4_an_answer_after_its_time_is_refused(shelf: Any, now: datetime) -> None:
    offer = offered(shelf, an_order(shelf), days=2)
    late = now + timedelta(days=2, seconds=5)
    assert refused(partial(answered, shelf, offer, at=late)) == "offer_expired"
    end_offers(at=late)
    assert Offer.of(shelf.id).get(id=offer.id).state == "expired"


def test_EM4_what_is_exchanged_and_then_cancelled_goes_back_to_the_card(shelf: Any) -> None:
    """The payment stayed where it was made: no store credit stands between."""
    order = an_order(shelf)
    new = exchanged(shelf, answered(shelf, offered(shelf, order, quantity=3))).new_order_id
    confirm(
        merchant_id=shelf.id,
        order_id=new,
        ask=Ask(reason="customer_changed_mind"),
        by="t",
        at=datetime.now(UTC),
    )
    send_money(at=datetime.now(UTC))
    [refund] = Refund.of(shelf.id).filter(order_id=new)
    assert (refund.amount_minor, refund.method, refund.state) == (3690, "original", "succeeded")
    assert PaymentShare.of(shelf.id).get(order_id=new).payment_id == refund.share.payment_id


def test_EM4_carriage_goes_along_when_nothing_else_is_left(shelf: Any) -> None:
    order = an_order(shelf, shipping={"amount": "4.90", "tax_rate": "20"}, total="41.80")
    done = exchanged(shelf, answered(shelf, offered(shelf, order, quantity=3)))
    old, new = Order.of(shelf.id).get(id=order), Order.of(shelf.id).get(id=done.new_order_id)
    assert (new.shipping_minor, new.total_minor, new.captured_minor) == (490, 4180, 4180)
    assert (old.captured_minor, old.to_give_back_minor, done.back_minor) == (0, 0, 0)


def test_EM4_cash_on_delivery_stays_to_be_paid_at_the_door(shelf: Any) -> None:
    order = an_order(shelf, provider="manual", method="cash", paid="pending", reference=None)
    offer = answered(shelf, offered(shelf, order, "MUG-OR", 3))
    assert offer.missing_minor == 0
    done = exchanged(shelf, offer)
    new = Order.of(shelf.id).get(id=done.new_order_id)
    share = PaymentShare.of(shelf.id).get(order_id=new.id)
    assert (new.payment_status, share.amount_minor, share.payment.state) == ("unpaid", 4500, "pending")


def test_EM4_asked_twice_it_is_exchanged_once(shelf: Any) -> None:
    offer = answered(shelf, offered(shelf, an_order(shelf)))
    first, second = exchanged(shelf, offer), exchanged(shelf, offer)
    assert second.again and second.new_order_id == first.new_order_id
    assert Cancellation.of(shelf.id).filter(source=f"offer:{offer.id}").count() == 1


def test_EM4_under_merchant_space_it_is_a_new_order_and_the_cancel_of_the_old_line(
    shelf: Any, now: datetime
) -> None:
    open_channel(
        merchant_id=shelf.id,
        code="halles",
        name="Les Halles",
        terms="merchant_space",
        timezone="Europe/Paris",
        mode="test",
        overrides={},
        by="test",
        at=now,
    )
    order = an_order(shelf, channel="halles")
    done = exchanged(shelf, answered(shelf, offered(shelf, order, "MUG-OR", 3)))
    old, new = Order.of(shelf.id).get(id=order), Order.of(shelf.id).get(id=done.new_order_id)
    assert old.status == "cancelled" and new.total_minor == 4500
    assert (done.carried_minor, new.captured_minor) == (0, 0)
    assert Cancellation.of(shelf.id).get(order_id=order).refund_when == "platform"


def test_EM4_an_offer_whose_units_went_another_way_is_withdrawn(shelf: Any, now: datetime) -> None:
    order = an_order(shelf)
    offer = answered(shelf, offered(shelf, order, quantity=3))
    confirm(merchant_id=shelf.id, order_id=order, ask=Ask(reason="budget"), by="api", at=now)
    assert refused(partial(exchanged, shelf, offer)) == "quantity_too_large"
    end_offers(at=now)
    assert Offer.of(shelf.id).get(id=offer.id).state == "withdrawn" and item(shelf, "MUG-ROUGE") == (5, 0)


def send_mails() -> None:
    # Batch by batch: others may wait before it.
    while drain(at=datetime.now(UTC)).count:
        pass


def test_EM4_EM15_the_mail_comes_from_a_person_with_a_link_that_answers_once(shelf: Any) -> None:
    type(shelf).objects.filter(id=shelf.id).update(contact_name="Camille", reply_to="camille@mug.example")
    order = an_order(shelf)
    offer = offered(shelf, order, "MUG-VERT", 2, send=True, message="Il est très beau.")
    planned = Message.of(shelf.id).get(order_id=order, kind="offer")
    token = offer_token(offer.id)
    assert token not in str(planned.facts)
    send_mails()
    mail = Message.of(shelf.id).get(id=planned.id)
    assert mail.state == "sent" and "Mug-Vert" in mail.subject
    assert "Camille, Le Petit Mug" in mail.text and "Il est très beau." in mail.text
    assert "la différence, 4,60" in mail.text and offer_link(offer.id) in mail.text.replace("\n", "")
    done = answer_by_token(token=token, answer="accepted", at=datetime.now(UTC))
    assert (done.state, done.via, done.answered_by) == ("accepted", "page", "buyer")
    declined = partial(answer_by_token, token=token, answer="declined", at=datetime.now(UTC))
    assert refused(declined) == "offer_answered"
    wrong = partial(answer_by_token, token=token[:-1] + "x", answer="accepted", at=datetime.now(UTC))
    assert refused(wrong) == "not_found"


def test_EM4_an_english_buyer_reads_english(shelf: Any) -> None:
    order = an_order(shelf, customer={"name": "Ann", "email": "ann@example.org", "language": "en"})
    offered(shelf, order, send=True)
    send_mails()
    text = Message.of(shelf.id).get(order_id=order, kind="offer").text
    assert "We offer you this instead" in text and "nothing to pay" in text


def test_EM4_without_an_address_it_is_offered_by_voice(shelf: Any) -> None:
    order = an_order(shelf, customer={"name": "Ana", "phone": "0612345678"})
    assert refused(partial(offered, shelf, order, send=True)) == "offer_needs_email"
    assert offered(shelf, order, send=False).state == "offered"


def test_EM4_a_card_not_yet_drawn_is_not_voided_by_an_exchange(shelf: Any) -> None:
    order = an_order(shelf, paid="authorized")
    offer = answered(shelf, offered(shelf, order, quantity=3))
    assert refused(partial(exchanged, shelf, offer)) == "not_captured_yet"


def test_EM4_several_payments_are_carried_biggest_first(shelf: Any) -> None:
    paid = {"provider": "sandbox", "method": "card", "state": "captured"}
    body = order_body(
        payments=[
            {**paid, "amount": "6.90", "provider_reference": f"ok-a-{shelf.id}"},
            {**paid, "amount": "30.00", "provider_reference": f"ok-b-{shelf.id}"},
        ]
    )
    order = receive(merchant_id=shelf.id, body=body, by="test", at=datetime.now(UTC)).order_id
    done = exchanged(shelf, answered(shelf, offered(shelf, order, quantity=3)))
    shares = PaymentShare.of(shelf.id).filter(order_id=done.new_order_id).order_by("position")
    assert list(shares.values_list("captured_minor", flat=True)) == [3000, 690]


def test_EM4_two_answers_at_once_are_one(shelf: Any) -> None:
    order = an_order(shelf)
    offer = offered(shelf, order, quantity=2)
    raised = at_once(*[partial(answered, shelf, offer) for _ in range(6)])
    assert raised == [None] * 6
    assert item(shelf, "MUG-ROUGE") == (5, 2)
    assert Contact.of(shelf.id).filter(order_id=order).count() == 1


def test_EM4_yes_and_no_at_once_leave_one_answer(shelf: Any) -> None:
    offer = offered(shelf, an_order(shelf))
    raised = at_once(partial(answered, shelf, offer, "accepted"), partial(answered, shelf, offer, "declined"))
    assert sum(error is None for error in raised) == 1
    assert {error.code for error in raised if isinstance(error, Refusal)} == {"offer_answered"}


def test_EM4_two_buyers_at_once_do_not_get_the_last_unit_both(shelf: Any, now: datetime) -> None:
    put_item(
        merchant_id=shelf.id,
        sku="MUG-ROSE",
        by="test",
        at=now,
        fields={**MUG, "options": {"couleur": "rose"}, "price": "12.30", "on_hand": 1},
    )
    offers = [offered(shelf, an_order(shelf), "MUG-ROSE") for _ in range(3)]
    raised = at_once(*[partial(answered, shelf, offer) for offer in offers])
    assert sum(error is None for error in raised) == 1
    assert {error.code for error in raised if isinstance(error, Refusal)} == {"not_sellable"}
    assert item(shelf, "MUG-ROSE") == (1, 1)


def test_EM4_accept_against_cancel_leaves_one_of_them(shelf: Any, now: datetime) -> None:
    for _ in range(4):
        order = an_order(shelf)
        offer = offered(shelf, order)
        cancel = partial(
            confirm, merchant_id=shelf.id, order_id=order, ask=Ask(reason="budget"), by="r", at=now
        )
        taken, gone = at_once(partial(answered, shelf, offer), cancel)
        assert gone is None
        if taken is not None:
            assert isinstance(taken, Refusal) and taken.code == "quantity_too_large"
        end_offers(at=now)
        assert Offer.of(shelf.id).get(id=offer.id).state == "withdrawn"
    assert item(shelf, "MUG-ROUGE") == (5, 0)


def test_EM4_exchange_against_cancel_calls_the_unit_off_once(shelf: Any, now: datetime) -> None:
    for _ in range(3):
        order = an_order(shelf, lines=(("MUG-BLEU", 1, "12.30"),))
        offer = answered(shelf, offered(shelf, order))
        cancel = partial(
            confirm, merchant_id=shelf.id, order_id=order, ask=Ask(reason="budget"), by="r", at=now
        )
        raised = at_once(partial(exchanged, shelf, offer), cancel)
        assert sum(error is None for error in raised) == 1, raised
        assert Line.of(shelf.id).get(order_id=order).cancelled == 1
        end_offers(at=now)
