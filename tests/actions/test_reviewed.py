"""What a second reading of the house found: each of these went wrong once."""

from datetime import datetime
from functools import partial
from typing import Any

import pytest

from countermand.approvals.rules import Rule
from countermand.correspondence.models import Message
from countermand.documents.actions import send_document
from countermand.merchants.actions import add_member, add_merchant
from countermand.merchants.models import Member
from countermand.merchants.team import invite
from countermand.orders.models import Order
from countermand.payments.actions import capture
from countermand.webhooks import kinds
from tests.actions.approving import rules
from tests.actions.bookkeeper import called_off, papers, write_up
from tests.actions.test_offers import answered, exchanged, offered, refused, shelf
from tests.at_once import at_once
from tests.builders import an_order

__all__ = ["shelf"]


def test_SH12_an_exchange_asks_for_a_second_person_as_a_cancel_does(shelf: Any) -> None:
    """Three mugs at 12.30 for three at 10.00: 6.90 goes back, and over 5 € a manager looks."""
    held_by = rules(shelf, Rule("amount", "manager", above="5"))
    order = an_order(shelf)
    offer = answered(shelf, offered(shelf, order, "MUG-VERT", 3))
    alone = partial(exchanged, shelf, offer, role="agent", rules=held_by)
    assert refused(alone) == "approval_needed"
    assert Order.of(shelf.id).filter(number__contains="-E").count() == 0
    assert exchanged(shelf, offer, role="manager", rules=held_by).back_minor == 690


def test_SH12_an_exchange_below_the_amount_needs_nobody_else(shelf: Any) -> None:
    held_by = rules(shelf, Rule("amount", "manager", above="5"))
    offer = answered(shelf, offered(shelf, an_order(shelf), "MUG-VERT", 2))
    assert exchanged(shelf, offer, role="agent", rules=held_by).back_minor == 460


def test_EM4_part_of_an_order_whose_card_is_not_drawn_is_not_exchanged_unpaid(shelf: Any) -> None:
    """One of three: the card would be drawn for the old order alone, and the new one never paid."""
    order = an_order(shelf, paid="authorized")
    offer = answered(shelf, offered(shelf, order))
    assert refused(partial(exchanged, shelf, offer)) == "not_captured_yet"


def test_EM4_a_dearer_one_accepted_before_the_card_was_drawn_is_still_paid_up_first(
    shelf: Any, now: datetime
) -> None:
    order = an_order(shelf, paid="authorized")
    offer = answered(shelf, offered(shelf, order, "MUG-OR", 2))
    capture(merchant_id=shelf.id, order_id=order, reference="1", amount=None, by="marie", at=now)
    assert refused(partial(exchanged, shelf, offer)) == "payment_missing"
    done = exchanged(shelf, offer, paid={"amount": "5.40", "method": "cash"})
    new = Order.of(shelf.id).get(id=done.new_order_id)
    assert (new.total_minor, new.captured_minor, new.payment_status) == (3000, 3000, "paid")


@pytest.mark.parametrize("wanted", [["*"], ["till.*"]])
def test_who_stands_at_the_till_is_told_to_nobody_outside(wanted: list[str]) -> None:
    assert not kinds.asks_for(wanted, "till.taken_over")


def test_an_owner_of_another_shop_changes_no_team(merchant: Any, now: datetime) -> None:
    other = add_merchant(code=f"other-{merchant.id}", name="Other")
    person = add_member(
        merchant=other, email=f"o-{other.id}@shop.example", password="un long mot de passe", role="owner"
    )
    acting = Member.objects.get(merchant=other, user=person).id
    wish = partial(
        invite,
        merchant_id=merchant.id,
        email=f"new-{merchant.id}@shop.example",
        role="owner",
        acting=acting,
        by="o",
        at=now,
    )
    assert refused(wish) == "forbidden"


def test_SG8_a_document_sent_by_two_people_at_once_is_one_mail(merchant: Any, now: datetime) -> None:
    order = an_order(merchant)
    called_off(merchant, order)
    write_up()
    [paper] = papers(merchant, order)
    send = partial(send_document, merchant_id=merchant.id, document_id=paper.id, by="test", at=now)
    assert at_once(*[send for _ in range(6)]) == [None] * 6
    assert Message.of(merchant.id).filter(order_id=order, kind="document").count() == 1
