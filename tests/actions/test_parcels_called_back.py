"""A parcel is asked back on its way: cancelled where its shipment was never confirmed, a return where it was (AZ-4, AZ-18)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation
from countermand.channels.actions import open_channel
from countermand.orders.actions import fulfil
from countermand.orders.models import Fulfilment
from countermand.payments.models import PaymentShare
from countermand.refusals import Refusal
from countermand.returns.actions import (
    Arrived,
    Coming,
    Verdict,
    answer_intercept,
    ask_intercept,
    ask_return,
    inspect_return,
    parcel_home,
    receive_return,
)
from countermand.returns.models import Intercept
from tests.actions.refund_desk import drain_until_quiet, order_of
from tests.actions.test_returns import here, on_hand, put_on_shelf, shipped_order, the_line, there


@pytest.fixture
def amazon(merchant: Any) -> Any:
    """The merchant with a second channel under the terms of amazon."""
    open_channel(
        merchant_id=merchant.id,
        code="amazon",
        name="Amazon",
        terms="amazon",
        timezone="Europe/Paris",
        mode="test",
        overrides={},
        by="test",
        at=datetime.now(UTC),
    )
    return merchant


def called_back(merchant: Any, order_id: UUID, **more: Any) -> Intercept:
    return ask_intercept(**here(merchant, order_id), parcel="f1", **more)


def test_AZ4_back_before_shipment_was_confirmed_it_is_cancelled_without_fee(amazon: Any) -> None:
    put_on_shelf(amazon)
    order_id = shipped_order(amazon, channel="amazon", confirmed=False, paid="authorized")
    assert on_hand(amazon) == (7, 0)
    found = called_back(amazon, order_id, asked_of="buyer")
    answer_intercept(**there(amazon), intercept_id=found.id, answer="accepted")

    with pytest.raises(Refusal) as error:
        parcel_home(
            **there(amazon), intercept_id=found.id, ask=Ask(reason="customer_changed_mind", fee="1.00")
        )
    assert error.value.code == "fee_not_allowed"

    ask = Ask(reason="customer_changed_mind", initiated_by="buyer")
    home = parcel_home(**there(amazon), intercept_id=found.id, ask=ask)
    assert home.intercept.state == "back" and home.came is None
    order, line = order_of(amazon, order_id), the_line(amazon, order_id)
    assert (order.status, line.shipped, line.cancelled, line.returned) == ("cancelled", 0, 3, 0)
    assert on_hand(amazon) == (10, 0), "the articles are on the shelf again"
    made = Cancellation.of(amazon.id).get(id=home.intercept.cancellation_id)
    assert made.counts_in_rate, "AZ-6: no official request, so it counts"
    drain_until_quiet()
    assert PaymentShare.of(amazon.id).get(order_id=order_id).payment.state == "voided"
    assert Fulfilment.of(amazon.id).get(order_id=order_id).back_at is not None


def test_AZ4_confirmed_meanwhile_it_is_a_return_and_a_change_of_mind_pays_no_fee(amazon: Any) -> None:
    put_on_shelf(amazon)
    order_id = shipped_order(amazon, channel="amazon", confirmed=False)
    found = called_back(amazon, order_id)
    fulfil(**here(amazon, order_id), fulfilment={"reference": "f1", "confirmed": True})
    home = parcel_home(**there(amazon), intercept_id=found.id, ask=Ask(reason=""))
    assert home.came is not None and (home.came.kind, home.came.state) == ("intercepted", "received")
    fee = Verdict(condition="as_new", fee="3.00", fee_note="remise en rayon")
    with pytest.raises(Refusal) as error:
        inspect_return(**there(amazon), return_id=home.came.id, verdict=fee)
    assert error.value.facts["why"] == "delivery"
    done = inspect_return(**there(amazon), return_id=home.came.id, verdict=Verdict(condition="as_new")).found
    assert (done.state, done.refund_minor) == ("done", 3690)
    drain_until_quiet()
    assert order_of(amazon, order_id).status == "closed"


def test_AZ4_unconfirmed_units_are_no_return_yet(amazon: Any) -> None:
    order_id = shipped_order(amazon, channel="amazon", confirmed=False)
    with pytest.raises(Refusal) as error:
        ask_return(**here(amazon, order_id), coming=Coming())
    assert error.value.code == "shipment_unconfirmed"


def test_AZ18_a_bad_address_lets_a_restocking_fee_be_kept_when_somebody_says_how_much(amazon: Any) -> None:
    order_id = shipped_order(amazon, channel="amazon")
    found = called_back(amazon, order_id, reason="wrong_address")
    home = parcel_home(**there(amazon), intercept_id=found.id, ask=Ask(reason=""))
    assert home.came is not None
    verdict = Verdict(condition="as_new", fee="5.00", fee_note="retour transporteur")
    done = inspect_return(**there(amazon), return_id=home.came.id, verdict=verdict).found
    assert (done.fee_minor, done.fee_ground, done.refund_minor) == (500, "restocking", 3190)
    drain_until_quiet()
    order = order_of(amazon, order_id)
    assert (order.refunded_minor, order.retained_minor, order.to_give_back_minor) == (3190, 500, 0)


def test_AZ18_the_fee_is_never_more_than_what_goes_back(amazon: Any) -> None:
    order_id = shipped_order(amazon, channel="amazon")
    found = ask_return(
        **here(amazon, order_id), coming=Coming(kind="refused_delivery", reason="wrong_address")
    )
    verdict = Verdict(condition="as_new", fee="36.91", fee_note="frais")
    with pytest.raises(Refusal) as error:
        receive_return(**there(amazon), return_id=found.id, arrived=Arrived(), verdict=verdict)
    assert error.value.code == "amount_too_large"
    verdict = Verdict(condition="as_new", fee="36.90", fee_note="frais")
    done = receive_return(**there(amazon), return_id=found.id, arrived=Arrived(), verdict=verdict).found
    assert (done.state, done.refund_minor) == ("done", 0)


def test_AZ19_nobody_answers_and_it_shipped_same_way_back(amazon: Any) -> None:
    order_id = shipped_order(amazon, channel="amazon")
    coming = Coming(kind="refused_delivery", reason="other")
    found = ask_return(**here(amazon, order_id), coming=coming)
    verdict = Verdict(condition="as_new", fee="2.00", fee_note="remise en stock")
    done = receive_return(**there(amazon), return_id=found.id, arrived=Arrived(), verdict=verdict).found
    assert done.refund_minor == 3490


def test_AZ18_what_the_seller_caused_costs_the_buyer_nothing(amazon: Any) -> None:
    order_id = shipped_order(amazon, channel="amazon")
    coming = Coming(kind="refused_delivery", reason="damaged")
    found = ask_return(**here(amazon, order_id), coming=coming)
    verdict = Verdict(condition="damaged", fee="2.00", fee_note="frais")
    with pytest.raises(Refusal) as error:
        receive_return(**there(amazon), return_id=found.id, arrived=Arrived(), verdict=verdict)
    assert error.value.facts["why"] == "seller_caused"


def test_AZ18_a_withdrawal_lets_nothing_be_kept_but_loss_of_value(merchant: Any) -> None:
    order_id = shipped_order(merchant)
    found = ask_return(**here(merchant, order_id), coming=Coming(kind="withdrawal", lines=(("1", 1),)))
    verdict = Verdict(condition="as_new", fee="2.00", fee_note="frais")
    with pytest.raises(Refusal) as error:
        receive_return(**there(merchant), return_id=found.id, arrived=Arrived(), verdict=verdict)
    assert error.value.facts["why"] == "withdrawal"
    worn = Verdict(condition="used", fee="2.00", fee_note="rayé")
    done = receive_return(**there(merchant), return_id=found.id, arrived=Arrived(), verdict=worn).found
    assert (done.fee_ground, done.refund_minor) == ("loss_of_value", 1030)


def test_AZ18_a_parcel_is_asked_back_once_and_may_turn_up_after_all(amazon: Any) -> None:
    order_id = shipped_order(amazon, channel="amazon")
    found = called_back(amazon, order_id)
    with pytest.raises(Refusal) as error:
        called_back(amazon, order_id)
    assert error.value.code == "intercept_open"
    assert answer_intercept(**there(amazon), intercept_id=found.id, answer="lost").state == "lost"
    assert answer_intercept(**there(amazon), intercept_id=found.id, answer="lost").state == "lost"
    with pytest.raises(Refusal) as error:
        answer_intercept(**there(amazon), intercept_id=found.id, answer="accepted")
    assert error.value.code == "intercept_over"
    home = parcel_home(**there(amazon), intercept_id=found.id, ask=Ask(reason=""))
    assert home.came is not None
    with pytest.raises(Refusal) as error:
        parcel_home(**there(amazon), intercept_id=found.id, ask=Ask(reason=""))
    assert error.value.code == "intercept_over"
    with pytest.raises(Refusal) as error:
        called_back(amazon, order_id)
    assert error.value.code in ("return_open", "nothing_shipped")


def test_AZ4_two_parcels_one_unconfirmed_comes_back_alone(amazon: Any) -> None:
    put_on_shelf(amazon)
    from tests.builders import an_order

    order_id = an_order(amazon, channel="amazon")
    fulfil(**here(amazon, order_id), fulfilment={"reference": "f0", "lines": [{"line": "1", "quantity": 1}]})
    fulfil(**here(amazon, order_id), fulfilment={"reference": "f1", "confirmed": False})
    found = called_back(amazon, order_id)
    parcel_home(**there(amazon), intercept_id=found.id, ask=Ask(reason="wrong_address"))
    line = the_line(amazon, order_id)
    assert (line.shipped, line.cancelled, line.returned) == (1, 2, 0)
    assert on_hand(amazon) == (9, 0)
    assert order_of(amazon, order_id).status == "shipped"
    assert ask_return(**here(amazon, order_id), coming=Coming()).state == "asked"
