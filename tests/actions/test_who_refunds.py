"""Who gives the money back under which terms: the merchant, the platform, or its customer service."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from countermand.cancellations.conclude import conclude
from countermand.cancellations.undo import undo
from countermand.events.models import Event
from countermand.orders.actions import fulfil
from countermand.refunds.actions import GiveBack, reimburse, retry, settle
from countermand.refunds.models import Refund
from countermand.refunds.release import release_held
from countermand.refusals import Refusal
from countermand.returns.actions import Arrived, Coming, Verdict, ask_return, receive_return
from tests.actions.refund_desk import (
    code_of,
    drain_now,
    drain_until_quiet,
    give_back,
    order_of,
    provider_says,
)
from tests.actions.service_desk import (
    a_channel,
    a_sale,
    call_off,
    pay_otherwise,
    release,
    the_refund,
    the_state,
)


@pytest.fixture
def rakuten(merchant: Any) -> str:
    return a_channel(merchant, "rakuten_france")


def test_RK5_the_customer_service_is_asked_and_the_money_waits_for_it(merchant: Any, rakuten: str) -> None:
    order = a_sale(merchant, rakuten)
    made = call_off(merchant, order)
    refund = the_refund(merchant, made)
    assert (refund.state, refund.carried_by, refund.asked_at is not None) == (
        "held",
        "customer_service",
        True,
    )
    drain_now()
    assert provider_says(refund)["refunded"] == "0.00"
    found = order_of(merchant, order)
    assert (found.payment_status, found.in_flight_minor, found.to_give_back_minor) == (
        "refund_pending",
        3000,
        0,
    )
    assert the_state(merchant, made) == "in_progress"
    assert (
        Event.of(merchant.id).filter(order_id=order, kind="refund.asked", subject_id=refund.id).count() == 1
    )


def test_RK5_once_let_go_the_worker_gives_it_back_and_the_story_ends(merchant: Any, rakuten: str) -> None:
    order = a_sale(merchant, rakuten)
    made = call_off(merchant, order)
    refund = the_refund(merchant, made)
    release(merchant, refund)
    drain_until_quiet()
    assert provider_says(refund)["refunded"] == "30.00"
    assert order_of(merchant, order).payment_status == "refunded"
    assert the_state(merchant, made) == "done"
    with pytest.raises(Refusal) as refusal:
        release(merchant, refund)
    assert code_of(refusal) == "not_settleable"


def test_RK5_paid_in_its_own_way_it_is_settled_with_what_proves_it(merchant: Any, rakuten: str) -> None:
    order = a_sale(merchant, rakuten)
    made = call_off(merchant, order, lines=(("1", 1),))
    refund = the_refund(merchant, made)
    with pytest.raises(Refusal) as refusal:
        pay_otherwise(merchant, refund, evidence=" ")
    assert (code_of(refusal), refusal.value.field) == ("evidence_required", "evidence")
    with pytest.raises(Refusal) as refusal:
        pay_otherwise(merchant, refund, settled_at=datetime.now(UTC) + timedelta(days=1))
    assert code_of(refusal) == "settled_in_future"
    pay_otherwise(merchant, refund)
    drain_now()
    refund.refresh_from_db()
    assert (refund.state, refund.evidence) == ("succeeded", "virement 4711")
    assert provider_says(refund)["refunded"] == "0.00"
    assert order_of(merchant, order).refunded_minor == 1000
    assert the_state(merchant, made) == "done"


def test_RK5_within_the_undo_window_nobody_is_asked_yet(merchant: Any, rakuten: str) -> None:
    order = a_sale(merchant, rakuten)
    made = call_off(merchant, order, undo_seconds=60)
    refund = the_refund(merchant, made)
    assert (refund.state, refund.asked_at) == ("held", None)
    with pytest.raises(Refusal) as refusal:
        release(merchant, refund)
    assert code_of(refusal) == "not_settleable"
    later = datetime.now(UTC) + timedelta(seconds=61)
    conclude(cancellation_ids=release_held(at=later), at=later)
    refund.refresh_from_db()
    assert (refund.state, refund.asked_at) == ("held", later)
    assert the_state(merchant, made) == "in_progress"
    release(merchant, refund)
    drain_until_quiet(after_seconds=61)
    assert the_state(merchant, made) == "done"


def test_RK5_undone_within_the_window_nothing_was_asked(merchant: Any, rakuten: str) -> None:
    order = a_sale(merchant, rakuten)
    made = call_off(merchant, order, undo_seconds=60)
    undo(merchant_id=merchant.id, cancellation_id=made.id, by="test", at=datetime.now(UTC))
    assert the_refund(merchant, made).state == "withdrawn"
    assert order_of(merchant, order).payment_status == "paid"


def test_RK5_the_service_answers_within_its_days_never_later_than_the_law(
    merchant: Any, rakuten: str
) -> None:
    order = a_sale(merchant, rakuten)
    refund = the_refund(merchant, call_off(merchant, order, lines=(("1", 1),)))
    assert refund.due_at is not None
    assert 2 <= (refund.due_at - datetime.now(UTC)).days <= 3
    slow = a_channel(merchant, "merchant_space")
    other = the_refund(merchant, call_off(merchant, a_sale(merchant, slow)))
    assert other.due_at is not None
    assert 13 <= (other.due_at - datetime.now(UTC)).days <= 14


@pytest.mark.parametrize("terms", ["rakuten_france", "merchant_space"])
def test_RK5_EM10_a_merchant_moves_no_money_of_the_platform(merchant: Any, terms: str) -> None:
    order = a_sale(merchant, a_channel(merchant, terms), reference="decline")
    refund = the_refund(merchant, call_off(merchant, order))
    here: dict[str, Any] = {"merchant_id": merchant.id, "by": "test", "at": datetime.now(UTC)}
    if refund.state == "held":
        release(merchant, refund)
    drain_until_quiet()
    refund.refresh_from_db()
    assert refund.state == "failed"
    for act in (
        lambda: give_back(merchant, order),
        lambda: give_back(merchant, order, amount="1.00"),
        lambda: retry(refund_id=refund.id, **here),
        lambda: settle(refund_id=refund.id, settled_at=here["at"], evidence="reçu", **here),
        lambda: call_off(merchant, a_sale(merchant, terms), when="none", waiver="cadeau"),
        lambda: call_off(merchant, a_sale(merchant, terms), amount="1.00"),
        lambda: call_off(merchant, a_sale(merchant, terms), method="manual"),
    ):
        with pytest.raises(Refusal) as refusal:
            act()
        assert (code_of(refusal), refusal.value.status) == ("terms_forbid", 409)
    retry(refund_id=refund.id, as_platform=True, **here)
    drain_until_quiet()
    refund.refresh_from_db()
    assert refund.state == "failed"
    pay_otherwise(merchant, refund)
    refund.refresh_from_db()
    assert (refund.state, order_of(merchant, order).to_give_back_minor) == ("succeeded", 0)


def test_EM10_the_platform_gives_back_at_once_to_where_it_came_from(merchant: Any) -> None:
    order = a_sale(merchant, a_channel(merchant, "merchant_space"))
    made = call_off(merchant, order, when="later")
    refund = the_refund(merchant, made)
    assert (refund.state, refund.carried_by, refund.method) == ("planned", "platform", "original")
    drain_until_quiet()
    assert provider_says(refund)["refunded"] == "30.00"
    assert order_of(merchant, order).payment_status == "refunded"


def test_EM10_what_only_a_hand_can_pay_is_settled_by_the_platform(merchant: Any) -> None:
    space = a_channel(merchant, "merchant_space")
    order = a_sale(merchant, space, provider="manual", method="cash", reference=None)
    made = call_off(merchant, order)
    refund = the_refund(merchant, made)
    assert (refund.state, refund.method, the_state(merchant, made)) == ("planned", "manual", "needs_person")
    pay_otherwise(merchant, refund)
    assert order_of(merchant, order).payment_status == "refunded"


def test_RK5_what_follows_from_the_terms_is_asked_of_the_service(merchant: Any, rakuten: str) -> None:
    order = a_sale(merchant, rakuten)
    here: dict[str, Any] = {"merchant_id": merchant.id, "order_id": order, "at": datetime.now(UTC)}
    asked = reimburse(**here, wish=GiveBack(amount="4.00"), by="return", who="terms")
    assert Refund.of(merchant.id).get(id=asked.parts[0].id).state == "held"
    at_once = reimburse(**here, wish=GiveBack(amount="5.00"), by="service", who="platform")
    assert Refund.of(merchant.id).get(id=at_once.parts[0].id).state == "planned"
    drain_until_quiet()
    assert order_of(merchant, order).in_flight_minor == 400
    release(merchant, Refund.of(merchant.id).get(id=asked.parts[0].id))
    drain_until_quiet()
    assert order_of(merchant, order).refunded_minor == 900


def test_AZ15_once_money_was_taken_the_merchant_refunds_per_article(merchant: Any) -> None:
    amazon = a_channel(merchant, "amazon")
    order = a_sale(merchant, amazon, verification="verified")
    made = call_off(merchant, order, lines=(("1", 1),))
    assert the_refund(merchant, made).carried_by == "merchant"
    given = give_back(merchant, order, amount="2.50")
    assert given.amount_minor == 250
    unpaid = a_sale(merchant, amazon, verification="verified", paid="authorized")
    voided = the_refund(merchant, call_off(merchant, unpaid))
    assert (voided.kind, voided.amount_minor) == ("void", 3000)
    drain_until_quiet()
    assert order_of(merchant, unpaid).payment_status == "voided"


def test_RK5_what_came_back_is_asked_of_the_service(merchant: Any, rakuten: str) -> None:
    order = a_sale(merchant, rakuten)
    here: dict[str, Any] = {"merchant_id": merchant.id, "by": "test", "at": datetime.now(UTC)}
    fulfil(order_id=order, fulfilment={"reference": "f1", "confirmed": True}, **here)
    coming = Coming(lines=(("1", 1),))
    asked = ask_return(order_id=order, coming=coming, **here)
    receive_return(return_id=asked.id, arrived=Arrived(), verdict=Verdict(condition="as_new"), **here)
    [refund] = Refund.of(merchant.id).filter(order_id=order)
    assert (refund.state, refund.carried_by, refund.asked_at is not None) == (
        "held",
        "customer_service",
        True,
    )
    assert order_of(merchant, order).to_give_back_minor == 0
    release(merchant, refund)
    drain_until_quiet()
    assert order_of(merchant, order).refunded_minor == refund.amount_minor == 1000
