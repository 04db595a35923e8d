"""Articles: described, counted, off sale for some days; every unit with its movement."""

from datetime import UTC, date, datetime
from threading import Barrier, Thread
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from countermand import ids, sql
from countermand.events.models import Event
from countermand.refusals import Refusal
from countermand.stock import moves, queries
from countermand.stock.actions import add_stock, count_stock, make_available, make_unavailable, put_item
from countermand.stock.models import Item, Movement


@pytest.fixture
def mug(merchant: Any, now: datetime) -> Item:
    fields = {"title": "Mug bleu", "price": "12.30", "currency": "EUR", "on_hand": 10}
    return put_item(merchant_id=merchant.id, sku="MUG-BLEU", fields=fields, by="marie", at=now)[0]


def trail(item: Item) -> list[tuple[str, int, int]]:
    rows = Movement.of(item.merchant_id).filter(item_id=item.id).order_by("id")
    return [(row.kind, row.on_hand_delta, row.allocated_delta) for row in rows]


def counters(item: Item) -> tuple[int | None, int]:
    item.refresh_from_db()
    return item.on_hand, item.allocated


def take_back(item: Item, units: int, now: datetime) -> None:
    """Ships what a test promised to no real order, so that the audit's open units hold at the end."""
    move = {"item_id": item.id, "order_id": ids.new(), "quantity": units}
    moves.ship(merchant_id=item.merchant_id, moves=[move], by="test", at=now)


def units(item: Item, quantity: int, order_id: UUID | None = None) -> dict[str, Any]:
    return {"item_id": item.id, "order_id": order_id or ids.new(), "quantity": quantity}


def test_stock_is_set_when_an_article_is_made(mug: Item) -> None:
    assert (mug.on_hand, mug.allocated, mug.price_minor) == (10, 0, 1230)
    assert trail(mug) == [("opening", 10, 0)]


def test_stock_is_not_set_by_describing_it_again(mug: Item, now: datetime) -> None:
    with pytest.raises(Refusal) as refused:
        put_item(merchant_id=mug.merchant_id, sku=mug.sku, fields={"on_hand": 10}, by="marie", at=now)

    assert (refused.value.code, refused.value.status) == ("use_stock", 422)


def test_what_is_left_out_stays(mug: Item, now: datetime) -> None:
    item, made = put_item(
        merchant_id=mug.merchant_id, sku=mug.sku, fields={"range": "Petit déjeuner"}, by="marie", at=now
    )

    assert not made
    assert (item.title, item.range, item.price_minor, item.on_hand) == (
        "Mug bleu",
        "Petit déjeuner",
        1230,
        10,
    )
    assert Event.of(mug.merchant_id).get(kind="item.changed").facts == {"changed": ["range"]}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"price": "1.00"}, "currency_required"),
        ({"currency": "EUR"}, "price_required"),
        ({"price": "1.234", "currency": "EUR"}, "too_many_decimals"),
        ({"price": "1.00", "currency": "EUX"}, "unknown_currency"),
        ({"on_hand": -1}, "invalid_quantity"),
        ({"title": "x" * 501}, "text_too_long"),
        ({"interchangeable": ["x" * 65]}, "text_too_long"),
    ],
)
def test_what_is_no_article_is_refused_and_not_made(
    merchant: Any, now: datetime, fields: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refusal) as refused:
        put_item(merchant_id=merchant.id, sku="X", fields=fields, by="marie", at=now)

    assert refused.value.code == code
    assert not Item.of(merchant.id).exists()


@pytest.mark.parametrize("sku", ["", "x" * 65, "a\x00b"])
def test_a_sku_has_1_to_64_characters(merchant: Any, now: datetime, sku: str) -> None:
    with pytest.raises(Refusal):
        put_item(merchant_id=merchant.id, sku=sku, fields={}, by="marie", at=now)


def test_counting_moves_by_the_difference(mug: Item, now: datetime) -> None:
    counted = count_stock(
        merchant_id=mug.merchant_id, sku=mug.sku, on_hand=4, note="inventaire", by="marie", at=now
    )

    assert counted.item.on_hand == 4
    assert counted.open_orders == []
    assert trail(mug) == [("opening", 10, 0), ("counted", -6, 0)]
    last = Movement.of(mug.merchant_id).filter(item_id=mug.id).latest("id")
    assert (last.by, last.note) == ("marie", "inventaire")


def test_adding_may_take_away_but_never_below_nothing(mug: Item, now: datetime) -> None:
    add_stock(merchant_id=mug.merchant_id, sku=mug.sku, quantity=3, by="marie", at=now)
    add_stock(merchant_id=mug.merchant_id, sku=mug.sku, quantity=-13, by="marie", at=now)

    with pytest.raises(Refusal) as refused:
        add_stock(merchant_id=mug.merchant_id, sku=mug.sku, quantity=-1, by="marie", at=now)

    assert refused.value.code == "stock_below_zero"
    assert trail(mug) == [("opening", 10, 0), ("added", 3, 0), ("added", -13, 0)]


def test_an_article_without_stock_keeping_is_counted_before_it_is_added_to(
    merchant: Any, now: datetime
) -> None:
    item, _ = put_item(merchant_id=merchant.id, sku="CARTE", fields={"title": "Carte"}, by="marie", at=now)

    with pytest.raises(Refusal) as refused:
        add_stock(merchant_id=merchant.id, sku="CARTE", quantity=3, by="marie", at=now)
    count_stock(merchant_id=merchant.id, sku="CARTE", on_hand=3, by="marie", at=now)

    assert refused.value.code == "without_stock_keeping"
    assert trail(item) == [("opening", 3, 0)]


