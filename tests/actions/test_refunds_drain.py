"""Money on its way back through the sandbox provider, of every temper it has."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from countermand.orders.models import Order
from countermand.payments.providers.sandbox.queries import payment_state
from countermand.refunds.actions import GiveBack, LineWish, reimburse
from countermand.refunds.jobs import drain
from countermand.refunds.models import Refund
from tests.builders import an_order


def give_back(merchant: Any, order_id: UUID, **wish: Any) -> Refund:
    """Plans one refund and hands its row back."""
    made = reimburse(
        merchant_id=merchant.id, order_id=order_id, wish=GiveBack(**wish), by="test", at=datetime.now(UTC)
    )
    [part] = made.parts
    return Refund.of(merchant.id).get(id=part.id)


def provider_says(merchant: Any, refund: Refund) -> dict[str, Any]:
    payment = refund.share.payment
    return payment_state(account=payment.account, reference=payment.provider_reference)


def drain_until_quiet(*, start: datetime | None = None, rounds: int = 12) -> None:
    """Drains as the worker does, each round a moment later on the clock."""
    at = start or datetime.now(UTC)
    for i in range(rounds):
        drain(at=at + timedelta(seconds=5 * i))


@pytest.fixture
def mug(merchant: Any) -> UUID:
    return an_order(merchant, lines=[("MUG-BLEU", 3, "12.30")])


def test_SG4_a_refund_runs_by_itself_and_the_books_agree(merchant: Any, mug: UUID, now: datetime) -> None:
    refund = give_back(merchant, mug, lines=(LineWish("1", quantity=2),))
    assert refund.state == "planned"
    drain(at=datetime.now(UTC))
    refund.refresh_from_db()
    assert (refund.state, refund.amount_minor) == ("succeeded", 2460)
    seen = provider_says(merchant, refund)
    assert seen["refunded"] == "24.60"
    assert seen["refunds"] == [{"id": str(refund.id), "key": str(refund.key), "amount": "24.60"}]
    order = Order.of(merchant.id).get(id=mug)
    assert (order.refunded_minor, order.in_flight_minor, order.payment_status) == (
        2460,
        0,
        "partially_refunded",
    )


def test_an_answer_that_never_arrives_is_looked_up_and_never_sent_again(merchant: Any) -> None:
    order = an_order(merchant, reference="lost")
    refund = give_back(merchant, order, amount="5.00")
    drain(at=datetime.now(UTC))
    refund.refresh_from_db()
    assert refund.state == "unknown"
    drain_until_quiet(start=datetime.now(UTC) + timedelta(seconds=2))
    refund.refresh_from_db()
    assert refund.state == "succeeded"
    seen = provider_says(merchant, refund)
    assert (seen["refunded"], seen["calls"]) == ("5.00", 1)
