"""Until when money must be back, also where it is decided outside a cancellation."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.refunds.actions import GiveBack, LineWish, reimburse
from countermand.refunds.models import Refund
from tests.builders import an_order


def due(merchant: Any, order_id: Any) -> date:
    return Refund.of(merchant.id).get(order_id=order_id).due_at.date()  # type: ignore[union-attr]


def day(at: datetime) -> date:
    return at.astimezone(ZoneInfo("Europe/Paris")).date()


def test_SH4_what_was_owed_keeps_the_clock_of_its_cancellation(merchant: Any) -> None:
    order_id, now = an_order(merchant), datetime.now(UTC)
    ten_days_ago = now - timedelta(days=10)
    later = Ask(reason="out_of_stock", when="later")
    confirm(merchant_id=merchant.id, order_id=order_id, ask=later, by="test", at=ten_days_ago)
    reimburse(merchant_id=merchant.id, order_id=order_id, wish=GiveBack(), by="test", at=now)
    assert due(merchant, order_id) == day(ten_days_ago) + timedelta(days=14)


def test_SH10_a_refund_on_kept_units_is_due_in_fourteen_days(merchant: Any) -> None:
    order_id, now = an_order(merchant), datetime.now(UTC)
    wish = GiveBack(lines=(LineWish("1", quantity=1),))
    reimburse(merchant_id=merchant.id, order_id=order_id, wish=wish, by="test", at=now)
    assert due(merchant, order_id) == day(now) + timedelta(days=14)


def test_SG2_a_gesture_has_a_clock_of_its_own_whatever_is_owed(merchant: Any) -> None:
    order_id, now = an_order(merchant), datetime.now(UTC)
    one = Ask(reason="out_of_stock", lines=(("1", 1),), when="later")
    confirm(merchant_id=merchant.id, order_id=order_id, ask=one, by="test", at=now - timedelta(days=10))
    reimburse(merchant_id=merchant.id, order_id=order_id, wish=GiveBack(amount="2.00"), by="test", at=now)
    assert due(merchant, order_id) == day(now) + timedelta(days=14)
