"""A code for a later purchase: offered with a cancellation, spent once, gone with an undo (SH-11)."""

import threading
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from countermand.cancellations.actions import Confirmed, Wish, preview
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation
from countermand.cancellations.queries import AlreadyDone
from countermand.cancellations.undo import undo
from countermand.correspondence import rendering
from countermand.correspondence.models import Message
from countermand.correspondence.rendering import Sender
from countermand.events.models import Event
from countermand.orders.models import Order
from countermand.refusals import Refusal
from countermand.vouchers.actions import (
    confirm_with_voucher,
    issue_voucher,
    redeem_voucher,
    withdraw_voucher,
)
from countermand.vouchers.codes import as_written, new_code
from countermand.vouchers.models import Voucher
from countermand.vouchers.rules import Offer
from tests.builders import an_order


def in_days(days: int) -> Any:
    return (datetime.now(UTC) + timedelta(days=days)).date()


TEN_PER_CENT = Offer("percent", "10", in_days(90))


def called_off(merchant: Any, offer: Offer = TEN_PER_CENT, *, source: str = "web:1", **wish: Any) -> Any:
    """This will call off an order of three mugs (36,90 €) with a voucher."""
    order_id = wish.pop("order_id", None) or an_order(merchant)
    free_hand = wish.pop("free_hand", False)
    asked = Wish(order_id, Ask(**{"reason": "out_of_stock", **wish}), source=source)
    at = datetime.now(UTC)
    return confirm_with_voucher(
        merchant_id=merchant.id,
        wish=asked,
        offer=offer,
        free_hand=free_hand,
        by="camille@shop.example",
        at=at,
    )


def the_voucher(merchant: Any) -> Voucher:
    return Voucher.of(merchant.id).get()


def redeemed(merchant: Any, code: str, *, total: str = "30.00", at: datetime | None = None) -> Any:
    return redeem_voucher(
        merchant_id=merchant.id,
        code=code,
        order_number="N-1",
        total=total,
        by="test",
        at=at or datetime.now(UTC),
    )


def test_SH11_a_cancellation_offers_a_code_and_its_mail_carries_it(merchant: Any) -> None:
    done = called_off(merchant)
    voucher = the_voucher(merchant)
    assert (voucher.percent, voucher.cancellation_id, voucher.customer_email) == (
        10,
        done.id,
        "ana@example.org",
    )
    told = Message.of(merchant.id).get(cancellation_id=done.id).facts["voucher"]
    assert told["code"] == voucher.code and told["percent"] == 10


def test_SH11_the_history_tells_of_the_voucher_and_never_its_code(merchant: Any) -> None:
    called_off(merchant)
    issued = Event.of(merchant.id).get(kind="voucher.issued")
    assert issued.facts == {"percent": 10}
    assert not any(the_voucher(merchant).code in str(event.facts) for event in Event.of(merchant.id))


def test_SH11_the_same_button_twice_makes_one_code(merchant: Any) -> None:
    order_id = an_order(merchant)
    assert isinstance(called_off(merchant, order_id=order_id), Confirmed)
    assert isinstance(called_off(merchant, order_id=order_id), AlreadyDone)
    assert Voucher.of(merchant.id).count() == 1


def test_SH7_where_fraud_is_suspected_nothing_is_offered_and_nothing_called_off(merchant: Any) -> None:
    with pytest.raises(Refusal, match="voucher_not_for_fraud"):
        called_off(merchant, reason="fraud_suspected")
    assert not Cancellation.of(merchant.id).exists() and not Voucher.of(merchant.id).exists()


@pytest.mark.parametrize(
    ("offer", "allowed"),
    [
        (Offer("percent", "20", in_days(9)), True),
        (Offer("percent", "21", in_days(9)), False),
        (Offer("amount", "36.90", in_days(9)), True),
        (Offer("amount", "36.91", in_days(9)), False),
    ],
)
def test_SH11_an_assistant_offers_up_to_what_was_called_off_a_manager_more(
    merchant: Any, offer: Offer, allowed: bool
) -> None:
    if not allowed:
        with pytest.raises(Refusal, match="voucher_too_large"):
            called_off(merchant, offer)
    assert isinstance(called_off(merchant, offer, free_hand=not allowed), Confirmed)


@pytest.mark.parametrize(
    ("offer", "code"),
    [
        (Offer("percent", "0", in_days(9)), "invalid_percent"),
        (Offer("percent", "101", in_days(9)), "invalid_percent"),
        (Offer("percent", "7.5", in_days(9)), "invalid_percent"),
        (Offer("amount", "0", in_days(9)), "invalid_amount"),
        (Offer("amount", "1.005", in_days(9)), "too_many_decimals"),
        (Offer("gift", "10", in_days(9)), "unknown_kind"),
        (Offer("percent", "10", in_days(-2)), "invalid_expiry"),
        (Offer("percent", "10", in_days(6 * 366)), "invalid_expiry"),
    ],
)
def test_SH11_what_is_no_voucher_calls_nothing_off(merchant: Any, offer: Offer, code: str) -> None:
    with pytest.raises(Refusal, match=code):
        called_off(merchant, offer)
    assert not Cancellation.of(merchant.id).exists()


def test_SH11_a_voucher_changes_nothing_of_the_plan(merchant: Any) -> None:
    order_id = an_order(merchant)
    ask = Ask(reason="out_of_stock")
    shown, _ = preview(merchant_id=merchant.id, order_id=order_id, ask=ask, at=datetime.now(UTC))
    done = called_off(merchant, order_id=order_id, plan=shown.digest)
    assert done.plan.refund == shown.refund == 3690


