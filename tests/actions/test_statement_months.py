"""In which month an entry of a payout stands: by the fact that it follows from, on the channel's own clock (RK-13)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.actions import open_channel
from countermand.channels.models import Channel
from countermand.events.record import event, record
from countermand.intake.actions import receive
from countermand.marketplace.actions import take_seat
from countermand.marketplace.paid_out import month_page
from countermand.overview.payouts import Month, sums
from countermand.payouts.models import PayoutEntry
from tests.actions.place import Place, a_marketplace
from tests.actions.test_payouts import count_up
from tests.builders import order_body

# In Guadeloupe, four hours behind UTC all year, the month begins at 04:00 UTC; in Paris it did five hours before.
MIDNIGHT = datetime(2024, 11, 1, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
OCTOBER, NOVEMBER, DECEMBER = date(2024, 10, 1), date(2024, 11, 1), date(2024, 12, 1)


@pytest.fixture
def place(merchant: Any) -> Place:
    """A merchant in Guadeloupe who sells at a marketplace in Paris."""
    marketplace = a_marketplace()
    at = datetime.now(UTC)
    open_channel(
        merchant_id=merchant.id,
        code="halles",
        name="Les Halles",
        terms="merchant_space",
        timezone="America/Guadeloupe",
        mode="test",
        overrides={},
        by="test",
        at=at,
    )
    seat = take_seat(
        marketplace_id=marketplace.id, merchant_id=merchant.id, channel_code="halles", by="test", at=at
    )
    return Place(marketplace, merchant, seat)


def sold(place: Place, *, at: datetime, price: str) -> UUID:
    body = order_body(
        channel="halles", lines=(("MUG", 1, price),), accepted=True, placed_at=(at - SECOND).isoformat()
    )
    return receive(merchant_id=place.merchant.id, body=body, by="test", at=at).order_id


def noted(place: Place, order_id: UUID, *, at: datetime) -> None:
    """Something else happens to the order, which moves no money."""
    with transaction.atomic():
        record(
            [event(kind="order.noted", merchant_id=place.merchant.id, at=at, by="test", order_id=order_id)]
        )


def of_the_merchant(place: Place, first: date) -> int:
    channel = Channel.of(place.merchant.id).get(code="halles")
    found = sums(merchant_id=place.merchant.id, month=Month(channel, first))
    return sum(kind["amount"] for kinds in found.values() for kind in kinds.values())


def of_the_platform(place: Place, first: date, end: date) -> int:
    rows = month_page(marketplace_id=place.marketplace.id, first=first, end=end, limit=10)
    return sum(row["paid_out"] for row in rows)


def test_RK13_the_last_second_of_a_month_is_the_channels_own(place: Place) -> None:
    sold(place, at=MIDNIGHT - SECOND, price="10.00")
    sold(place, at=MIDNIGHT, price="40.00")
    count_up(place.merchant)
    # 15 % of commission on each.
    assert [of_the_merchant(place, first) for first in (OCTOBER, NOVEMBER)] == [850, 3400]
    assert of_the_platform(place, OCTOBER, NOVEMBER) == 850
    assert of_the_platform(place, NOVEMBER, DECEMBER) == 3400


def test_RK13_what_happens_after_the_month_moves_no_sale_into_the_next(place: Place) -> None:
    """Also when the history is read late: the sale and what came after it in one page."""
    order_id = sold(place, at=MIDNIGHT - SECOND, price="10.00")
    noted(place, order_id, at=MIDNIGHT + timedelta(days=2))
    count_up(place.merchant)
    assert (of_the_merchant(place, OCTOBER), of_the_merchant(place, NOVEMBER)) == (850, 0)


def test_RK5_a_cancellation_of_the_next_month_is_taken_back_in_it(place: Place) -> None:
    order_id = sold(place, at=MIDNIGHT - SECOND, price="10.00")
    ask = Ask(reason="out_of_stock", message="Rupture de stock.")
    confirm(merchant_id=place.merchant.id, order_id=order_id, ask=ask, by="test", at=MIDNIGHT)
    count_up(place.merchant)
    assert (of_the_merchant(place, OCTOBER), of_the_merchant(place, NOVEMBER)) == (850, -850)
    assert of_the_platform(place, NOVEMBER, DECEMBER) == -850
    found = PayoutEntry.of(place.merchant.id).filter(kind="reversal")
    assert [entry.at for entry in found] == [MIDNIGHT]
