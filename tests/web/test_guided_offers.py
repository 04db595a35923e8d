"""Alternatives on the page of the three steps: proposed, answered, exchanged."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from countermand.correspondence.models import Contact, Message
from countermand.offers.models import Offer
from countermand.orders.models import Order
from countermand.procedure.actions import skip_step
from countermand.stock.actions import put_item
from tests.web.desk import Shop, statements


def at(order_id: UUID, name: str = "cancel") -> str:
    return reverse(f"web:{name}", kwargs={"order_id": order_id})


@pytest.fixture
def shelf(shop: Shop) -> Shop:
    for sku, colour, price in (
        ("MUG-ROUGE", "rouge", "12.30"),
        ("MUG-VERT", "vert", "10.00"),
        ("MUG-OR", "or", "15.00"),
    ):
        fields: dict[str, Any] = {
            "title": sku.title(),
            "product": "mug",
            "options": {"couleur": colour},
            "price": price,
        }
        fields |= {"currency": "EUR", "on_hand": 5}
        put_item(merchant_id=shop.merchant.id, sku=sku, fields=fields, by="test", at=datetime.now(UTC))
    more = {"product": "mug", "options": {"couleur": "bleu"}, "price": "12.30", "currency": "EUR"}
    put_item(merchant_id=shop.merchant.id, sku="MUG-BLEU", fields=more, by="test", at=datetime.now(UTC))
    return shop


def propose(shop: Shop, order_id: UUID, do: str, sku: str = "MUG-ROUGE", **more: str) -> Any:
    said = {"offer-line": "1", "offer-sku": sku, "offer-quantity": "1", "offer-days": "3", "ligne": "1"}
    return shop["agent"].post(at(order_id, "propose"), {**said, "do": do, **more})


def the_offer(shop: Shop, order_id: UUID) -> Offer:
    return Offer.of(shop.merchant.id).get(order_id=order_id)


def post(shop: Shop, offer: Offer, name: str, **said: str) -> Any:
    return shop["agent"].post(reverse(f"web:{name}", kwargs={"offer_id": offer.id}), said)


def stock_is_right(shop: Shop, order_id: UUID) -> None:
    skip_step(
        merchant_id=shop.merchant.id,
        order_id=order_id,
        step="stock",
        reason="juste",
        by="test",
        at=datetime.now(UTC),
    )


def test_EM3_the_page_proposes_with_the_price_beside(shelf: Shop) -> None:
    page = shelf["agent"].get(at(shelf.order()) + "?ligne=1")
    assert next(value for value, _ in page.context["offer_form"].fields["sku"].choices) == "MUG-ROUGE"
    words = page.content.decode()
    assert "même prix" in words and "+2,70" in words and "\u22122,30" in words


def test_EM4_a_mail_goes_out_and_the_answer_is_noted_by_hand(shelf: Shop) -> None:
    order_id = shelf.order()
    assert propose(shelf, order_id, "send").status_code == 302
    assert Message.of(shelf.merchant.id).filter(order_id=order_id, kind="offer").count() == 1
    page = shelf["agent"].get(at(order_id) + "?ligne=1")
    assert page.context["guide"].contact.is_open and "l'accepte" in page.content.decode().replace(
        "’", "'"
    ).replace("&#x27;", "'")
    assert post(shelf, the_offer(shelf, order_id), "offer_answer", answer="declined").status_code == 302
    page = shelf["agent"].get(at(order_id) + "?ligne=1")
    assert page.context["guide"].contact.state == "done" and page.context["guide"].alternatives


def test_EM4_accepted_on_the_phone_the_third_step_is_the_exchange_and_the_stock_remains(shelf: Shop) -> None:
    order_id = shelf.order()
    propose(shelf, order_id, "voice", "MUG-VERT")
    assert Contact.of(shelf.merchant.id).get(order_id=order_id).outcome == "alternative"
    page = shelf["agent"].get(at(order_id) + "?ligne=1")
    assert page.context["guide"].next == "stock" and "rendre 2,30" in page.content.decode()
    stopped = post(shelf, the_offer(shelf, order_id), "exchange")
    assert stopped.status_code == 422 and "Réglez d" in stopped.content.decode()
    stock_is_right(shelf, order_id)
    done = post(shelf, the_offer(shelf, order_id), "exchange")
    new = the_offer(shelf, order_id).new_order_id
    assert done.status_code == 302 and str(new) in done["Location"]
    assert new is not None
    assert Order.of(shelf.merchant.id).get(id=new).captured_minor == 1000
    again = post(shelf, the_offer(shelf, order_id), "exchange")
    assert str(new) in again["Location"]


def test_EM4_a_dearer_one_asks_what_was_received(shelf: Shop) -> None:
    order_id = shelf.order()
    propose(shelf, order_id, "voice", "MUG-OR")
    stock_is_right(shelf, order_id)
    page = shelf["agent"].get(at(order_id) + "?ligne=1").content.decode()
    assert "Reste à payer" in page and "2,70" in page
    missing = post(shelf, the_offer(shelf, order_id), "exchange")
    assert missing.status_code == 422 and "plus cher" in missing.content.decode()
    said = {"paid-amount": "2,70", "paid-method": "cash"}
    assert post(shelf, the_offer(shelf, order_id), "exchange", **said).status_code == 302


def test_what_is_refused_is_said_beside_its_field_and_stays(shelf: Shop) -> None:
    order_id = shelf.order()
    answer = propose(shelf, order_id, "send", **{"offer-quantity": "9", "offer-message": "Il est très beau."})
    words = answer.content.decode()
    assert answer.status_code == 422 and "n&#x27;en reste que 3" in words and "Il est très beau." in words


def test_an_offer_is_withdrawn(shelf: Shop) -> None:
    order_id = shelf.order()
    propose(shelf, order_id, "voice")
    assert post(shelf, the_offer(shelf, order_id), "offer_withdraw").status_code == 302
    assert the_offer(shelf, order_id).state == "withdrawn"


def test_anothers_offer_is_not_found_and_a_viewer_may_not(shelf: Shop) -> None:
    nobodys = UUID(int=9)
    for name in ("offer_answer", "offer_withdraw", "exchange"):
        address = reverse(f"web:{name}", kwargs={"offer_id": nobodys})
        assert shelf["agent"].post(address, {"answer": "accepted"}).status_code == 404, name
        assert shelf["viewer"].post(address, {"answer": "accepted"}).status_code == 403, name
    assert propose(shelf, nobodys, "send").status_code == 404


def test_the_page_takes_few_statements_with_an_accepted_offer(shelf: Shop) -> None:
    order_id = shelf.order()
    shelf["agent"].get(at(order_id))  # the first page of a session writes that it began
    plain = statements(shelf["agent"], at(order_id) + "?ligne=1")
    propose(shelf, order_id, "voice")
    swap = statements(shelf["agent"], at(order_id) + "?ligne=1")
    assert plain <= 12 and swap <= 12, (plain, swap)
