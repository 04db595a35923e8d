"""Money on its way back through the sandbox provider, whatever its temper (docs/api.md, Sandbox)."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation
from countermand.events.models import Event
from countermand.payments.models import Payment
from countermand.payments.providers.port import Paid, Pending, Succeeded
from countermand.payments.providers.sandbox import books
from countermand.payments.providers.sandbox.models import SandboxPayment, SandboxRefund
from countermand.payments.providers.sandbox.provider import Sandbox
from countermand.payments.providers.sandbox.queries import payment_state
from countermand.refunds.actions import LineWish, bounce, retry
from countermand.refunds.jobs import drain
from countermand.refunds.models import Refund, RefundAttempt
from countermand.refusals import Refusal
from tests.actions.refund_desk import (
    at_once,
    code_of,
    drain_now,
    drain_until_quiet,
    give_back,
    one_refund,
    order_of,
    provider_says,
    state_of,
)
from tests.builders import an_order


@pytest.fixture
def mug(merchant: Any) -> UUID:
    return an_order(merchant, lines=[("MUG-BLEU", 3, "12.30")])


def test_SG4_a_refund_runs_by_itself_and_the_books_agree(merchant: Any, mug: UUID) -> None:
    refund = one_refund(merchant, mug, lines=(LineWish("1", quantity=2),))
    assert refund.state == "planned"
    assert order_of(merchant, mug).payment_status == "refund_pending"
    drain_now()
    assert (state_of(refund), refund.amount_minor) == ("succeeded", 2460)
    seen = provider_says(refund)
    assert seen["refunded"] == "24.60"
    assert seen["refunds"] == [{"id": str(refund.id), "key": str(refund.key), "amount": "24.60"}]
    order = order_of(merchant, mug)
    assert (order.refunded_minor, order.in_flight_minor, order.payment_status) == (
        2460,
        0,
        "partially_refunded",
    )
    kinds = Event.of(merchant.id).filter(subject_id=refund.id).order_by("id").values_list("kind", flat=True)
    assert list(kinds) == ["refund.planned", "refund.sent", "refund.succeeded"]


def test_an_attempt_is_written_before_each_call_and_the_claim_is_looked_up_first(
    merchant: Any, mug: UUID
) -> None:
    first = one_refund(merchant, mug, amount="1.00")
    drain_now()
    second = one_refund(merchant, mug, amount="2.00")
    drain_now()
    calls = RefundAttempt.of(merchant.id).order_by("id").values_list("refund_id", "call", "outcome")
    assert list(calls) == [
        (first.id, "look_up", "found"),
        (first.id, "refund", "succeeded"),
        (second.id, "refund", "succeeded"),  # by now the payment is no mere claim
    ]


def test_a_payment_that_the_provider_does_not_know_is_never_refunded(merchant: Any, mug: UUID) -> None:
    Payment.of(merchant.id).update(provider_reference="ok-invented")
    refund = one_refund(merchant, mug, amount="1.00")
    drain_now()
    assert (state_of(refund), refund.error) == ("failed", "unknown_payment")


def test_what_the_provider_gave_back_behind_our_back_stops_the_first_refund(merchant: Any, mug: UUID) -> None:
    payment = Payment.of(merchant.id).get()
    there = SandboxPayment.objects.filter(account=payment.account, reference=payment.provider_reference)
    there.update(refunded_minor=1000)
    refund = one_refund(merchant, mug, lines=(LineWish("1", quantity=1),))
    drain_now()
    assert (state_of(refund), refund.error) == ("failed", "refunded_elsewhere")
    there.update(refunded_minor=0)
    retry(merchant_id=merchant.id, refund_id=refund.id, by="test", at=datetime.now(UTC))
    drain_now()
    assert state_of(refund) == "succeeded"


def test_SH10_a_definite_no_frees_the_amount_and_it_is_owed_again(merchant: Any) -> None:
    order = an_order(merchant, reference="decline")
    refund = one_refund(merchant, order, lines=(LineWish("1", quantity=1),))
    assert order_of(merchant, order).in_flight_minor == 1230
    drain_now()
    assert (state_of(refund), refund.error) == ("failed", "declined")
    after = order_of(merchant, order)
    assert (after.in_flight_minor, after.refunded_minor, after.payment_status) == (0, 0, "paid")
    assert Payment.of(merchant.id).get().reserved_minor == 0
    assert Event.of(merchant.id).filter(kind="refund.failed", subject_id=refund.id).count() == 1


def test_a_failed_refund_is_tried_again_under_a_new_key(merchant: Any) -> None:
    order = an_order(merchant, reference="decline")
    refund = one_refund(merchant, order, amount="5.00")
    drain_now()
    used = state_of(refund) and refund.key
    retry(merchant_id=merchant.id, refund_id=refund.id, by="test", at=datetime.now(UTC))
    assert (state_of(refund), refund.tries) == ("planned", 0)
    assert refund.key != used
    assert order_of(merchant, order).in_flight_minor == 500
    drain_now()
    assert state_of(refund) == "failed"


def test_a_failed_refund_is_not_tried_again_once_its_money_went_back_another_way(merchant: Any) -> None:
    order = an_order(merchant, reference="decline")
    cancelled = confirm(
        merchant_id=merchant.id, order_id=order, ask=Ask(reason="other"), by="test", at=datetime.now(UTC)
    )
    drain_now()
    refund = Refund.of(merchant.id).get(cancellation_id=cancelled.id)
    assert refund.state == "failed"
    assert order_of(merchant, order).to_give_back_minor == 3690
    give_back(merchant, order, method="manual")
    with pytest.raises(Refusal) as refusal:
        retry(merchant_id=merchant.id, refund_id=refund.id, by="test", at=datetime.now(UTC))
    assert code_of(refusal) == "amount_too_large"


def test_a_provider_that_is_busy_is_asked_again_with_the_same_key(merchant: Any) -> None:
    order = an_order(merchant, reference="flaky")
    refund = one_refund(merchant, order, amount="5.00")
    before = datetime.now(UTC)
    drain_now()
    assert (state_of(refund), refund.error) == ("planned", "busy")
    assert timedelta(seconds=0.9) < refund.not_before - before < timedelta(seconds=2)
    drain(at=datetime.now(UTC) + timedelta(seconds=1.5))
    assert (state_of(refund), refund.tries) == ("planned", 2)
    drain(at=datetime.now(UTC) + timedelta(seconds=4))
    assert state_of(refund) == "succeeded"
    seen = provider_says(refund)
    assert (seen["calls"], seen["refunded"]) == (3, "5.00")
    assert [made["key"] for made in seen["refunds"]] == [str(refund.key)]
    assert Event.of(merchant.id).filter(kind="refund.sent", subject_id=refund.id).count() == 1


def test_an_answer_that_never_arrives_is_looked_up_and_never_sent_again(merchant: Any) -> None:
    order = an_order(merchant, reference="lost")
    refund = one_refund(merchant, order, amount="5.00")
    drain_now()
    assert state_of(refund) == "unknown"
    assert order_of(merchant, order).in_flight_minor == 500
    drain_until_quiet(after_seconds=2)
    assert state_of(refund) == "succeeded"
    seen = provider_says(refund)
    assert (seen["refunded"], seen["calls"]) == ("5.00", 1)


def test_what_is_not_found_is_sent_again_with_its_key_but_not_before_it_could_have_arrived(
    merchant: Any, mug: UUID, now: datetime
) -> None:
    refund = one_refund(merchant, mug, amount="5.00")
    Refund.of(merchant.id).filter(id=refund.id).update(state="unknown", tries=1)
    RefundAttempt.across_merchants.create(
        merchant_id=merchant.id, refund=refund, number=1, call="refund", started_at=now
    )
    drain(at=now + timedelta(seconds=2))
    assert (state_of(refund), refund.error) == ("unknown", "not_found_yet")
    drain_until_quiet(after_seconds=15)
    assert state_of(refund) == "succeeded"
    assert [made["key"] for made in provider_says(refund)["refunds"]] == [str(refund.key)]


def test_look_ups_that_found_nothing_do_not_make_the_next_try_wait_longer(
    merchant: Any, now: datetime
) -> None:
    refund = one_refund(merchant, an_order(merchant, reference="flaky"), amount="5.00")
    # Its answer was lost with the database; then it was looked up until it had surely not arrived.
    Refund.of(merchant.id).filter(id=refund.id).update(state="unknown", tries=5)
    RefundAttempt.across_merchants.create(
        merchant_id=merchant.id, refund=refund, number=1, call="refund", started_at=now
    )
    later = now + timedelta(seconds=15)
    drain(at=later)
    assert (state_of(refund), refund.error) == ("planned", "busy")
    assert refund.not_before < later + timedelta(seconds=4)
    drain(at=later + timedelta(seconds=4))
    drain(at=later + timedelta(seconds=12))
    assert state_of(refund) == "succeeded"


def test_what_is_not_found_yet_is_looked_for_again_when_it_must_have_arrived(
    merchant: Any, mug: UUID, now: datetime
) -> None:
    refund = one_refund(merchant, mug, amount="5.00")
    Refund.of(merchant.id).filter(id=refund.id).update(state="unknown", tries=5)
    RefundAttempt.across_merchants.create(
        merchant_id=merchant.id, refund=refund, number=1, call="refund", started_at=now
    )
    drain(at=now + timedelta(seconds=2))
    assert (state_of(refund), refund.not_before) == ("unknown", now + timedelta(seconds=10))


def test_a_refund_that_waits_for_a_busy_provider_is_tried_at_once_when_a_person_asks(merchant: Any) -> None:
    refund = one_refund(merchant, an_order(merchant, reference="flaky"), amount="5.00")
    drain_now()
    Refund.of(merchant.id).update(not_before=datetime.now(UTC) + timedelta(hours=1))
    retry(merchant_id=merchant.id, refund_id=refund.id, by="test", at=datetime.now(UTC))
    drain_now()
    assert (state_of(refund), refund.tries) == ("planned", 2)


def test_an_unknown_refund_is_looked_up_at_once_when_a_person_asks(merchant: Any) -> None:
    order = an_order(merchant, reference="lost")
    refund = one_refund(merchant, order, amount="5.00")
    drain_now()
    Refund.of(merchant.id).update(not_before=datetime.now(UTC) + timedelta(hours=1))
    retry(merchant_id=merchant.id, refund_id=refund.id, by="test", at=datetime.now(UTC))
    drain_now()
    assert state_of(refund) == "succeeded"
    with pytest.raises(Refusal) as refusal:
        retry(merchant_id=merchant.id, refund_id=refund.id, by="test", at=datetime.now(UTC))
    assert code_of(refusal) == "not_retryable"


def test_a_late_refund_is_looked_up_until_it_has_arrived(merchant: Any) -> None:
    order = an_order(merchant, reference="late")
    refund = one_refund(merchant, order, amount="5.00")
    drain_now()
    assert state_of(refund) == "sent"
    drain(at=datetime.now(UTC) + timedelta(seconds=2))
    assert state_of(refund) == "sent"
    promised = SandboxRefund.objects.get(refund_id=str(refund.id))
    assert promised.settles_at is not None
    SandboxRefund.objects.filter(id=promised.id).update(settles_at=promised.settles_at - timedelta(seconds=5))
    drain(at=datetime.now(UTC) + timedelta(seconds=10))
    assert state_of(refund) == "succeeded"
    assert provider_says(refund)["calls"] == 1


def test_a_slow_refund_holds_nobody_else_up(merchant: Any) -> None:
    slow = one_refund(merchant, an_order(merchant, reference="slow"), amount="5.00")
    quick = [one_refund(merchant, an_order(merchant), amount="1.00") for _ in range(3)]
    began = time.monotonic()
    drain_now()
    assert time.monotonic() - began >= 2  # it really waits
    assert state_of(slow) == "succeeded"
    assert {state_of(refund) for refund in quick} == {"succeeded"}
    ended = max(refund.settled_at for refund in quick if refund.settled_at)
    assert slow.settled_at and slow.settled_at - ended > timedelta(seconds=1)


def test_a_payment_that_takes_only_whole_refunds_gets_its_part_by_hand(merchant: Any) -> None:
    order = an_order(merchant, reference="full")
    part = one_refund(merchant, order, amount="5.00")
    assert part.method == "manual"
    whole = an_order(merchant, reference="full")
    refund = one_refund(merchant, whole, amount="36.90")
    drain_now()
    assert (refund.method, state_of(refund)) == ("original", "succeeded")
    assert state_of(part) == "planned"  # it waits for a person


def test_the_provider_refuses_parts_where_it_takes_none_and_more_than_is_left(merchant: Any) -> None:
    order = an_order(merchant, reference="full")
    payment = Payment.of(merchant.id).get(id=order_of(merchant, order) and Payment.of(merchant.id).get().id)
    paid = Paid(payment.account, payment.provider_reference or "", "EUR", 3690)
    sandbox = Sandbox()
    part = sandbox.refund(payment=paid, refund_id=uuid4(), key=uuid4(), amount_minor=500)
    assert part == type(part)("whole_only")
    more = sandbox.refund(payment=paid, refund_id=uuid4(), key=uuid4(), amount_minor=3691)
    assert more == type(more)("more_than_left")


def test_the_same_key_at_once_from_many_sides_makes_one_refund(merchant: Any, mug: UUID) -> None:
    payment = Payment.of(merchant.id).get()
    account, reference = f"{payment.account}-apart", "ok-same-key"
    books.open_payments(
        [
            {
                "account": account,
                "reference": reference,
                "currency": "EUR",
                "amount_minor": 3690,
                "captured_minor": 3690,
                "voided": False,
                "refunded_elsewhere_minor": 0,
            }
        ]
    )
    key, ours, paid = uuid4(), uuid4(), Paid(account, reference, "EUR", 3690)
    answers = at_once([lambda: Sandbox().refund(payment=paid, refund_id=ours, key=key, amount_minor=500)] * 8)
    assert len(set(answers)) == 1
    assert isinstance(answers[0], Succeeded)
    seen = payment_state(account=account, reference=reference)
    assert (seen["refunded"], seen["calls"], len(seen["refunds"])) == ("5.00", 8, 1)


def test_two_workers_at_once_pay_each_refund_once(merchant: Any) -> None:
    refunds = [
        one_refund(merchant, an_order(merchant, reference=kind), amount="3.00")
        for kind in ("ok", "lost", "ok", "flaky") * 3
    ]
    at_once([lambda: drain_until_quiet(rounds=6)] * 3)
    drain_until_quiet(after_seconds=60)
    assert {state_of(refund) for refund in refunds} == {"succeeded"}
    assert {provider_says(refund)["refunded"] for refund in refunds} == {"3.00"}


def test_money_that_comes_back_is_owed_again(merchant: Any, mug: UUID) -> None:
    confirm(merchant_id=merchant.id, order_id=mug, ask=Ask(reason="other"), by="test", at=datetime.now(UTC))
    drain_now()
    refund = Refund.of(merchant.id).get()
    bounce(
        merchant_id=merchant.id, refund_id=refund.id, reason="card closed", by="test", at=datetime.now(UTC)
    )
    assert state_of(refund) == "bounced"
    after = order_of(merchant, mug)
    assert (after.refunded_minor, after.to_give_back_minor) == (0, 3690)
    assert Cancellation.of(merchant.id).get().state == "needs_person"


def test_a_void_lets_an_authorised_payment_go(merchant: Any) -> None:
    order = an_order(merchant, paid="authorized")
    confirm(merchant_id=merchant.id, order_id=order, ask=Ask(reason="other"), by="test", at=datetime.now(UTC))
    drain_now()
    refund = Refund.of(merchant.id).get()
    assert (refund.kind, refund.state) == ("void", "succeeded")
    assert provider_says(refund)["voided"]
    after = order_of(merchant, order)
    assert (after.refunded_minor, after.in_flight_minor, after.payment_status) == (0, 0, "voided")


@pytest.mark.parametrize("kind", ["flaky", "lost"])
def test_a_void_is_tried_until_it_is_sure(merchant: Any, kind: str) -> None:
    order = an_order(merchant, paid="authorized", reference=kind)
    confirm(merchant_id=merchant.id, order_id=order, ask=Ask(reason="other"), by="test", at=datetime.now(UTC))
    drain_until_quiet()
    assert Refund.of(merchant.id).get().state == "succeeded"
    assert Payment.of(merchant.id).get().state == "voided"


def test_what_was_captured_before_the_void_is_given_back_instead(merchant: Any) -> None:
    order = an_order(merchant, paid="authorized")
    payment = Payment.of(merchant.id).get()
    books.capture(account=payment.account, reference=payment.provider_reference or "", amount_minor=3690)
    confirm(merchant_id=merchant.id, order_id=order, ask=Ask(reason="other"), by="test", at=datetime.now(UTC))
    drain_until_quiet()
    refund = Refund.of(merchant.id).get()
    assert (refund.kind, refund.state, refund.amount_minor) == ("refund", "succeeded", 3690)
    assert provider_says(refund)["refunded"] == "36.90"
    after = order_of(merchant, order)
    assert (after.captured_minor, after.refunded_minor, after.payment_status) == (3690, 3690, "refunded")
    assert Cancellation.of(merchant.id).get().refund_minor == 3690


def test_a_pending_answer_is_no_success(merchant: Any) -> None:
    an_order(merchant, reference="late")
    payment = Payment.of(merchant.id).get()
    paid, ours = Paid(payment.account, payment.provider_reference or "", "EUR", 3690), uuid4()
    key = uuid4()
    answer = Sandbox().refund(payment=paid, refund_id=ours, key=key, amount_minor=100)
    assert isinstance(answer, Pending)
    assert Sandbox().refund(payment=paid, refund_id=ours, key=key, amount_minor=100) == answer
    SandboxRefund.objects.filter(refund_id=str(ours)).delete()  # not ours to leave behind: the audit looks
