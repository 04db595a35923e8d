"""A void that is found captured is a refund, and goes the way of every refund of its terms."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from countermand.cancellations.actions import Confirmed
from countermand.cancellations.models import Cancellation
from countermand.events.models import Event
from countermand.payments.models import Payment
from countermand.payments.providers.sandbox import books
from tests.actions.refund_desk import drain_until_quiet, order_of, provider_says
from tests.actions.service_desk import (
    a_channel,
    a_sale,
    call_off,
    pay_otherwise,
    release,
    the_refund,
    the_state,
)


def found_captured(merchant: Any, terms: str) -> tuple[Any, Confirmed]:
    """A sale that was only authorised for us; at the provider it is captured when the void gets there."""
    order = a_sale(merchant, a_channel(merchant, terms), paid="authorized")
    payment = Payment.of(merchant.id).get()
    books.capture(account=payment.account, reference=payment.provider_reference or "", amount_minor=3000)
    made = call_off(merchant, order)
    assert the_refund(merchant, made).kind == "void"
    drain_until_quiet()
    return order, made


def test_RK5_a_void_found_captured_waits_for_the_customer_service(merchant: Any) -> None:
    order, made = found_captured(merchant, "rakuten_france")
    refund = the_refund(merchant, made)
    assert (refund.kind, refund.state, refund.amount_minor) == ("refund", "held", 3000)
    assert refund.asked_at is not None
    assert provider_says(refund)["refunded"] == "0.00"
    found = order_of(merchant, order)
    assert (found.captured_minor, found.in_flight_minor, found.payment_status) == (
        3000,
        3000,
        "refund_pending",
    )
    assert (
        Event.of(merchant.id).filter(order_id=order, kind="refund.asked", subject_id=refund.id).count() == 1
    )
    assert the_state(merchant, made) == "in_progress"
    release(merchant, refund)
    drain_until_quiet()
    assert provider_says(refund)["refunded"] == "30.00"
    assert the_state(merchant, made) == "done"


def test_RK5_found_captured_it_may_be_paid_in_its_own_way(merchant: Any) -> None:
    order, made = found_captured(merchant, "rakuten_france")
    pay_otherwise(merchant, the_refund(merchant, made))
    drain_until_quiet()
    assert provider_says(the_refund(merchant, made))["refunded"] == "0.00"
    assert order_of(merchant, order).payment_status == "refunded"
    assert the_state(merchant, made) == "done"


@pytest.mark.parametrize("terms", ["own_shop", "merchant_space"])
def test_SG4_elsewhere_it_goes_back_at_once(merchant: Any, terms: str) -> None:
    _order, made = found_captured(merchant, terms)
    refund = the_refund(merchant, made)
    assert (refund.state, refund.asked_at, provider_says(refund)["refunded"]) == ("succeeded", None, "30.00")


def test_SG5_what_was_taken_after_all_has_the_laws_clock(merchant: Any) -> None:
    _order, made = found_captured(merchant, "own_shop")
    refund, done = the_refund(merchant, made), Cancellation.of(merchant.id).get(id=made.id)
    assert refund.due_at is not None
    assert done.due_on == refund.due_at.date()
    assert timedelta(days=13) <= done.due_on - datetime.now(UTC).date() <= timedelta(days=15)
    assert done.due_article == "C. conso L216-7"
