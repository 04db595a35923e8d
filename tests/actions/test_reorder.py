"""SH-20: an order cancelled by mistake is placed again as it was."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.actions import open_channel
from countermand.events.models import Event
from countermand.intake.actions import Received
from countermand.intake.reorder import reorder
from countermand.orders.models import Line, Note, Order
from countermand.refusals import Refusal
from countermand.stock.actions import put_item
from countermand.stock.models import Item
from tests.builders import an_order


def cancel(merchant: Any, order_id: UUID, now: datetime, *lines: tuple[str, int]) -> None:
    ask = Ask(reason="business_decision", notify=False, lines=lines or None)
    confirm(merchant_id=merchant.id, order_id=order_id, ask=ask, by="marie", at=now)


def again(merchant: Any, order_id: UUID, now: datetime) -> Received:
    return reorder(merchant_id=merchant.id, order_id=order_id, by="marie", at=now)


def worth(order_id: UUID) -> list[tuple[str, int, int, int]]:
    lines = Line.across_merchants.filter(order_id=order_id).order_by("position")
    return [(line.sku, line.quantity, line.total_minor, line.tax_minor) for line in lines]


def test_SH20_the_order_is_placed_again_as_it_was(merchant: Any, now: datetime) -> None:
    put_item(merchant_id=merchant.id, sku="MUG-BLEU", fields={"on_hand": 10}, by="marie", at=now)
    order_id = an_order(
        merchant,
        number="1001",
        lines=[("MUG-BLEU", 3, "12.30"), ("BOL", 1, "9.99")],
        discounts=[{"title": "BIENVENUE", "amount": "5.00"}],
        shipping={"amount": "4.90", "tax_rate": "20"},
        fees=[{"title": "Emballage", "amount": "2.00", "refundable": True}],
        total="48.79",
        shipping_address={"name": "Ana", "line1": "1 rue du Port", "city": "Brest"},
    )
    cancel(merchant, order_id, now)

    placed = again(merchant, order_id, now)

    before, after = Order.of(merchant.id).get(id=order_id), Order.of(merchant.id).get(id=placed.order_id)
    assert placed.created
    assert (after.number, after.status, after.payment_status) == ("1001-R1", "open", "unpaid")
    assert after.total_minor == before.total_minor == 4879
    assert worth(after.id) == worth(before.id)
    assert (after.shipping_minor, after.fees, after.discounts) == (490, before.fees, before.discounts)
    assert (after.customer_email, after.shipping_address) == (before.customer_email, before.shipping_address)
    assert Item.of(merchant.id).get(sku="MUG-BLEU").allocated == 3


def test_SH20_the_two_orders_name_each_other(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant, number="1001")
    cancel(merchant, order_id, now)

    new_id = again(merchant, order_id, now).order_id

    links = Event.of(merchant.id).filter(kind="order.reordered").values_list("order_id", "subject_id")
    assert set(links) == {(order_id, new_id), (new_id, order_id)}
    assert Note.of(merchant.id).get(order_id=order_id).text == "Commande repassée sous le numéro 1001-R1."
    assert Note.of(merchant.id).get(order_id=new_id).text == "Repasse la commande 1001, annulée."


def test_SH20_a_second_click_places_nothing(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant, number="1001")
    cancel(merchant, order_id, now)
    first = again(merchant, order_id, now)

    second = again(merchant, order_id, now)

    assert (second.order_id, second.created) == (first.order_id, False)
    cancel(merchant, first.order_id, now)
    third = again(merchant, first.order_id, now)
    assert Order.of(merchant.id).get(id=third.order_id).number == "1001-R2"
    assert Order.of(merchant.id).count() == 3


def test_SH20_only_the_cancelled_units_come_again_at_what_they_were_worth(
    merchant: Any, now: datetime
) -> None:
    order_id = an_order(
        merchant,
        discounts=[{"title": "BIENVENUE", "amount": "5.00"}],
        shipping={"amount": "4.90", "tax_rate": "20"},
        total="36.80",
    )
    cancel(merchant, order_id, now, ("1", 2))

    placed = again(merchant, order_id, now)

    after = Order.of(merchant.id).get(id=placed.order_id)
    assert (after.total_minor, after.shipping_minor) == (2126, 0)  # two of three of 31.90, shipping was kept
    assert worth(after.id)[0][:3] == ("MUG-BLEU", 2, 2126)


@pytest.mark.parametrize("target", ["shipping", "all"])
def test_SH20_discounts_on_shipping_come_again(merchant: Any, now: datetime, target: str) -> None:
    order_id = an_order(
        merchant,
        discounts=[{"title": "PORT", "amount": "4.00", "target": target}],
        shipping={"amount": "4.90", "tax_rate": "20"},
        total="37.80",
    )
    cancel(merchant, order_id, now)

    placed = again(merchant, order_id, now)

    before, after = Order.of(merchant.id).get(id=order_id), Order.of(merchant.id).get(id=placed.order_id)
    assert (after.total_minor, after.shipping_minor) == (3780, before.shipping_minor)
    assert worth(after.id) == worth(before.id)


def test_SH20_prices_without_tax_come_again(merchant: Any, now: datetime) -> None:
    order_id = an_order(
        merchant,
        prices_include_tax=False,
        lines=[("LIVRE", 3, "10.33")],
        shipping={"amount": "4.90", "tax_rate": "5.5"},
        fees=[{"title": "Emballage", "amount": "2.01", "tax_rate": "20"}],
        payments=[],
    )
    cancel(merchant, order_id, now)

    placed = again(merchant, order_id, now)

    before, after = Order.of(merchant.id).get(id=order_id), Order.of(merchant.id).get(id=placed.order_id)
    assert (after.total_minor, after.fees) == (before.total_minor, before.fees)
    assert worth(after.id) == worth(before.id)


def test_SH20_what_was_not_cancelled_is_not_placed_again(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant)

    with pytest.raises(Refusal) as refused:
        again(merchant, order_id, now)

    assert (refused.value.code, refused.value.status) == ("nothing_cancelled", 409)


@pytest.mark.parametrize("terms", ["amazon", "rakuten_france"])
def test_AZ10_where_the_platform_owns_the_buyer_the_buyer_orders_again(
    merchant: Any, now: datetime, terms: str
) -> None:
    open_channel(
        merchant_id=merchant.id,
        code=terms,
        name=terms,
        terms=terms,
        timezone="Europe/Paris",
        mode="test",
        overrides={},
        by="marie",
        at=now,
    )
    order_id = an_order(merchant, channel=terms)

    with pytest.raises(Refusal) as refused:
        again(merchant, order_id, now)

    assert (refused.value.code, refused.value.status) == ("terms_forbid", 409)


def test_SH20_a_long_number_stays_within_64_characters(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant, number="N" * 64)
    cancel(merchant, order_id, now)

    placed = again(merchant, order_id, now)

    number = Order.of(merchant.id).get(id=placed.order_id).number
    assert number == "N" * 58 + "-R1"


def test_another_merchants_order_is_not_placed_again(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant)

    with pytest.raises(Refusal) as refused:
        reorder(merchant_id=merchant.id + 1, order_id=order_id, by="x", at=now)

    assert refused.value.status == 404
