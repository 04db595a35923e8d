"""Several workers come by at once where nobody sends: warned once, called off once, and not what has just left (AZ-13)."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.cancellations.models import Cancellation
from countermand.correspondence.models import Letter
from countermand.events.models import Event
from countermand.merchants.actions import add_member
from countermand.orders.actions.fulfil import fulfil
from countermand.orders.models import Order
from countermand.overdue.channels import watched
from countermand.overdue.jobs import close_overdue, end_overdue, warn_of_overdue
from countermand.overdue.models import OverdueOrder
from tests.actions.terms_desk import a_channel
from tests.at_once import at_once
from tests.builders import an_order

SHIP_BY = date(2026, 11, 23)  # a Monday: with seven calendar days, 30 November is the last
LINES = (("MUG-BLEU", 3, "12.30"), ("BOL-VERT", 1, "18.90"))


def after(days: int) -> datetime:
    """Noon so many days after the day by which it was to be shipped."""
    return datetime(2026, 11, 23, 12, tzinfo=UTC) + timedelta(days=days)


def a_shop(merchant: Any, orders: int) -> list[UUID]:
    add_member(
        merchant=merchant,
        email=f"chef-{merchant.code}@shop.example",
        password="tisane-lilas-2026",
        role="owner",
        first_name="Chef",
    )
    a_channel(merchant, "amazon")
    placed_at = (after(0) - timedelta(days=3)).isoformat()
    said = {"channel": "amazon", "lines": LINES, "ship_by": SHIP_BY.isoformat(), "placed_at": placed_at}
    return [an_order(merchant, **said) for _ in range(orders)]


def worker(merchant: Any, at: datetime) -> None:
    """One round of the clock over this merchant's channels, as `overdue.jobs.watch` takes it."""
    own = [channel for channel in watched(at=at) if channel.merchant_id == merchant.id]
    for deed in (close_overdue, warn_of_overdue, end_overdue):
        deed(channels=own, at=at)


def together(merchant: Any, at: datetime, *others: Any) -> None:
    raised = at_once(*[partial(worker, merchant, at)] * 4, *others)
    assert [error for error in raised if error is not None] == []


def test_AZ13_workers_at_once_warn_once_and_call_off_once(merchant: Any) -> None:
    orders = a_shop(merchant, 3)

    for day in (4, 6, 8):
        together(merchant, after(day))

    assert Letter.of(merchant.id).filter(kind="overdue").count() == 2
    told = Event.of(merchant.id).filter(order_id__in=orders).values_list("kind", "order_id")
    counted = Counter(told)
    for order_id in orders:
        assert counted["order.overdue", order_id] == 2
        assert counted["order.auto_cancelled", order_id] == 1
        assert Cancellation.of(merchant.id).filter(order_id=order_id).count() == 1
    assert set(Order.of(merchant.id).values_list("status", flat=True)) == {"cancelled"}
    assert OverdueOrder.of(merchant.id).filter(ended_at=None).count() == 0


def test_AZ13_what_leaves_while_the_clock_is_there_is_not_called_off(merchant: Any) -> None:
    """The worker has chosen the order; before it comes to it, a parcel is confirmed: the clock has stopped."""
    [order_id] = a_shop(merchant, 1)
    for day in (4, 6):
        worker(merchant, after(day))
    one = {"reference": "f1", "lines": [{"line": "2", "quantity": 1}]}
    sent = partial(fulfil, merchant_id=merchant.id, order_id=order_id, fulfilment=one, by="race", at=after(8))

    done: list[str] = []

    def just_before_it_is_locked(statement: str) -> None:
        chosen = any("overdue_order w" in each and "language" in each for each in done)
        done.append(statement)
        if chosen and "FOR NO KEY UPDATE" in statement and "sent" not in done:
            done.append("sent")
            [error] = at_once(sent)
            assert error is None

    with sql.watched(just_before_it_is_locked):
        worker(merchant, after(8))

    assert "sent" in done
    assert Order.of(merchant.id).get(id=order_id).status == "partially_shipped"
    assert not Cancellation.of(merchant.id).filter(order_id=order_id).exists()
