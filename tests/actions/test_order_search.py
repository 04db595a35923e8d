"""Searching orders stays bounded, and finds by phone and by what a scanner reads."""

from datetime import datetime
from typing import Any

import pytest

from countermand.overview.orders import listing, order_list
from countermand.stock.actions import put_item
from tests.actions.overview_shop import Shop


@pytest.fixture
def shop(merchant: Any, now: datetime) -> Shop:
    return Shop(merchant.id, now)


def pages(shop: Shop, q: str, limit: int = 50) -> list[list[str]]:
    found, cursor = [], None
    while True:
        answer = order_list(merchant_id=shop.merchant_id, q=q, limit=limit, cursor=cursor)
        found.append([row["number"] for row in answer["items"]])
        cursor = answer["next"]
        if cursor is None:
            return found


def numbers(shop: Shop, q: str) -> list[str]:
    return [number for page in pages(shop, q) for number in page]


def test_a_common_word_that_only_old_orders_have_is_sought_in_stretches(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("NEWEST", 1), ("MOST_HITS", 2), ("STRETCH", 2)):
        monkeypatch.setattr(listing, name, value)
    for day in range(1, 5):
        shop.order(f"old-{day}", placed_at=f"2020-01-0{day}T10:00:00Z")
    for number in range(3):
        shop.order(f"new-{number}", customer={"name": "Jean Petit"})

    found = pages(shop, "eloise")

    assert [number for page in found for number in page] == ["old-4", "old-3", "old-2", "old-1"]
    assert found[0] == []  # nothing in the first stretch, and it says where to go on
    assert len(found) > 2


def test_a_filter_that_no_index_knows_walks_in_stretches(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "NEWEST", 1)
    monkeypatch.setattr(listing, "STRETCH", 2)
    for number in range(5):
        shop.order(str(number), risk={"level": "high" if number == 0 else "low", "signals": []})

    assert numbers(shop, "risk:high") == ["0"]
    assert len(numbers(shop, "risk:low")) == 4


@pytest.mark.parametrize("words", ["06 12 34 56 78", "eloise 06 12 34 56 78", "+33 6 12 34 56 78 lœuf"])
def test_SH1_a_phone_number_is_found_alone_and_among_words(shop: Shop, words: str) -> None:
    shop.order("1001")
    shop.order("1002", customer={"name": "Jean Petit", "phone": "06 99 99 99 99"})

    assert numbers(shop, words) == ["1001"]


def test_SH1_a_scanned_barcode_finds_the_orders_of_its_article(shop: Shop, now: datetime) -> None:
    shop.order("1001")
    line = {"sku": "BOL", "title": "Bol", "quantity": 1, "unit_price": "5.00"}
    shop.order("2002", lines=[line], discounts=[], total="11.90", payments=[])
    put_item(
        merchant_id=shop.merchant_id, sku="MUG-BLEU", fields={"barcode": "3760123456789"}, by="test", at=now
    )

    assert numbers(shop, "3760123456789") == ["1001"]
    assert numbers(shop, "3760123456789 eloise") == ["1001"]
    assert numbers(shop, "3760123456780") == []
