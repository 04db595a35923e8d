"""« Noter sa réception »: a parcel's line on the order's page, and what the thread then says."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from countermand.orders.actions.fulfil import fulfil
from countermand.orders.models import Fulfilment
from tests.actions.terms_desk import a_channel
from tests.web.desk import Shop
from tests.web.reading import text

AT = datetime.now(UTC)


def sent(shop: Shop, days_ago: int = 20) -> UUID:
    """An order under Rakuten's terms that left so many days ago."""
    a_channel(shop.merchant, "rakuten_france")
    left = AT - timedelta(days=days_ago)
    order = shop.order(channel="rakuten_france", placed_at=(left - timedelta(days=1)).isoformat())
    fulfil(merchant_id=shop.merchant.id, order_id=order, fulfilment={"reference": "f1"}, by="test", at=left)
    return order


def note(shop: Shop, order: UUID, role: str = "agent", **said: str) -> Any:
    path = f"/commandes/{order}/expedier/recu"
    return shop[role].post(path, {"parcel": "f1", **said}, follow=True)


def test_RK4_received_is_noted_on_the_order_and_closes_the_thread_in_time(shop: Shop) -> None:
    order = sent(shop)
    assert "Noter sa réception" in text(shop["agent"].get(f"/commandes/{order}"))
    day = (AT - timedelta(days=17)).date()

    shown = text(note(shop, order, on=day.isoformat()))

    assert "Réception du colis notée." in shown and "reçu par le client le" in shown
    parcel = Fulfilment.of(shop.merchant.id).get(order_id=order)
    assert parcel.received_at is not None and AT - parcel.received_at > timedelta(days=15)
    thread = text(shop["agent"].get(f"/commandes/{order}/messages"))
    assert "Reçue depuis trop longtemps : le canal ne laisse plus écrire." in thread

    shown = text(note(shop, order, do="not"))
    assert "Réception retirée." in shown and "reçu par le client le" not in shown
    thread = text(shop["agent"].get(f"/commandes/{order}/messages"))
    assert "Reçue depuis trop longtemps" not in thread


def test_RK4_the_day_of_departure_itself_is_no_day_before_it(shop: Shop) -> None:
    order = sent(shop, days_ago=3)
    parcel = Fulfilment.of(shop.merchant.id).get(order_id=order)
    day = parcel.shipped_at.astimezone(ZoneInfo(shop.merchant.timezone)).date()
    assert "Réception du colis notée." in text(note(shop, order, on=day.strftime("%d/%m/%Y")))


def test_RK4_a_day_that_cannot_be_is_said(shop: Shop) -> None:
    order = sent(shop)
    early, late = AT.date() - timedelta(days=25), AT.date() + timedelta(days=2)
    assert "avant le départ du colis" in text(note(shop, order, on=early.isoformat()))
    assert "Cette date est à venir." in text(note(shop, order, on=late.isoformat()))
    assert "Écrivez une date" in text(note(shop, order, on="hier"))
    assert Fulfilment.of(shop.merchant.id).get(order_id=order).received_at is None


def test_RK4_who_only_reads_notes_no_reception(shop: Shop) -> None:
    order = sent(shop)
    assert "Noter sa réception" not in text(shop["viewer"].get(f"/commandes/{order}"))
    assert note(shop, order, role="viewer", on=AT.date().isoformat()).status_code == 403
