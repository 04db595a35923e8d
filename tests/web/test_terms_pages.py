"""What a seller on Rakuten or Amazon reads where a sale waits: the source's own words, and nothing that contradicts them."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.actions.terms_desk import a_channel
from tests.web.desk import Shop
from tests.web.reading import text


def on(shop: Shop, terms: str, **body: Any) -> UUID:
    a_channel(shop.merchant, terms)
    return shop.order(channel=terms, paid="authorized", **body)


def soon() -> str:
    return (datetime.now(UTC) + timedelta(days=3)).date().isoformat()


def test_RK2_the_sale_says_where_to_click_if_the_article_is_gone(shop: Shop) -> None:
    order = on(shop, "rakuten_france", accepted=False, lines=(("MUG-BLEU", 1, "12.30"),))
    address = f"/commandes/{order}/vente"
    page = text(shop["agent"].get(address))
    assert "Cliquez ici si l'article n'est plus disponible" in page
    assert f'href="{address}?choix=refuser"' in page
    there = text(shop["agent"].get(f"{address}?choix=refuser"))
    assert "Refuser la vente" in there and "Cliquez ici si" not in there


def test_AZ11_a_pending_order_says_nowhere_that_it_is_to_be_shipped(shop: Shop) -> None:
    order = on(shop, "amazon", verification="pending", ship_by=soon())
    page = text(shop["manager"].get(f"/commandes/{order}"))
    assert "à préparer" not in page and "À expédier avant" not in page
    assert "en attente de vérification" in page
    assert "Vérification du paiement jusqu'au" in page
    # The card is authorised: nobody owes anything yet.
    assert "Reste dû par le client" not in page


def test_AZ12_once_verified_it_says_by_when(shop: Shop) -> None:
    order = on(shop, "amazon", ship_by=soon())
    page = text(shop["manager"].get(f"/commandes/{order}"))
    assert "à préparer" in page and "À expédier avant" in page


def test_AZ17_the_address_stands_as_on_an_envelope_where_a_parcel_leaves(shop: Shop) -> None:
    where = {"country": "FR", "city": "Villebelle", "postal_code": "99999", "line1": "3 allée des Glycines"}
    order = shop.order(shipping_address={**where, "name": "Rosalie Thévenot"})
    page = text(shop["manager"].get(f"/commandes/{order}/expedier"))
    assert "Rosalie Thévenot<br>3 allée des Glycines<br>99999 Villebelle</address>" in page
