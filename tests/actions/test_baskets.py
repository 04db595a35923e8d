"""Baskets of several merchants under one payment: shares, each its own; in all never more than was captured."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.marketplace.baskets import Basket, receive_basket
from countermand.merchants.actions import add_merchant
from countermand.orders.models import Order
from countermand.overview.audit import audit
from countermand.payments.models import Payment, PaymentShare
from countermand.refunds.jobs import drain
from countermand.refunds.models import Refund
from countermand.refusals import Refusal
from tests.actions.place import Place, seated
from tests.at_once import at_once
from tests.builders import order_body

OWN = {"terms": "own_shop"}


@pytest.fixture
def stalls(merchant: Any) -> tuple[Place, Place]:
    first = seated(merchant, **OWN)
    other = add_merchant(code=f"b-{merchant.code}", name="La Cave")
    return first, seated(other, first.marketplace, **OWN)


def paid(amount: str, tag: str) -> dict[str, Any]:
    return {
        "provider": "sandbox",
        "method": "card",
        "amount": amount,
        "state": "captured",
        "provider_reference": f"ok-{tag}",
    }


def of_two(stalls: tuple[Place, Place], tag: str = "") -> dict[str, Any]:
    """A mug at 12.30 from the one, a bottle at 20.00 from the other: 32.30 in one go."""
    first, second = stalls
    tag = tag or first.merchant.code
    orders = []
    for place, sku, price in ((first, "MUG", "12.30"), (second, "VIN", "20.00")):
        body = order_body(channel="halles", lines=((sku, 1, price),), number=f"{tag}-{sku}", payments=[])
        orders.append({**body, "placed_at": "2026-11-20T10:00:00+01:00", "merchant": place.merchant.code})
    return {**first.here, "reference": tag, "payment": paid("32.30", tag), "orders": orders}


def cancel(place: Place, order_id: Any) -> Any:
    ask = Ask(reason="out_of_stock", notify=False)
    return confirm(merchant_id=place.merchant.id, order_id=order_id, ask=ask, by="test", at=datetime.now(UTC))


def payment_of(basket: Basket) -> Payment:
    return Payment.across_merchants.get(id=basket.payment_id)


def test_a_basket_is_one_payment_on_the_marketplaces_account_shared_by_worth(stalls: Any) -> None:
    made = receive_basket(**of_two(stalls))
    payment = payment_of(made)
    assert (payment.merchant_id, payment.captured_minor) == (stalls[0].marketplace.house_id, 3230)
    shares = PaymentShare.across_merchants.filter(payment=payment)
    assert sorted(shares.values_list("merchant_id", "captured_minor")) == sorted(
        [(stalls[0].merchant.id, 1230), (stalls[1].merchant.id, 2000)]
    )
    for merchant_id, order_id in made.orders:
        assert Order.of(merchant_id).get(id=order_id).payment_status == "paid"


def test_a_cancel_gives_back_its_own_share_and_nothing_of_the_other(stalls: Any) -> None:
    made = receive_basket(**of_two(stalls))
    (_, mug), (_, wine) = made.orders
    cancel(stalls[0], mug)
    while drain(at=datetime.now(UTC)).claimed:
        pass
    payment = payment_of(made)
    assert payment.reserved_minor == 1230
    assert Order.of(stalls[1].merchant.id).get(id=wine).payment_status == "paid"
    given = Refund.of(stalls[0].merchant.id).get(order_id=mug)
    assert (given.state, given.amount_minor) == ("succeeded", 1230)
    for place in stalls:
        assert audit(merchant_id=place.merchant.id) == []
    assert audit(merchant_id=stalls[0].marketplace.house_id) == []


def test_both_cancelled_at_once_give_back_all_of_it_and_never_more(stalls: Any) -> None:
    for n in range(3):
        made = receive_basket(**of_two(stalls, f"{stalls[0].merchant.code}-{n}"))
        (_, mug), (_, wine) = made.orders
        runs = [partial(cancel, stalls[0], mug), partial(cancel, stalls[1], wine)] * 2
        raised = at_once(*runs)
        codes = [error.code for error in raised if isinstance(error, Refusal)]
        assert codes == ["already_cancelled"] * 2, raised
        assert payment_of(made).reserved_minor == 3230


def test_the_same_basket_again_is_the_same_also_at_once(stalls: Any) -> None:
    asked = of_two(stalls)
    assert at_once(*[lambda: receive_basket(**asked)] * 4) == [None] * 4
    again = receive_basket(**asked)
    assert not again.created
    assert Payment.of(stalls[0].marketplace.house_id).count() == 1


def test_what_was_paid_is_what_the_orders_are_worth_or_nothing_comes_in(stalls: Any) -> None:
    asked = of_two(stalls)
    for amount in ("32.29", "32.31"):
        with pytest.raises(Refusal) as refused:
            receive_basket(**{**asked, "payment": {**asked["payment"], "amount": amount}})
        assert refused.value.code == "total_differs"
    assert not Order.of(stalls[0].merchant.id).exists() and not Order.of(stalls[1].merchant.id).exists()


def test_only_merchants_who_sell_here_stand_in_its_baskets(stalls: Any, merchant: Any) -> None:
    asked = of_two(stalls)
    asked["orders"][1] = {**asked["orders"][1], "channel": "boutique", "merchant": merchant.code}
    with pytest.raises(Refusal) as refused:
        receive_basket(**asked)
    assert (refused.value.code, refused.value.field) == ("unknown_merchant", "orders.1.merchant")


def test_a_payment_of_another_basket_is_refused(stalls: Any) -> None:
    asked = of_two(stalls)
    receive_basket(**asked)
    other = of_two(stalls, "autre-" + stalls[0].merchant.code)
    with pytest.raises(Refusal) as refused:
        receive_basket(**{**other, "payment": asked["payment"]})
    assert refused.value.code == "basket_exists"


def test_the_marketplaces_own_token_brings_a_basket_in_and_nobody_elses(stalls: Any, merchant: Any) -> None:
    from countermand.access.tokens import issue
    from tests.api.conftest import Api

    asked = of_two(stalls)
    body = {name: asked[name] for name in ("reference", "payment", "orders")}
    house = Api(issue(merchant_id=stalls[0].marketplace.house_id, name="caisse", role="agent"))
    taken = house.post("/baskets", body)
    assert taken.status_code == 201, taken.json()
    assert [order["merchant"] for order in taken.json()["orders"]] == [
        place.merchant.code for place in stalls
    ]
    assert house.post("/baskets", body).status_code == 200
    stranger = Api(issue(merchant_id=merchant.id, name="caisse", role="owner"))
    assert stranger.post("/baskets", body).status_code == 404