@pytest.mark.parametrize(("total", "off"), [("30.00", 300), ("0.99", 9), ("58.45", 584)])
def test_SH11_a_per_cent_is_taken_off_rounded_down(merchant: Any, total: str, off: int) -> None:
    called_off(merchant)
    assert redeemed(merchant, the_voucher(merchant).code, total=total).taken_off_minor == off


def test_SH11_an_amount_takes_off_no_more_than_the_purchase(merchant: Any) -> None:
    called_off(merchant, Offer("amount", "5.00", in_days(9)))
    assert redeemed(merchant, the_voucher(merchant).code, total="3.20").taken_off_minor == 320


def test_SH11_a_code_is_spent_once_however_it_is_typed(merchant: Any) -> None:
    called_off(merchant)
    code = the_voucher(merchant).code
    assert redeemed(merchant, code.lower().replace("-", " ")).voucher.code == code
    with pytest.raises(Refusal, match="voucher_redeemed") as refused:
        redeemed(merchant, code)
    assert refused.value.facts == {"order_number": "N-1"} and refused.value.status == 409


def test_SH11_two_at_once_spend_it_once(merchant: Any) -> None:
    called_off(merchant)
    code, answers = the_voucher(merchant).code, []
    start = threading.Barrier(4)

    def spend() -> None:
        start.wait(10)
        try:
            answers.append(redeemed(merchant, code).taken_off_minor)
        except Refusal as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=spend) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers, key=str) == [300, *["voucher_redeemed"] * 3]
    assert Event.of(merchant.id).filter(kind="voucher.redeemed").count() == 1


def test_SH11_a_code_counts_on_its_last_day_and_not_after(merchant: Any) -> None:
    called_off(merchant)
    voucher = the_voucher(merchant)
    with pytest.raises(Refusal, match="voucher_expired"):
        redeemed(merchant, voucher.code, at=voucher.expires_at)
    assert redeemed(merchant, voucher.code, at=voucher.expires_at - timedelta(seconds=1))


def test_SH11_undone_within_the_window_the_code_is_gone(merchant: Any) -> None:
    done = called_off(merchant, undo_seconds=60)
    code = the_voucher(merchant).code
    with pytest.raises(Refusal, match="voucher_not_yet"):
        redeemed(merchant, code)
    undo(merchant_id=merchant.id, cancellation_id=done.id, by="camille@shop.example", at=datetime.now(UTC))
    assert the_voucher(merchant).state == "withdrawn"
    with pytest.raises(Refusal, match="voucher_withdrawn"):
        redeemed(merchant, code, at=datetime.now(UTC) + timedelta(days=1))


def test_SH11_after_the_window_the_code_counts(merchant: Any) -> None:
    done = called_off(merchant, undo_seconds=60)
    assert redeemed(merchant, the_voucher(merchant).code, at=done.plan.undo_until).taken_off_minor == 300


def test_SH11_a_manager_makes_one_for_an_order_and_takes_it_back(merchant: Any) -> None:
    order_id = an_order(merchant)
    made = issue_voucher(
        merchant_id=merchant.id, offer=TEN_PER_CENT, order_id=order_id, by="test", at=datetime.now(UTC)
    )
    assert (made.currency, made.customer_email, made.live) == ("EUR", "ana@example.org", False)
    withdraw_voucher(merchant_id=merchant.id, voucher_id=made.id, by="test", at=datetime.now(UTC))
    with pytest.raises(Refusal, match="voucher_withdrawn"):
        redeemed(merchant, made.code)


def test_SH7_an_order_called_off_for_fraud_gets_no_voucher_later_either(merchant: Any) -> None:
    order_id = an_order(merchant)
    Order.of(merchant.id).filter(id=order_id).update(cancel_reason="fraud_suspected")
    with pytest.raises(Refusal, match="voucher_not_for_fraud"):
        issue_voucher(
            merchant_id=merchant.id, offer=TEN_PER_CENT, order_id=order_id, by="test", at=datetime.now(UTC)
        )


def test_SH11_another_merchants_code_is_unknown(merchant: Any) -> None:
    from countermand.merchants.actions import add_merchant

    called_off(merchant)
    other = add_merchant(code=f"{merchant.code}-o", name="Autre")
    with pytest.raises(Refusal, match="not_found"):
        redeemed(other, the_voucher(merchant).code)


@pytest.mark.parametrize(
    ("language", "voucher", "said"),
    [
        ("fr", {"percent": 10}, "retire 10\u00a0%"),
        ("fr", {"amount_minor": 500}, "retire 5,00\u00a0€"),
        ("en", {"percent": 10}, "takes 10% off"),
    ],
)
def test_SH11_the_mail_says_the_code_what_it_takes_off_and_until_when(
    language: str, voucher: dict[str, Any], said: str
) -> None:
    facts = {
        "number": "1001",
        "currency": "EUR",
        "reason": "out_of_stock",
        "voucher": {"code": "BA-7K3Q-9FXW", "expires_on": "2027-05-26", **voucher},
    }
    mail = rendering.preview(
        facts=facts,
        sender=Sender("Camille", "Le Petit Mug"),
        name="Ana",
        language=language,
        on=date(2026, 11, 22),
    )
    for part in (mail.text, mail.html):
        flat = " ".join(part.split(" ")).replace("\n", " ")
        assert "BA-7K3Q-9FXW" in flat and said in flat and "26 " in flat and "2027" in flat


def test_a_code_is_read_however_it_is_typed() -> None:
    code = new_code()
    assert all(
        as_written(typed) == code for typed in (code, code.lower(), code[3:], f" {code.replace('-', '')} ")
    )
