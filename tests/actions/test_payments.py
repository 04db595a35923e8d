"""One more payment, an authorised one drawn, and money that went back without us."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from countermand import sql
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.actions import open_channel
from countermand.events.models import Event
from countermand.orders.models import Order
from countermand.payments import capturing, jobs
from countermand.payments import ledger as ledgers
from countermand.payments.actions import Paid, add_payment, capture, external_refund
from countermand.payments.models import Capture, Payment, PaymentShare
from countermand.payments.providers.sandbox import books
from countermand.payments.providers.sandbox.models import SandboxPayment
from countermand.refusals import Refusal
from tests.builders import an_order

CASH = {"provider": "manual", "method": "cash"}


def draw(merchant: Any, order_id: UUID, now: datetime, amount: str | None = None, ref: str = "1") -> Paid:
    return capture(
        merchant_id=merchant.id, order_id=order_id, reference=ref, amount=amount, by="marie", at=now
    )


def pay(merchant: Any, order_id: UUID, now: datetime, **payment: Any) -> Paid:
    payment = {"provider": "manual", "state": "captured", "amount": "10.00"} | payment
    return add_payment(merchant_id=merchant.id, order_id=order_id, payment=payment, by="marie", at=now)


def give_elsewhere(merchant: Any, order_id: UUID, now: datetime, amount: str, refund: str = "re_1") -> Paid:
    return external_refund(
        merchant_id=merchant.id,
        order_id=order_id,
        reference="1",
        amount=amount,
        provider_refund=refund,
        by="marie",
        at=now,
    )


def cancel(merchant: Any, order_id: UUID, now: datetime) -> None:
    ask = Ask(reason="customer_changed_mind", notify=False)
    confirm(merchant_id=merchant.id, order_id=order_id, ask=ask, by="marie", at=now)


def sums(merchant: Any) -> tuple[int, int, int, str]:
    order = Order.of(merchant.id).get()
    return order.captured_minor, order.refunded_minor, order.to_give_back_minor, order.payment_status


def kinds(merchant: Any, order_id: UUID) -> list[str]:
    return list(
        Event.of(merchant.id)
        .filter(order_id=order_id, subject_type="payment")
        .order_by("id")
        .values_list("kind", flat=True)
    )


def refused(act: Callable[[], Any]) -> tuple[str, int]:
    with pytest.raises(Refusal) as refusal:
        act()
    return refusal.value.code, refusal.value.status


def test_one_more_payment_pays_the_rest(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant, payments=[{"provider": "manual", "state": "captured", "amount": "30.00"}])
    assert sums(merchant) == (3000, 0, 0, "partially_paid")

    paid = pay(merchant, order_id, now, amount="6.90")

    assert (paid.reference, paid.state, paid.created) == ("2", "captured", True)
    assert sums(merchant) == (3690, 0, 0, "paid")
    assert kinds(merchant, order_id) == ["payment.added"]


def test_the_same_payment_again_is_the_same_payment(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant)
    first = pay(merchant, order_id, now, reference="p2")

    again = pay(merchant, order_id, now, reference="p2")

    assert (again.share_id, again.created) == (first.share_id, False)
    assert PaymentShare.of(merchant.id).count() == 2
    assert refused(lambda: pay(merchant, order_id, now, reference="p2", amount="9.00")) == (
        "payment_exists",
        409,
    )


def test_a_payment_more_than_due_is_to_give_back(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant)

    pay(merchant, order_id, now, amount="10.00")

    assert sums(merchant) == (4690, 0, 1000, "paid")


def test_a_payment_that_went_back_already_says_so(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant)

    pay(merchant, order_id, now, amount="10.00", refunded="4.00")

    assert sums(merchant)[:3] == (4690, 400, 600)


@pytest.mark.parametrize(
    ("payment", "code"),
    [
        ({"provider": "stripe"}, "unknown_provider"),
        ({"state": "disputed"}, "unknown_state"),
        ({"method": "coquillages"}, "unknown_method"),
        ({"amount": "0"}, "invalid_amount"),
        ({"amount": "1.234"}, "too_many_decimals"),
        ({"captured_amount": "10.01"}, "amount_too_large"),
        ({"refunded": "10.01"}, "amount_too_large"),
        ({"currency": "USD"}, "currency_differs"),
        ({"reference": "x" * 65}, "text_too_long"),
    ],
)
def test_what_is_no_payment_is_refused(
    merchant: Any, now: datetime, payment: dict[str, Any], code: str
) -> None:
    order_id = an_order(merchant)

    assert refused(lambda: pay(merchant, order_id, now, **payment)) == (code, 422)
    assert PaymentShare.of(merchant.id).count() == 1


def test_a_providers_payment_belongs_to_one_order(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant)
    known = Payment.of(merchant.id).get().provider_reference
    sandbox = {"provider": "sandbox", "provider_reference": known, "reference": "p2"}

    assert refused(lambda: pay(merchant, order_id, now, **sandbox))[0] == "payment_reference_taken"


def test_the_sandbox_pays_on_channels_in_test_mode_only(merchant: Any, now: datetime) -> None:
    open_channel(
        merchant_id=merchant.id,
        code="vraie",
        name="Vraie",
        terms="own_shop",
        timezone="Europe/Paris",
        mode="live",
        overrides={},
        by="marie",
        at=now,
    )
    order_id = an_order(merchant, channel="vraie", provider="manual")

    assert refused(lambda: pay(merchant, order_id, now, provider="sandbox"))[0] == "sandbox_forbidden"


def test_an_authorised_payment_is_drawn_for_what_is_due(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant, paid="authorized")

    paid = draw(merchant, order_id, now)

    assert paid.state == "captured"
    assert sums(merchant) == (3690, 0, 0, "paid")
    assert SandboxPayment.objects.get(account=f"sandbox:{merchant.id}").captured_minor == 3690
    assert kinds(merchant, order_id) == ["payment.capturing", "payment.captured"]
    assert refused(lambda: draw(merchant, order_id, now)) == ("payment_not_capturable", 409)


def test_never_more_is_drawn_than_was_authorised(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant, paid="authorized")

    assert refused(lambda: draw(merchant, order_id, now, "36.91")) == ("amount_too_large", 422)
    assert refused(lambda: draw(merchant, order_id, now, "0.00")) == ("invalid_amount", 422)
    assert draw(merchant, order_id, now, "20.00").state == "captured"
    assert sums(merchant) == (2000, 0, 0, "partially_paid")


def test_a_capture_that_the_provider_declines_leaves_it_authorised(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant, paid="authorized")
    payment = Payment.of(merchant.id).get()
    books.void(account=payment.account, reference=payment.provider_reference or "")

    paid = draw(merchant, order_id, now)

    assert paid.state == "authorized"
    assert sums(merchant) == (0, 0, 0, "authorized")
    assert kinds(merchant, order_id) == ["payment.capturing", "payment.capture_failed"]


def test_a_capture_whose_answer_is_lost_is_looked_up_and_drawn_once(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant, paid="authorized", reference="lost")

    paid = draw(merchant, order_id, now)

    assert paid.state == "capturing"
    assert refused(lambda: draw(merchant, order_id, now)) == ("in_progress", 409)
    assert jobs.drain(at=now) == 0  # its lease stands
    assert jobs.drain(at=now + timedelta(seconds=capturing.LEASE_SECONDS)) == 1
    assert sums(merchant) == (3690, 0, 0, "paid")
    assert SandboxPayment.objects.get(account=f"sandbox:{merchant.id}").captured_minor == 3690


def test_a_capture_whose_carrier_died_before_the_call_is_carried_on(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant, paid="authorized")
    begin(merchant, order_id, now)
    assert sums(merchant) == (0, 0, 0, "authorized")

    assert jobs.drain(at=now) == 1
    assert jobs.drain(at=now) == 0

    assert sums(merchant) == (3690, 0, 0, "paid")
    assert Capture.of(merchant.id).get().state == "succeeded"


def test_RK3_accepting_waits_for_the_money(merchant: Any, now: datetime) -> None:
    taken = an_order(merchant, paid="authorized", accepted=False, number="prise")
    declined = an_order(merchant, paid="authorized", accepted=False, number="refusee")
    payment = Payment.of(merchant.id).get(shares__order_id=declined)
    books.void(account=payment.account, reference=payment.provider_reference or "")
    for order_id in (taken, declined):
        begin(merchant, order_id, now, status="accepting")

    jobs.drain(at=now)

    states = dict(Order.of(merchant.id).values_list("number", "status"))
    assert states == {"prise": "open", "refusee": "awaiting_acceptance"}
    assert dict(Order.of(merchant.id).values_list("number", "accepted")) == {"prise": True, "refusee": False}


def test_landing_twice_counts_once(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant, paid="authorized")
    capture_id = begin(merchant, order_id, now)
    payment = Payment.of(merchant.id).get()
    books.capture(account=payment.account, reference=payment.provider_reference or "", amount_minor=3690)

    for _ in range(2):
        capturing.land(capture_id=capture_id, captured=3690, at=now)

    assert sums(merchant) == (3690, 0, 0, "paid")


def test_cash_on_delivery_is_written_down_as_it_comes(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant, paid="pending", reference=None, **CASH)
    assert sums(merchant)[3] == "unpaid"

    draw(merchant, order_id, now, "20.00")
    assert sums(merchant) == (2000, 0, 0, "partially_paid")
    draw(merchant, order_id, now)

    assert sums(merchant) == (3690, 0, 0, "paid")
    assert refused(lambda: draw(merchant, order_id, now)) == ("payment_not_capturable", 409)


def test_money_that_comes_after_the_cancel_is_to_give_back(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant, paid="pending", reference=None, provider="manual", method="transfer")
    cancel(merchant, order_id, now)
    assert sums(merchant)[:3] == (0, 0, 0)

    draw(merchant, order_id, now)

    assert sums(merchant) == (3690, 0, 3690, "paid")
    assert Order.of(merchant.id).get().status == "cancelled"


def test_a_card_drawn_after_the_cancel_is_to_give_back(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant, paid="authorized")
    cancel(merchant, order_id, now)

    assert refused(lambda: draw(merchant, order_id, now)) == ("payment_not_capturable", 409)
    draw(merchant, order_id, now, "36.90")

    assert sums(merchant)[:3] == (3690, 0, 3690)


@pytest.mark.parametrize("state", ["failed", "voided"])
def test_a_card_that_failed_or_was_let_go_is_never_drawn(merchant: Any, now: datetime, state: str) -> None:
    order_id = an_order(merchant, paid=state)

    assert refused(lambda: draw(merchant, order_id, now)) == ("payment_not_capturable", 409)


def test_what_was_given_back_elsewhere_is_not_given_back_again(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant)

    give_elsewhere(merchant, order_id, now, "10.00")
    again = give_elsewhere(merchant, order_id, now, "10.00")
    cancel(merchant, order_id, now)

    assert again.created is False
    order = Order.of(merchant.id).get()
    assert (order.refunded_minor, order.in_flight_minor, order.to_give_back_minor) == (1000, 2690, 0)
    assert PaymentShare.of(merchant.id).get().refunded_elsewhere_minor == 1000
    assert refused(lambda: give_elsewhere(merchant, order_id, now, "9.00")) == ("external_refund_exists", 409)


def test_reality_is_written_down_even_above_what_was_captured(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant)

    give_elsewhere(merchant, order_id, now, "40.00")

    assert sums(merchant) == (3690, 4000, 0, "refunded")
    [told] = Event.of(merchant.id).filter(kind="refund.external")
    assert (told.facts["amount_minor"], told.facts["provider_refund"]) == (4000, "re_1")


def test_another_merchants_payments_are_not_found(merchant: Any, now: datetime) -> None:
    order_id = an_order(merchant)
    stranger = {"merchant_id": merchant.id + 1, "order_id": order_id, "by": "x", "at": now}

    assert refused(lambda: add_payment(payment={}, **stranger))[1] == 404
    assert refused(lambda: capture(reference="1", **stranger))[1] == 404
    assert refused(lambda: external_refund(reference="1", amount="1", **stranger))[1] == 404
    assert refused(lambda: draw(merchant, order_id, now, ref="2"))[1] == 404


@sql.verb
def begin(merchant: Any, order_id: UUID, now: datetime, status: str = "open") -> UUID:
    """Begins a capture as a verb of another room does, and dies before anybody is asked."""
    ledgers.lock(merchant_id=merchant.id, order_ids=[order_id])
    ledger = ledgers.read(merchant_id=merchant.id, order_ids=[order_id])[order_id]
    ledger.order.status = status
    begun = capturing.begin(ledger=ledger, share=ledger.shares[0], amount=3690, by="marie", at=now)
    ledgers.write([ledger])
    return begun
