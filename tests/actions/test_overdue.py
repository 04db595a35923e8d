"""What nobody sends is warned of three days and one day before, then called off by the platform, once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation
from countermand.correspondence.models import Letter, Message
from countermand.events.models import Event
from countermand.merchants.actions import add_member
from countermand.orders.actions.fulfil import fulfil
from countermand.orders.models import Order
from countermand.overdue.jobs import watch
from countermand.overdue.models import OverdueOrder
from countermand.overview.orders import order_page
from countermand.overview.todo import to_do
from tests.actions.terms_desk import a_channel
from tests.builders import an_order

SHIP_BY = date(2026, 11, 23)  # a Monday: with seven calendar days, 30 November is the last


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def after(days: int) -> datetime:
    """Noon so many days after the day by which it was to be shipped."""
    return noon(SHIP_BY + timedelta(days=days))


def an_unsent_order(merchant: Any, terms: str = "amazon", ship_by: date = SHIP_BY, **body: Any) -> UUID:
    a_channel(merchant, terms)
    placed_at = noon(ship_by - timedelta(days=3)).isoformat()
    return an_order(
        merchant, **{"channel": terms, "ship_by": ship_by.isoformat(), "placed_at": placed_at, **body}
    )


def run(at: datetime) -> None:
    """The clock comes by until nothing is due."""
    while watch(at=at):
        pass


def letters(merchant: Any) -> list[Letter]:
    return list(Letter.of(merchant.id).filter(kind="overdue").order_by("created_at"))


@pytest.fixture
def shop(merchant: Any) -> Any:
    add_member(
        merchant=merchant,
        email=f"chef-{merchant.code}@shop.example",
        password="tisane-lilas-2026",
        role="owner",
        first_name="Chef",
    )
    return merchant


def test_AZ13_the_merchant_is_warned_three_days_and_one_day_before_once_each(shop: Any) -> None:
    order_id = an_unsent_order(shop)
    number = Order.of(shop.id).get(id=order_id).number

    run(after(3))
    assert letters(shop) == []
    run(after(4))
    run(after(5))
    [first] = letters(shop)
    assert number in first.subject and "30 novembre" in first.subject and "annuler d'office" in first.text
    run(after(6))
    run(after(6))
    assert len(letters(shop)) == 2


def test_AZ13_after_the_last_day_the_platform_calls_it_off_and_it_counts(shop: Any) -> None:
    order_id = an_unsent_order(shop)
    for day in (4, 6, 7):
        run(after(day))
    assert Order.of(shop.id).get(id=order_id).status == "open"

    run(after(8))

    assert Order.of(shop.id).get(id=order_id).status == "cancelled"
    cancelled = Cancellation.of(shop.id).get(order_id=order_id)
    assert (cancelled.initiated_by, cancelled.reason) == ("platform", "delay")
    assert cancelled.counts_in_rate and cancelled.counts_why == "automatic"
    # AZ-3: the channel tells the buyer, so the desk does not.
    assert not Message.of(shop.id).filter(order_id=order_id).exists()


def test_AZ13_called_off_once_however_often_the_clock_comes_by(shop: Any) -> None:
    order_id = an_unsent_order(shop)
    for day in (4, 6, 8, 8, 9):
        run(after(day))

    assert Cancellation.of(shop.id).filter(order_id=order_id).count() == 1
    assert Event.of(shop.id).filter(order_id=order_id, kind="order.auto_cancelled").count() == 1


def test_AZ13_nothing_is_called_off_without_a_warning_the_day_before(shop: Any) -> None:
    order_id = an_unsent_order(shop)

    run(after(40))
    assert Order.of(shop.id).get(id=order_id).status == "open" and len(letters(shop)) == 1
    run(after(41))
    assert Order.of(shop.id).get(id=order_id).status == "cancelled"


def test_AZ13_a_confirmed_parcel_stops_the_clock_an_unconfirmed_one_does_not(shop: Any) -> None:
    confirmed, part, whole = (an_unsent_order(shop) for _ in range(3))
    said: dict[str, Any] = {"merchant_id": shop.id, "by": "test", "at": after(1)}
    one = [{"line": "1", "quantity": 1}]
    fulfil(order_id=confirmed, fulfilment={"lines": one}, **said)
    fulfil(order_id=part, fulfilment={"lines": one, "confirmed": False}, **said)
    fulfil(order_id=whole, fulfilment={"confirmed": False}, **said)

    for day in (4, 6, 8):
        run(after(day))

    found = {row.id: row.status for row in Order.of(shop.id).all()}
    assert found[confirmed] == "partially_shipped"
    # What is still here is called off; what has left cannot be.
    assert found[part] == "shipped" and Cancellation.of(shop.id).get(order_id=part).initiated_by == "platform"
    assert found[whole] == "shipped" and not Cancellation.of(shop.id).filter(order_id=whole).exists()
    assert {row.order_id for row in OverdueOrder.of(shop.id).all()} == {part, whole}


def test_AZ13_the_switch_of_the_terms_turns_it_off(shop: Any) -> None:
    a_channel(shop, "amazon", code="doux", auto_cancel_days=0)
    order_id = an_unsent_order(shop, channel="doux")
    own = an_unsent_order(shop, "own_shop")

    for day in (4, 6, 8, 20):
        run(after(day))

    assert {row.status for row in Order.of(shop.id).filter(id__in=(order_id, own))} == {"open"}
    assert letters(shop) == []


def test_AZ13_business_days_give_more_time(shop: Any) -> None:
    a_channel(shop, "amazon", code="ouvres", auto_cancel_basis="business")
    order_id = an_unsent_order(shop, channel="ouvres")

    for day in (6, 8, 9):  # 2 December is the last
        run(after(day))
    assert Order.of(shop.id).get(id=order_id).status == "open"
    run(after(10))
    assert Order.of(shop.id).get(id=order_id).status == "cancelled"


def test_AZ13_what_was_cancelled_or_sent_meanwhile_is_left_alone_and_leaves_the_list(shop: Any) -> None:
    order_id = an_unsent_order(shop)
    run(after(4))
    assert [row["kind"] for row in to_do(merchant_id=shop.id, at=after(4))] == ["unsent"]

    confirm(merchant_id=shop.id, order_id=order_id, ask=Ask(reason="out_of_stock"), by="test", at=after(5))

    assert [row["kind"] for row in to_do(merchant_id=shop.id, at=after(5), kinds=["unsent"])] == []
    run(after(8))
    assert Cancellation.of(shop.id).get(order_id=order_id).initiated_by == "merchant"
    assert OverdueOrder.of(shop.id).get(order_id=order_id).over_at is not None


def test_AZ13_the_order_says_until_when(shop: Any) -> None:
    order_id = an_unsent_order(shop)

    clocks = order_page(merchant_id=shop.id, order_id=order_id)["clocks"]

    assert {"kind": "auto_cancel", "article": "", "due_on": "2026-11-30"} in clocks


def test_AZ13_many_near_their_end_make_one_letter(shop: Any) -> None:
    for _ in range(3):
        an_unsent_order(shop)

    run(after(4))

    [letter] = letters(shop)
    assert letter.subject.startswith("3 commandes") and letter.text.count("au plus tard le 30 novembre") == 3


def test_AZ13_where_a_text_is_required_the_buyer_is_told_why(shop: Any) -> None:
    a_channel(shop, "rakuten_france", code="r7", auto_cancel_days=7)
    order_id = an_unsent_order(shop, "rakuten_france", channel="r7")

    for day in (6, 8):
        run(after(day))

    assert "n'a pas été expédiée à temps" in Cancellation.of(shop.id).get(order_id=order_id).message


def test_AZ14_a_verification_that_ends_soon_stands_in_the_list(shop: Any) -> None:
    now = datetime.now(UTC)
    a_channel(shop, "amazon")
    for days in (17, 19):
        placed_at = (now - timedelta(days=days)).isoformat()
        an_order(shop, channel="amazon", verification="pending", placed_at=placed_at)

    [row] = to_do(merchant_id=shop.id, at=now, kinds=["verification_ending"])
    assert row["due_on"] and datetime.fromisoformat(row["since"]) == now - timedelta(days=1)
    assert row["customer"]["email"] == ""
