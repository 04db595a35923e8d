"""« Ne pas expédier » where a parcel is sent from: said, asked for a word more, and the same as through the API (AZ-5)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from countermand.buyer_requests.actions import record_request
from countermand.orders.models import Fulfilment
from tests.actions.terms_desk import a_channel
from tests.web.desk import Shop
from tests.web.reading import text


def asked(shop: Shop, route: str) -> UUID:
    a_channel(shop.merchant, "amazon")
    yesterday = datetime.now(UTC) - timedelta(days=1)  # past the minutes in which a buyer calls off alone
    order = shop.order(channel="amazon", placed_at=yesterday.isoformat())
    record_request(merchant_id=shop.merchant.id, order_id=order, route=route, by="test", at=datetime.now(UTC))
    return order


def send(shop: Shop, order: UUID, **said: str) -> Any:
    whole = {"units-0": "3", "units-1": "1", "confirmed": "yes", "parcel": "1"}
    return shop["manager"].post(f"/commandes/{order}/expedier", {**whole, **said})


def left(shop: Shop, order: UUID) -> bool:
    return bool(Fulfilment.of(shop.merchant.id).filter(order_id=order).exists())


def test_AZ5_the_page_says_it_and_sends_nothing_without_a_word_more(shop: Shop) -> None:
    order = asked(shop, "official")
    page = text(shop["manager"].get(f"/commandes/{order}/expedier"))
    assert "Le client demande l'annulation : ne pas expédier" in page
    assert "Expédier malgré la demande officielle du client" in page

    refused = send(shop, order)
    assert refused.status_code == 422 and not left(shop, order)
    assert "Une demande du client attend sa réponse" in text(refused)

    assert send(shop, order, despite_request="on").status_code == 302
    assert left(shop, order)


def test_AZ22_an_unofficial_wish_is_said_and_does_not_hold(shop: Shop) -> None:
    order = asked(shop, "message")
    for path in ("", "/expedier"):
        page = text(shop["manager"].get(f"/commandes/{order}{path}"))
        assert "sans demande officielle : répondez d'abord" in page
        assert "ne pas expédier" not in page
    assert "malgré la demande" not in page
    to_do = text(shop["manager"].get("/"))
    assert "non officielle : répondez d'abord" in to_do and "ne pas expédier" not in to_do
    assert send(shop, order).status_code == 302
    assert left(shop, order)
