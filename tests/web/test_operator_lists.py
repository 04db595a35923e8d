"""A marketplace's lists beyond one page: each row once, in order, whatever was turned over before."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from countermand import ids
from countermand.channels.models import Channel
from countermand.marketplace.models import Alert, Seat, Step, Suspension
from countermand.merchants.models import Merchant
from countermand.orders.models import Order
from countermand.payments.models import PaymentShare
from countermand.payouts.models import PayoutEntry
from countermand.procedure.models import SupportTicket
from countermand.refunds.models import Refund
from tests.actions.place import Place, an_operator, seated
from tests.web.desk import statements
from tests.web.full_place import client_of

MANY = 53  # a page holds 50
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
FACTS = {
    "rate": "4.00",
    "cancelled": 1,
    "total": 25,
    "limit": "5.00",
    "warn": "4.00",
    "unit": "article",
    "days": 30,
}


@pytest.fixture
def place(merchant: Any) -> Place:
    return seated(merchant)


@pytest.fixture
def client(place: Place) -> Any:
    return client_of(an_operator(place.marketplace, "agent"))


def turned(client: Any, name: str, asked: str = "") -> list[str]:
    """The rows of every page, as they are said; no page takes more queries than another."""
    url, found, taken = f"{reverse(f'web:{name}')}{asked}", [], set()
    for _ in range(5):
        taken.add(statements(client, url))
        page = client.get(url).content.decode()
        body = page[page.index("<tbody>") : page.index("</tbody>")]
        found += re.findall(r"N°(\d\d)", body)
        following = re.search(r'href="([^"]*apres=[^"]*)"', page)
        if following is None:
            assert len(taken) == 1 and taken.pop() <= 12
            return found
        url = following[1].replace("&amp;", "&")
    raise AssertionError("the list never ends")


def numbers(count: int = MANY) -> list[str]:
    return [f"{n:02d}" for n in range(count)]


def of_the_seat(place: Place) -> dict[str, Any]:
    seat = place.seat
    return {
        "merchant_id": place.merchant.id,
        "marketplace_id": place.marketplace.id,
        "seat_id": seat.id,
        "channel_id": seat.channel_id,
    }


def many_seats(
    place: Place, name: str, danger: Callable[[int], int] = lambda n: 0
) -> tuple[list[Merchant], list[Channel]]:
    """This will seat more merchants than a page holds, judged already."""
    shops = Merchant.objects.bulk_create(
        Merchant(code=f"{place.merchant.code}-{n}", name=f"{name}{n:02d}", timezone="Europe/Paris")
        for n in range(MANY)
    )
    terms = {"terms": "rakuten_france", "timezone": "Europe/Paris", "mode": "test"}
    channels = Channel.across_merchants.bulk_create(
        Channel(merchant=shop, code="halles", name="Halles", **terms) for shop in shops
    )
    judged = {
        "marketplace": place.marketplace,
        "since": NOW,
        "judged_at": datetime.now(UTC) + timedelta(days=1),
    }
    Seat.across_merchants.bulk_create(
        Seat(merchant=shop, channel=channel, danger=danger(n), **judged)
        for n, (shop, channel) in enumerate(zip(shops, channels, strict=True))
    )
    return shops, channels


def test_alerts_the_newest_first_also_of_one_moment(place: Place, client: Any) -> None:
    facts = {**FACTS, "count": 3, "in_days": 7, "threshold": 3}
    Alert.across_merchants.bulk_create(
        Alert(
            **of_the_seat(place),
            kind="number",
            subject=f"N°{n:02d}",
            facts=facts,
            raised_at=NOW - timedelta(hours=n // 9),
        )
        for n in range(MANY)
    )
    found = turned(client, "operator_alerts")
    assert sorted(found) == numbers()
    assert [int(n) // 9 for n in found] == sorted(int(n) // 9 for n in found)


def test_merchants_the_nearest_to_their_limit_first_and_each_once(place: Place, client: Any) -> None:
    # Many of the same danger: the place in the list is then the seat's own.
    many_seats(place, "N°", danger=lambda n: 1000 - n // 20)
    found = turned(client, "operator", "?q=N°")
    assert sorted(found) == numbers()
    assert [int(n) // 20 for n in found] == sorted(int(n) // 20 for n in found)


def test_suspensions_every_one_of_them(place: Place, client: Any) -> None:
    Suspension.across_merchants.bulk_create(
        Suspension(
            **of_the_seat(place),
            state="dismissed",
            proposed_at=NOW - timedelta(hours=n // 9),
            proposed_by=f"N°{n:02d}",
            closed_at=NOW,
        )
        for n in range(MANY)
    )
    found = turned(client, "operator_suspensions", "?vue=toutes")
    assert sorted(found) == numbers()


def test_tickets_the_longest_waiting_first(place: Place, client: Any) -> None:
    SupportTicket.across_merchants.bulk_create(
        SupportTicket(
            merchant_id=place.merchant.id,
            skus=[f"N°{n:02d}"],
            wants="zero",
            state="open",
            opened_at=NOW + timedelta(hours=n),
            opened_by="test",
        )
        for n in range(MANY)
    )
    assert turned(client, "operator_tickets") == numbers()


def test_the_journal_newest_first(place: Place, client: Any) -> None:
    Step.objects.bulk_create(
        Step(marketplace=place.marketplace, at=NOW, by=f"N°{n:02d}", kind="marketplace.opened", facts={})
        for n in range(MANY)
    )
    assert turned(client, "operator_journal") == numbers()[::-1]


def test_RK5_the_queue_by_due_date_then_by_whoever_asked_first(place: Place, client: Any) -> None:
    [order_id] = place.sales(1)
    order = Order.of(place.merchant.id).get(id=order_id)
    share = PaymentShare.of(place.merchant.id).get(order_id=order_id)
    made = [
        Refund(
            merchant_id=place.merchant.id,
            order=order,
            share=share,
            method="original",
            amount_minor=1,
            currency="EUR",
            state="failed",
            carried_by="customer_service",
            error=f"N°{n:02d}",
            due_at=None if n > 40 else NOW + timedelta(days=n // 4),
            not_before=NOW,
            created_at=NOW + timedelta(days=30, hours=n),
            by="test",
        )
        for n in range(MANY)
    ]
    Refund.across_merchants.bulk_create(made)
    found = turned(client, "operator_service")
    assert sorted(found) == numbers()
    assert [int(n) // 4 for n in found[:41]] == sorted(int(n) // 4 for n in found[:41])
    Refund.of(place.merchant.id).filter(order_id=order_id).delete()


def test_RK13_payouts_a_line_for_each_currency_across_the_edge_of_a_page(place: Place, client: Any) -> None:
    """The fiftieth and the fifty-first line are of one merchant."""
    shops, channels = many_seats(place, "A N°")
    fiftieth = {"merchant": shops[49], "channel": channels[49], "kind": "sale", "about_minor": 0, "at": NOW}
    order = {"order_id": _an_order_of(shops[49], channels[49])}
    PayoutEntry.across_merchants.bulk_create(
        PayoutEntry(**fiftieth, **order, number=n, currency=currency, amount_minor=amount)
        for n, (currency, amount) in enumerate((("EUR", 1000), ("GBP", 2000)), 1)
    )
    assert turned(client, "operator_payouts", "?mois=2026-03") == [*numbers(50), "49", *numbers()[50:]]
    PayoutEntry.of(shops[49].id).delete()


def _an_order_of(shop: Merchant, channel: Channel) -> Any:
    from countermand.intake.actions import receive
    from tests.builders import order_body

    body = order_body(channel=channel.code, lines=(("MUG", 1, "10.00"),), accepted=True)
    return receive(merchant_id=shop.id, body=body, by="test", at=datetime.now(UTC)).order_id


def test_a_place_that_was_cut_or_is_of_another_list_begins_anew(place: Place, client: Any) -> None:
    for name in ("operator", "operator_alerts", "operator_service", "operator_payouts", "operator_journal"):
        for cut in ("x", "bm8:1", ids.new()):
            assert client.get(f"{reverse(f'web:{name}')}?apres={cut}").status_code == 200, name