def test_EM5_off_sale_for_five_days_in_the_merchants_time(mug: Item) -> None:
    late = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)  # 00:30 on the 20th in Paris

    make_unavailable(merchant_id=mug.merchant_id, sku=mug.sku, days=5, by="marie", at=late)
    mug.refresh_from_db()

    assert mug.unavailable_until == date(2026, 11, 25)
    make_available(merchant_id=mug.merchant_id, sku=mug.sku, by="marie", at=late)
    mug.refresh_from_db()
    assert mug.unavailable_until is None
    kinds = Event.of(mug.merchant_id).filter(subject_id=mug.id).values_list("kind", flat=True)
    assert set(kinds) == {"item.created", "item.unavailable", "item.available"}


def test_units_without_stock_keeping_move_nothing(merchant: Any, now: datetime) -> None:
    item, _ = put_item(merchant_id=merchant.id, sku="CARTE", fields={}, by="marie", at=now)

    moves.allocate(merchant_id=merchant.id, moves=[units(item, 3)], by="test", at=now)
    moves.ship(merchant_id=merchant.id, moves=[units(item, 3)], by="test", at=now)

    assert counters(item) == (None, 0)
    assert trail(item) == []


def test_promised_units_leave_both_counters_when_they_ship(mug: Item, now: datetime) -> None:
    order = ids.new()
    moves.allocate(
        merchant_id=mug.merchant_id, moves=[units(mug, 2, order), units(mug, 1, order)], by="test", at=now
    )
    assert counters(mug) == (10, 3)

    moves.ship(merchant_id=mug.merchant_id, moves=[units(mug, 3, order)], by="test", at=now)

    assert counters(mug) == (7, 0)
    assert trail(mug) == [("opening", 10, 0), ("allocated", 0, 3), ("shipped", -3, -3)]


def test_shipping_what_was_oversold_takes_what_there_is_and_says_so(mug: Item, now: datetime) -> None:
    two_orders = [units(mug, 8), units(mug, 5)]
    moves.allocate(merchant_id=mug.merchant_id, moves=two_orders, by="test", at=now)

    moves.ship(merchant_id=mug.merchant_id, moves=two_orders, by="test", at=now)

    assert counters(mug) == (0, 0)
    shipped = Movement.of(mug.merchant_id).filter(kind="shipped").order_by("id")
    assert [(row.on_hand_delta, row.allocated_delta, row.note) for row in shipped] == [
        (-8, -8, ""),
        (-2, -5, "5 expédiés, 2 en stock"),
    ]


def test_another_merchants_article_is_never_moved(mug: Item, now: datetime) -> None:
    moves.allocate(merchant_id=mug.merchant_id + 1, moves=[units(mug, 3)], by="test", at=now)

    assert counters(mug) == (10, 0)


def test_counting_and_promising_at_the_same_time_lose_nothing(mug: Item, now: datetime) -> None:
    rounds, ready = 15, Barrier(2)

    def count() -> None:
        ready.wait()
        for n in range(rounds):
            count_stock(merchant_id=mug.merchant_id, sku=mug.sku, on_hand=n, by="marie", at=now)
        connection.close()

    def promise() -> None:
        ready.wait()
        for _ in range(rounds):
            sql.verb(moves.allocate)(merchant_id=mug.merchant_id, moves=[units(mug, 2)], by="test", at=now)
        connection.close()

    threads = [Thread(target=count), Thread(target=promise)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert counters(mug) == (rounds - 1, 2 * rounds)
    assert sum(row[1] for row in trail(mug)) == rounds - 1
    assert sum(row[2] for row in trail(mug)) == 2 * rounds
    take_back(mug, 2 * rounds, now)


def test_articles_are_listed_by_sku_from_one_to_the_next(merchant: Any, now: datetime) -> None:
    for sku, title in (("A1", "Bol"), ("A2", "Mug rouge"), ("B1", "Mug bleu"), ("É1", "Théière")):
        put_item(merchant_id=merchant.id, sku=sku, fields={"title": title}, by="marie", at=now)

    first = queries.items(merchant_id=merchant.id, limit=2)
    rest = queries.items(merchant_id=merchant.id, after=first[-1].sku, limit=50)

    assert [item.sku for item in first + rest] == ["A1", "A2", "B1", "É1"]
    assert [item.sku for item in queries.items(merchant_id=merchant.id, text="mug BLEU")] == ["B1"]
    assert [item.sku for item in queries.items(merchant_id=merchant.id, text="a")] == ["A1", "A2"]


def test_EM3_alternatives_come_from_the_merchants_own_articles(merchant: Any, now: datetime) -> None:
    blue = {"product": "Mug", "range": "Matin", "options": {"couleur": "bleu"}, "on_hand": 0}
    red = {"product": "Mug", "range": "Matin", "options": {"couleur": "rouge"}, "on_hand": 1}
    bowl = {"product": "Bol", "range": "Matin", "on_hand": 1}
    for sku, fields in (("BLEU", blue), ("ROUGE", red), ("BOL", bowl), ("AUTRE", {"on_hand": 4})):
        put_item(merchant_id=merchant.id, sku=sku, fields=fields, by="marie", at=now)

    found = queries.alternatives(merchant_id=merchant.id, sku="BLEU", at=now)

    assert [(one.kind, one.article.sku) for one in found] == [
        ("other_option", "ROUGE"),
        ("same_range", "BOL"),
    ]
    assert queries.alternatives(merchant_id=merchant.id, sku="AUTRE", at=now) == []
    with pytest.raises(Refusal):
        queries.alternatives(merchant_id=merchant.id, sku="INCONNU", at=now)
