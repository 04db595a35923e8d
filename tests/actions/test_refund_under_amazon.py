"""Refunds and part cancels natively under the terms of amazon, per article, full or in part (AZ-15, AZ-16)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.orders.actions import fulfil
from countermand.orders.models import Line
from countermand.refunds.actions import LineWish
from countermand.refunds.models import Refund
from countermand.refusals import Refusal
from countermand.returns.actions import Coming, cancel_and_return
from tests.actions.refund_desk import drain_until_quiet, give_back, order_of
from tests.actions.test_parcels_called_back import amazon as amazon
from tests.actions.test_returns import here
from tests.builders import an_order

LINES = (("MUG-BLEU", 3, "12.30"), ("BOL-VERT", 1, "18.90"))


def given(merchant: Any, order_id: UUID) -> dict[str, int]:
    return dict(Line.of(merchant.id).filter(order_id=order_id).values_list("reference", "given_minor"))


def test_AZ15_an_article_is_refunded_whole_or_in_part(amazon: Any) -> None:
    order_id = an_order(amazon, channel="amazon", lines=LINES)
    fulfil(**here(amazon, order_id), fulfilment={"reference": "f1"})
    give_back(amazon, order_id, lines=(LineWish("2", quantity=1),))
    give_back(amazon, order_id, lines=(LineWish("1", amount="4.00"),))
    drain_until_quiet()
    assert given(amazon, order_id) == {"1": 400, "2": 1890}
    assert order_of(amazon, order_id).refunded_minor == 2290
    with pytest.raises(Refusal) as error:
        give_back(amazon, order_id, lines=(LineWish("1", amount="32.91"),))
    assert error.value.code == "amount_too_large"
    with pytest.raises(Refusal) as error:
        give_back(amazon, order_id, lines=(LineWish("1", quantity=1),), method="store_credit")
    assert error.value.code == "terms_forbid"


def test_AZ16_one_article_of_several_is_cancelled_and_refunded(amazon: Any) -> None:
    order_id = an_order(amazon, channel="amazon", lines=LINES)
    done = confirm(**here(amazon, order_id), ask=Ask(reason="out_of_stock", lines=(("2", 1),)))
    assert done.plan.refund == 1890
    drain_until_quiet()
    assert given(amazon, order_id) == {"1": 0, "2": 1890}
    assert order_of(amazon, order_id).status == "open"


def test_AZ16_part_shipped_the_rest_is_cancelled_and_what_left_asked_back_in_one_plan(amazon: Any) -> None:
    order_id = an_order(amazon, channel="amazon", lines=LINES)
    fulfil(**here(amazon, order_id), fulfilment={"reference": "f1", "lines": [{"line": "1", "quantity": 2}]})
    ask = Ask(reason="customer_changed_mind", initiated_by="buyer")
    both = cancel_and_return(
        **here(amazon, order_id),
        cancel=lambda: confirm(**here(amazon, order_id), ask=ask),
        coming=Coming(kind="withdrawal"),
    )
    assert both.asked is not None and both.asked.state == "asked"
    assert both.cancelled.plan.refund == 1230 + 1890


def test_SH16_either_half_refused_leaves_both_undone(amazon: Any) -> None:
    order_id = an_order(amazon, channel="amazon", lines=LINES)
    fulfil(**here(amazon, order_id), fulfilment={"reference": "f1", "lines": [{"line": "1", "quantity": 2}]})
    ask = Ask(reason="customer_changed_mind", initiated_by="buyer")
    with pytest.raises(Refusal) as error:
        cancel_and_return(
            **here(amazon, order_id),
            cancel=lambda: confirm(**here(amazon, order_id), ask=ask),
            coming=Coming(lines=(("2", 1),)),
        )
    assert error.value.code == "nothing_shipped"
    order = order_of(amazon, order_id)
    assert (order.status, order.in_flight_minor) == ("partially_shipped", 0)
    assert not Refund.of(amazon.id).filter(order_id=order_id).exists()


def test_SH16_money_of_a_late_withdrawal_is_due_when_the_law_says(merchant: Any) -> None:
    from datetime import timedelta

    from countermand.returns.actions import Arrived, Verdict, ask_return, receive_return

    order_id = an_order(merchant)
    fulfil(**here(merchant, order_id), fulfilment={"reference": "f1"})
    told_at = datetime.now(UTC) - timedelta(days=13)
    found = ask_return(**here(merchant, order_id), coming=Coming(kind="withdrawal", informed_at=told_at))
    receive_return(
        merchant_id=merchant.id,
        return_id=found.id,
        arrived=Arrived(),
        verdict=Verdict(condition="as_new"),
        by="test",
        at=datetime.now(UTC),
    )
    [refund] = Refund.of(merchant.id).filter(order_id=order_id)
    found.refresh_from_db()
    assert refund.due_at is not None and refund.due_at.date() == found.due_on
    assert found.due_on is not None and found.due_on <= told_at.date() + timedelta(days=15)
