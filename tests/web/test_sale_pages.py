"""The pages on which a sale is accepted or refused (RK-1, RK-3, RK-14), and what stands around them."""

from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest

from countermand.channels.actions import open_channel
from countermand.orders.models import Order
from countermand.payments import jobs
from countermand.stock.actions import count_stock
from countermand.stock.models import Item
from tests.web.desk import Shop, shop_of, statements


@pytest.fixture
def shop(merchant: Any) -> Shop:
    open_channel(
        merchant_id=merchant.id,
        code="rk",
        name="Rakuten",
        terms="rakuten_france",
        timezone="Europe/Paris",
        mode="test",
        overrides={},
        by="test",
        at=datetime.now(UTC),
    )
    return shop_of(merchant)


def sale(shop: Shop, **more: Any) -> Any:
    return shop.order(channel="rk", paid="authorized", accepted=False, **more)


def text_of(answer: Any) -> str:
    return " ".join(unescape(answer.content.decode().replace("\u202f", " ").replace("\xa0", " ")).split())


def test_RK3_the_page_says_what_is_debited_and_accepts(shop: Shop) -> None:
    order_id = sale(shop)
    url = f"/commandes/{order_id}/vente"

    page = shop["agent"].get(url)
    assert "Accepter et débiter 55,80 €" in text_of(page)
    assert "Mieux vaut refuser" not in text_of(page)
    answer = shop["agent"].post(url, {"accept-1": "3", "accept-2": "1", "do": "confirm"}, follow=True)

    assert "la carte du client est débitée" in text_of(answer)
    assert Order.of(shop.merchant.id).get(id=order_id).status == "accepting"
    jobs.drain(at=datetime.now(UTC))
    assert Order.of(shop.merchant.id).get(id=order_id).status == "open"
    again = shop["agent"].post(url, {"accept-1": "3", "do": "confirm"})
    assert "Cette vente est décidée" in text_of(again)  # twice is once


def test_RK14_what_is_not_there_is_proposed_to_be_refused_with_what_cancelling_would_cost(shop: Shop) -> None:
    count_stock(merchant_id=shop.merchant.id, sku="MUG-BLEU", on_hand=1, by="test", at=datetime.now(UTC))
    order_id = sale(shop)

    text = text_of(shop["agent"].get(f"/commandes/{order_id}/vente"))

    assert "1 disponible pour 3 demandés" in text
    assert "Mieux vaut refuser" in text
    assert "24,60 € débités" in text  # two mugs
    assert "Taux d'annulation :" in text and "limite 5,00 %" in text
    assert "0,00 %" in text and "50,00 %" in text  # 2 of the 4 articles that would then be accepted
    assert "La commission du canal" in text
    assert 'name="accept-1" value="1"' in text  # what is there is proposed
    assert "Accepter 2, refuser 2" in text


def test_RK14_the_oldest_sale_is_served_first(shop: Shop) -> None:
    count_stock(merchant_id=shop.merchant.id, sku="MUG-BLEU", on_hand=4, by="test", at=datetime.now(UTC))
    first, second = sale(shop), sale(shop)
    assert "1 disponible pour 3 demandés" in text_of(shop["agent"].get(f"/commandes/{second}/vente"))
    assert "4 disponibles" in text_of(shop["agent"].get(f"/commandes/{first}/vente"))


def test_RK14_enough_of_the_article_proposes_to_accept_all(shop: Shop) -> None:
    count_stock(merchant_id=shop.merchant.id, sku="MUG-BLEU", on_hand=3, by="test", at=datetime.now(UTC))
    text = text_of(shop["agent"].get(f"/commandes/{sale(shop)}/vente"))
    assert "Mieux vaut refuser" not in text and 'name="accept-1" value="3"' in text


def test_RK1_refusing_from_the_page_then_proposes_stock_zero(shop: Shop) -> None:
    order_id = sale(shop)
    url = f"/commandes/{order_id}/vente"
    assert "Refuser la vente" in text_of(shop["agent"].get(f"{url}?choix=refuser"))

    page = shop["agent"].post(url, {"accept-1": "0", "accept-2": "0", "do": "confirm"}, follow=True)
    assert "Vente refusée" in text_of(page) and "Mettre à zéro" in text_of(page)
    assert Item.of(shop.merchant.id).get(sku="MUG-BLEU").on_hand == 10

    after = shop["agent"].post(f"{url}/stock", {"sku": "MUG-BLEU"}, follow=True)
    assert Item.of(shop.merchant.id).get(sku="MUG-BLEU").on_hand == 0
    assert "ne se vend plus" in text_of(after)
    assert shop["agent"].post(f"{url}/stock", {"sku": "AUTRE"}).status_code == 404


def test_numbers_that_cannot_be_are_said_beside_the_field(shop: Shop) -> None:
    order_id = sale(shop)
    answer = shop["agent"].post(f"/commandes/{order_id}/vente", {"accept-1": "9", "do": "confirm"})
    assert answer.status_code == 422
    assert "Il n'en reste que 3." in text_of(answer)
    assert Order.of(shop.merchant.id).get(id=order_id).status == "awaiting_acceptance"


def test_a_part_of_the_page_decides_nothing(shop: Shop) -> None:
    order_id = sale(shop)
    url = f"/commandes/{order_id}/vente"
    said = {"accept-1": "1", "accept-2": "1", "do": "confirm"}
    part = shop["agent"].post(url, said, headers={"HX-Request": "true"})
    assert "Accepter 2, refuser 2" in text_of(part)
    assert Order.of(shop.merchant.id).get(id=order_id).status == "awaiting_acceptance"


def test_EM8_rows_and_order_carry_accept_and_refuse(shop: Shop) -> None:
    order_id = sale(shop)
    for url in ("/commandes", f"/commandes/{order_id}"):
        text = text_of(shop["agent"].get(url))
        assert f"/commandes/{order_id}/vente" in text and "Accepter" in text and "Refuser" in text
        assert f"/commandes/{order_id}/vente" not in text_of(shop["viewer"].get(url))
    assert "Décider" in text_of(shop["agent"].get("/"))
    assert shop["viewer"].get(f"/commandes/{order_id}/vente").status_code == 403


def test_the_page_takes_a_fixed_number_of_queries(shop: Shop) -> None:
    small = sale(shop)
    large = sale(shop, lines=tuple((f"SKU-{i}", 2, "5.00") for i in range(40)))
    shop["agent"].get("/")  # a first page remembers who came in
    found = {statements(shop["agent"], f"/commandes/{order}/vente") for order in (small, large)}
    assert len(found) == 1 and found.pop() <= 12
