"""The page of one order: everything about it, in as many statements for a long order as for a short one."""

import json
from datetime import datetime
from typing import Any

import pytest

from countermand.cancellations.shape import confirmed_shape
from countermand.overview.cancellations import cancellation_shape
from countermand.overview.orders import order_page
from countermand.refusals import Refusal
from tests.actions.overview_shop import Shop, statements
from tests.actions.refund_desk import drain_until_quiet


@pytest.fixture
def shop(merchant: Any, now: datetime) -> Shop:
    return Shop(merchant.id, now)


def page(shop: Shop, order_id: Any) -> dict[str, Any]:
    return order_page(merchant_id=shop.merchant_id, order_id=order_id)


def test_an_order_says_all_that_came_in_and_what_its_units_are_worth(shop: Shop) -> None:
    order = page(shop, shop.order())

    assert (order["number"], order["channel"], order["total"], order["status"]) == (
        "1001",
        "boutique",
        "38.80",
        "open",
    )
    [line] = order["lines"]
    assert (line["ordered"], line["cancelled"], line["shipped"], line["returned"], line["open"]) == (
        3,
        0,
        0,
        0,
        3,
    )
    assert (line["amount"], line["unit_amounts"]) == ("31.90", ["10.63", "10.63", "10.64"])
    assert line["units_worth"] == [{"amount": "10.63", "units": 2}, {"amount": "10.64", "units": 1}]
    assert order["shipping"]["amount"] == "4.90"
    assert order["fees"][0]["title"] == "Emballage"
    assert order["customer"]["name"] == "Éloïse Lœuf"
    assert order["shipping_address"]["city"] == "Dinan"
    assert order["money"] == {
        "total": "38.80",
        "captured": "38.80",
        "refunded": "0.00",
        "in_flight": "0.00",
        "waived": "0.00",
        "to_give_back": "0.00",
        "due": "0.00",
        "currency": "EUR",
    }
    assert order["payments"][0]["captured_amount"] == "38.80"
    assert [event["kind"] for event in order["timeline"]] == ["order.received"]
    assert order["timeline"][0]["facts"]["total"] == "38.80"


def test_the_page_is_ready_for_json(shop: Shop) -> None:
    order_id = shop.order()
    shop.cancel(order_id, ("1", 2))

    assert json.loads(json.dumps(page(shop, order_id)))["number"] == "1001"


def test_ten_thousand_units_are_told_in_two_entries(shop: Shop) -> None:
    line = {"sku": "VIS", "title": "Vis", "quantity": 10_000, "unit_price": "0.03"}
    order_id = shop.order(lines=[line], total="301.90", payments=[])

    [told] = page(shop, order_id)["lines"]

    assert (told["unit_amounts"][0], told["unit_amounts"][-1], len(told["unit_amounts"])) == (
        "0.02",
        "0.03",
        10_000,
    )
    assert told["units_worth"] == [{"amount": "0.02", "units": 500}, {"amount": "0.03", "units": 9_500}]


def test_above_ten_thousand_units_each_unit_is_not_told(shop: Shop) -> None:
    line = {"sku": "VIS", "title": "Vis", "quantity": 10_001, "unit_price": "0.03"}
    order_id = shop.order(lines=[line], payments=[], total=None)

    [told] = page(shop, order_id)["lines"]

    assert told["unit_amounts"] is None


def test_two_of_three_units_cancelled_are_in_flight(shop: Shop) -> None:
    order_id = shop.order()
    shop.cancel(order_id, ("1", 2))

    order = page(shop, order_id)

    assert (order["lines"][0]["cancelled"], order["lines"][0]["open"]) == (2, 1)
    assert (order["money"]["in_flight"], order["money"]["to_give_back"]) == ("21.26", "0.00")
    assert order["payment_status"] == "refund_pending"
    assert order["payments"][0]["in_flight"] == "21.26"
    [refund], [cancellation] = order["refunds"], order["cancellations"]
    assert (refund["amount"], refund["payment"], refund["cancellation"]) == (
        "21.26",
        "p1",
        cancellation["id"],
    )
    assert [clock["kind"] for clock in order["clocks"]] == ["ship_by", "refund"]


def test_the_clock_of_money_that_is_back_runs_no_more(shop: Shop) -> None:
    order_id = shop.order()
    first = shop.cancel(order_id, ("1", 1))
    drain_until_quiet()
    second = shop.cancel(order_id, ("1", 1))

    running = [clock for clock in page(shop, order_id)["clocks"] if clock["kind"] == "refund"]

    assert first.id != second.id
    assert [clock["cancellation"] for clock in running] == [str(second.id)]


def test_what_confirm_answers_from_memory_is_what_the_rows_say(shop: Shop) -> None:
    order_id = shop.order()
    for lines, wish in (((("1", 1),), {"notify": False}), ((), {"note": "plus rien", "undo_seconds": 10})):
        confirmed = shop.cancel(order_id, *lines, **wish)
        told = confirmed_shape(confirmed)

        read = cancellation_shape(merchant_id=shop.merchant_id, cancellation_id=confirmed.id)

        assert {name: read[name] for name in told} == told


def test_the_number_of_statements_does_not_grow_with_the_order(shop: Shop) -> None:
    short = shop.order("1")
    line = {"title": "Mug", "quantity": 3, "unit_price": "12.30"}
    many = [{**line, "reference": str(i), "sku": f"MUG-{i}"} for i in range(50)]
    paid = {"provider": "sandbox", "amount": "1851.90", "state": "captured"}
    long = shop.order("2", lines=many, discounts=[], total="1851.90", payments=[paid])
    for i in range(50):
        shop.cancel(long, (str(i), 1))

    few, lots = statements(lambda: page(shop, short)), statements(lambda: page(shop, long))

    assert few == lots == 6
    assert len(page(shop, long)["timeline"]) > 100


def test_AZ11_the_buyer_is_hidden_while_the_payment_is_being_verified(shop: Shop) -> None:
    told = page(shop, shop.order(verification="pending"))

    assert told["customer"] == {"name": "", "email": "", "phone": "", "language": "fr"}
    assert told["shipping_address"] is None
    assert "Lœuf" not in json.dumps(told, ensure_ascii=False)
    assert "cancel" not in told["actions"]
    assert told["actions_refused"]["cancel"] == "not_verified_yet"


def test_another_merchants_order_is_not_found(shop: Shop) -> None:
    order_id = shop.order()

    with pytest.raises(Refusal) as refused:
        order_page(merchant_id=shop.merchant_id + 1, order_id=order_id)

    assert refused.value.status == 404


def test_EM8_the_row_carries_the_verb_that_the_state_permits(shop: Shop) -> None:
    shipped = {"shipped_at": "2026-11-21T10:00:00+01:00", "lines": [{"line": "1", "quantity": 3}]}
    cancelled = shop.order("1")
    shop.cancel(cancelled)

    assert page(shop, shop.order("2"))["action"] == {"verb": "cancel", "why": ""}
    assert page(shop, shop.order("3", accepted=False))["action"] == {"verb": "refuse", "why": ""}
    assert page(shop, shop.order("4", fulfilments=[shipped]))["action"] == {"verb": "return", "why": ""}
    assert page(shop, cancelled)["action"] == {"verb": "", "why": "already_cancelled"}
