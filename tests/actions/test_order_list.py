"""Lists of orders: newest first, found by words and filters, page by page."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from countermand import sql
from countermand.overview.orders import order_list, order_page
from countermand.refusals import Refusal
from tests.actions.overview_shop import Shop, statements


@pytest.fixture
def shop(merchant: Any, now: datetime) -> Shop:
    return Shop(merchant.id, now)


def numbers(shop: Shop, q: str = "", **asked: Any) -> list[str]:
    return [row["number"] for row in order_list(merchant_id=shop.merchant_id, q=q, **asked)["items"]]


def refused(shop: Shop, **asked: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        order_list(merchant_id=shop.merchant_id, **asked)
    return caught.value


def test_SH1_the_newest_order_stands_first(shop: Shop, now: datetime) -> None:
    for days, number in ((2, "old"), (0, "new"), (1, "middle")):
        shop.order(number, placed_at=(now - timedelta(days=days)).isoformat())

    assert numbers(shop) == ["new", "middle", "old"]


def test_a_row_says_what_the_contract_says(shop: Shop) -> None:
    order_id = shop.order()
    shop.cancel(order_id, ("1", 2), when="later")

    [row] = order_list(merchant_id=shop.merchant_id)["items"]

    assert (row["id"], row["number"], row["channel"]) == (str(order_id), "1001", "boutique")
    assert row["customer"] == {"name": "Éloïse Lœuf", "email": "eloise@example.fr"}
    assert row["money"] == order_page(merchant_id=shop.merchant_id, order_id=order_id)["money"]
    assert row["money"]["to_give_back"] == "21.26"
    assert (row["status"], row["open_requests"], row["action"]["verb"]) == ("open", 0, "cancel")
    assert json.loads(json.dumps(row)) == row


def test_what_is_due_on_a_row_is_what_the_page_says(shop: Shop) -> None:
    paid = {"provider": "sandbox", "amount": "38.80", "captured_amount": "10.00", "state": "captured"}
    order_id = shop.order(payments=[paid])
    shop.cancel(order_id, ("1", 1), notify=False)

    [row] = order_list(merchant_id=shop.merchant_id)["items"]

    assert row["money"]["due"] == "18.17"  # 38.80 − 10.63 kept, 10.00 of it paid
    assert row["money"] == order_page(merchant_id=shop.merchant_id, order_id=order_id)["money"]


@pytest.mark.parametrize(
    "words",
    [
        "eloise",
        "ÉLOÏSE",
        "elo",
        "loeuf eloise",
        "eloise@example.fr",
        "cmd-1001",
        "1001",
        "mug-bleu",
        "0612345678",
    ],
)
def test_SG1_an_order_is_found_by_name_mail_number_article_or_phone(shop: Shop, words: str) -> None:
    shop.order("CMD-1001")
    line = {"sku": "BOL", "title": "Bol", "quantity": 1, "unit_price": "5.00"}
    shop.order(
        "CMD-2002", customer={"name": "Jean Petit"}, lines=[line], discounts=[], total="11.90", payments=[]
    )

    assert numbers(shop, words) == ["CMD-1001"]


def test_every_word_must_be_found(shop: Shop) -> None:
    shop.order("CMD-1001")

    assert numbers(shop, "eloise durand") == []


def test_another_merchants_orders_are_never_found(shop: Shop) -> None:
    shop.order("CMD-1001")

    assert order_list(merchant_id=shop.merchant_id + 100_000, q="eloise")["items"] == []


def test_filters_narrow_together(shop: Shop) -> None:
    first, second = shop.order("1"), shop.order("2")
    shop.cancel(first)
    shop.cancel(second, reason="budget", notify=False)
    shop.order("3")
    shop.order("4", accepted=False)

    assert numbers(shop, "status:cancelled reason:out_of_stock") == ["1"]
    assert set(numbers(shop, "status:cancelled")) == {"1", "2"}
    assert set(numbers(shop, "status:cancelled,open")) == {"1", "2", "3"}
    assert set(numbers(shop, "status:cancelled status:open")) == {"1", "2", "3"}
    assert set(numbers(shop, "payment:refund_pending")) == {"1", "2"}
    assert set(numbers(shop, "eloise sku:MUG-BLEU channel:boutique")) == {"1", "2", "3", "4"}
    assert numbers(shop, "sku:MUG") == []
    assert numbers(shop, "channel:ailleurs") == []
    assert numbers(shop, "request:open") == []
    assert numbers(shop, filters={"channel": "boutique", "number": "3"}) == ["3"]
    assert numbers(shop, filters={"number": "5"}) == []


def test_days_are_those_of_the_channels_clock(shop: Shop) -> None:
    shop.order("eve", placed_at="2026-10-31T22:59:59Z")  # 23:59:59 in Paris
    shop.order("feast", placed_at="2026-10-31T23:00:00Z")

    assert numbers(shop, "placed:>=2026-11-01") == ["feast"]
    assert numbers(shop, "placed:<2026-11-01") == ["eve"]
    assert numbers(shop, "placed:2026-10-31") == ["eve"]
    assert numbers(shop, "placed:>=2026-10-01 placed:<=2026-10-31") == ["eve"]


def test_totals_are_compared_in_major_units_of_each_currency(shop: Shop) -> None:
    plain: dict[str, Any] = {"discounts": [], "shipping": {"amount": "0"}, "fees": [], "payments": []}
    line = {"sku": "A", "title": "A", "quantity": 1}
    shop.order("euro", lines=[{**line, "unit_price": "50.00"}], total="50.00", **plain)
    shop.order("yen", currency="JPY", lines=[{**line, "unit_price": "49"}], total="49", **plain)
    shop.order("dinar", currency="KWD", lines=[{**line, "unit_price": "50.001"}], total="50.001", **plain)

    assert numbers(shop, "total:>50") == ["dinar"]
    assert set(numbers(shop, "total:>=50")) == {"euro", "dinar"}
    assert numbers(shop, "total:<50") == ["yen"]


@pytest.mark.parametrize(
    ("q", "code"),
    [
        ("couleur:bleu", "unknown_filter"),
        ("status:lost", "invalid_filter"),
        ("placed:hier", "invalid_filter"),
        ("placed:>=9999-12-31", "invalid_filter"),
        ("total:>beaucoup", "invalid_filter"),
        ("request:perhaps", "invalid_filter"),
        ("number:a\x00b", "invalid_filter"),
    ],
)
def test_a_filter_that_cannot_be_meant_is_refused(shop: Shop, q: str, code: str) -> None:
    refusal = refused(shop, q=q)

    assert (refusal.code, refusal.status) == (code, 422)


@pytest.mark.parametrize(
    "q", ['\'; drop table "order"; --', "sku:a'b\\c", "((", "& | !", "a" * 5000, "\x00", "sku:" + "é" * 3000]
)
def test_no_words_break_the_search(shop: Shop, q: str) -> None:
    shop.order()

    assert numbers(shop, q) in ([], ["1001"])


def pages(shop: Shop, q: str, limit: int) -> Sequence[list[str]]:
    found, cursor = [], None
    while True:
        answer = order_list(merchant_id=shop.merchant_id, q=q, limit=limit, cursor=cursor)
        found.append([row["number"] for row in answer["items"]])
        cursor = answer["next"]
        if cursor is None:
            return found


@pytest.mark.parametrize("q", ["", "eloise", "status:open"])
def test_pages_follow_each_other_without_gap_or_repeat(shop: Shop, q: str) -> None:
    for number in range(7):  # all placed at one instant: the identity decides
        shop.order(str(number))

    found = pages(shop, q, 3)

    assert [len(page) for page in found] == [3, 3, 1]
    assert sorted(number for page in found for number in page) == [str(number) for number in range(7)]


def test_a_cursor_goes_on_with_the_same_filters_only(shop: Shop) -> None:
    shop.order("1")
    shop.order("2")
    cursor = order_list(merchant_id=shop.merchant_id, q="status:open", limit=1)["next"]

    assert numbers(shop, "status:open", limit=5, cursor=cursor) == ["1"]
    assert refused(shop, q="", cursor=cursor).code == "cursor_differs"
    assert refused(shop, q="status:cancelled", cursor=cursor).code == "cursor_differs"
    assert refused(shop, q="status:open", cursor=cursor + "x").code == "invalid_cursor"
    assert refused(shop, limit=251).code == "invalid_limit"


def test_a_word_that_only_an_old_order_has_is_found_by_the_index(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from countermand.overview.orders import listing

    monkeypatch.setattr(listing, "NEWEST", 1)
    shop.order("old", placed_at="2020-01-01T00:00:00Z")
    shop.order("new", customer={"name": "Jean Petit"})

    assert numbers(shop, "eloise") == ["old"]


def test_a_list_takes_as_many_statements_for_many_orders_as_for_one(shop: Shop) -> None:
    shop.order("0")
    few = statements(lambda: numbers(shop, "eloise"))
    for number in range(1, 60):
        shop.order(str(number))

    assert statements(lambda: numbers(shop)) == 1
    assert few == 2
    assert statements(lambda: numbers(shop, "eloise")) == 1  # the first page is full: no need of the index


def test_AZ11_a_hidden_buyer_is_hidden_in_lists_and_not_found_by_name(shop: Shop) -> None:
    shop.order("1001", verification="pending")

    [row] = order_list(merchant_id=shop.merchant_id)["items"]

    assert row["customer"] == {"name": "", "email": ""}
    assert numbers(shop, "1001") == ["1001"]
    assert numbers(shop, "eloise") == []


def test_the_search_reads_the_index_not_the_table(shop: Shop) -> None:
    from countermand.overview.orders import listing
    from countermand.overview.orders.asking import question

    asked = question(merchant_id=shop.merchant_id, q="eloise")
    text = listing.BY_INDEX.replace("[after]", "").replace("[conditions]", "")
    sql.execute("SET enable_seqscan = off")
    try:
        plan = sql.tuples(
            f"EXPLAIN {text}", {"m": shop.merchant_id, "limit": 51, "most": 5000, "query": asked.query}
        )
    finally:
        sql.execute("RESET enable_seqscan")

    assert any("order_words_words" in row[0] for row in plan)
