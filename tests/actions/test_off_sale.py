"""Articles taken off sale on every channel, and looked over from time to time (RK-6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from countermand.events.models import Event
from countermand.overview.todo import to_do
from countermand.refusals import Refusal
from countermand.stock import queries, rules
from countermand.stock.actions import count_stock, put_item
from countermand.stock.models import Item
from countermand.stock.selling import (
    MOST_ITEMS,
    put_on_sale,
    read_skus,
    remind_every,
    review,
    take_off_sale,
    waited_for,
)
from tests.builders import an_order

AT = datetime.now(UTC)


def articles(merchant: Any, *skus: str, on_hand: int = 5) -> None:
    for sku in skus:
        put_item(
            merchant_id=merchant.id,
            sku=sku,
            fields={"title": sku.title(), "product": "mug", "options": {"c": sku}, "on_hand": on_hand},
            by="test",
            at=AT,
        )


def deed(merchant: Any, **more: Any) -> dict[str, Any]:
    return {"merchant_id": merchant.id, "by": "lea@example.org", "at": AT, **more}


def found(merchant: Any, sku: str) -> Item:
    return Item.of(merchant.id).get(sku=sku)


def test_RK6_an_article_off_sale_can_be_sold_on_no_channel(merchant: Any) -> None:
    articles(merchant, "MUG-BLEU", "MUG-VERT")
    done = take_off_sale(skus=["MUG-BLEU", "PARTI"], why="  plus fabriqué ", **deed(merchant))
    assert (done.skus, done.before, done.unknown) == (["MUG-BLEU"], [], ["PARTI"])
    item = found(merchant, "MUG-BLEU")
    assert (item.active, item.off_sale_by, item.off_sale_why) == (False, "lea@example.org", "plus fabriqué")
    assert item.off_sale_at == AT and item.on_hand == 5  # what is on the shelf stays there
    today = AT.date()
    assert rules.sellable(item.on_hand, item.allocated, active=item.active, today=today) == 0
    near = queries.alternatives(merchant_id=merchant.id, sku="MUG-VERT", at=AT)
    assert near == []  # nor is it proposed instead of another
    kinds = Event.of(merchant.id).filter(subject_id=item.id).values_list("kind", flat=True)
    assert list(kinds.order_by("id")) == ["item.created", "item.off_sale"]


def test_RK6_it_comes_back_as_it_was_and_twice_is_once(merchant: Any) -> None:
    articles(merchant, "MUG-BLEU")
    take_off_sale(skus=["MUG-BLEU"], why="erreur", **deed(merchant))
    again = take_off_sale(skus=["MUG-BLEU"], why="autre", **deed(merchant))
    assert (again.skus, again.before) == ([], ["MUG-BLEU"])
    assert found(merchant, "MUG-BLEU").off_sale_why == "erreur"
    assert put_on_sale(skus=["MUG-BLEU"], **deed(merchant)).skus == ["MUG-BLEU"]
    item = found(merchant, "MUG-BLEU")
    assert (item.active, item.off_sale_at, item.off_sale_by, item.off_sale_why) == (True, None, "", "")
    kinds = Event.of(merchant.id).filter(subject_id=item.id).values_list("kind", flat=True)
    assert list(kinds).count("item.off_sale") == list(kinds).count("item.on_sale") == 1


def test_RK6_orders_that_wait_for_it_are_shown_oldest_first(merchant: Any) -> None:
    articles(merchant, "MUG-BLEU", "BOL")
    late = an_order(merchant, number="B", lines=(("MUG-BLEU", 2, "12.30"),), placed_at=AT.isoformat())
    early = an_order(
        merchant,
        number="A",
        lines=(("BOL", 1, "9.00"), ("MUG-BLEU", 1, "12.30")),
        placed_at=(AT - timedelta(days=2)).isoformat(),
    )
    an_order(merchant, number="C", lines=(("BOL", 1, "9.00"),))
    done = take_off_sale(skus=["MUG-BLEU"], **deed(merchant))
    assert [(each.id, each.sku, each.open) for each in done.open_orders] == [
        (early, "MUG-BLEU", 1),
        (late, "MUG-BLEU", 2),
    ]
    bol = found(merchant, "BOL").id
    assert {each.number for each in waited_for(merchant_id=merchant.id, item_ids=[bol])} == {"A", "C"}
    assert found(merchant, "MUG-BLEU").allocated == 3  # what is ordered stays ordered


def test_RK6_many_at_once_and_what_is_none_is_told(merchant: Any) -> None:
    articles(merchant, *(f"A-{n}" for n in range(30)))
    done = take_off_sale(skus=[f"A-{n}" for n in range(40)], **deed(merchant))
    assert len(done.skus) == 30 and done.unknown == [f"A-{n}" for n in range(30, 40)]
    assert not Item.of(merchant.id).filter(active=True).exists()


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"skus": []}, "skus_required"),
        ({"skus": ["", " "]}, "skus_required"),
        ({"skus": ["NIRGENDS"]}, "not_found"),
        ({"skus": [str(n) for n in range(MOST_ITEMS + 1)]}, "too_many_items"),
        ({"skus": ["MUG-BLEU"], "why": "x" * 5001}, "text_too_long"),
    ],
)
def test_RK6_what_cannot_be_is_refused_by_name(merchant: Any, wish: dict[str, Any], code: str) -> None:
    articles(merchant, "MUG-BLEU")
    with pytest.raises(Refusal) as refused:
        take_off_sale(**wish, **deed(merchant))
    assert refused.value.code == code
    assert found(merchant, "MUG-BLEU").active


def test_RK6_another_merchants_article_is_none_of_ours(merchant: Any) -> None:
    articles(merchant, "MUG-BLEU")
    with pytest.raises(Refusal):
        take_off_sale(merchant_id=merchant.id + 1_000_000, skus=["MUG-BLEU"], by="x", at=AT)
    assert found(merchant, "MUG-BLEU").active


def test_RK6_described_as_inactive_is_off_sale_by_whoever_said_so(merchant: Any) -> None:
    articles(merchant, "MUG-BLEU")
    put_item(merchant_id=merchant.id, sku="MUG-BLEU", fields={"active": False}, by="api:caisse", at=AT)
    item = found(merchant, "MUG-BLEU")
    assert (item.off_sale_at, item.off_sale_by) == (AT, "api:caisse")
    put_item(merchant_id=merchant.id, sku="MUG-BLEU", fields={"active": True}, by="api:caisse", at=AT)
    assert found(merchant, "MUG-BLEU").off_sale_at is None


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        ("A\nB\n\n A \n", ["A", "B"]),
        ("sku;titre\nA;Mug\nB;Bol\n", ["A", "B"]),
        ('Référence\tTitre\n"A"\tMug', ["A"]),
        ("A, B", ["A, B"]),  # a comma may be part of a reference
        ("", []),
    ],
)
def test_RK6_a_pasted_list_is_read_as_people_paste(text: str, skus: list[str]) -> None:
    assert read_skus(text) == skus


def waits(merchant: Any, at: datetime) -> list[dict[str, Any]]:
    return to_do(merchant_id=merchant.id, at=at, kinds=["stock_review"])


def test_RK6_what_nobody_looked_at_for_long_is_to_be_looked_over(merchant: Any) -> None:
    articles(merchant, "VIEUX", "NEUF", "VIDE")
    count_stock(merchant_id=merchant.id, sku="VIDE", on_hand=0, by="test", at=AT)
    soon = datetime.now(UTC) + timedelta(days=29)
    assert waits(merchant, soon) == []
    later = datetime.now(UTC) + timedelta(days=30, minutes=5)
    [row] = waits(merchant, later)
    assert row["item"]["sku"] == "VIEUX" and row["units"] == 30  # one row, under the oldest
    review(skus=["VIEUX"], **deed(merchant, at=later))
    [row] = waits(merchant, later)
    assert row["item"]["sku"] == "NEUF"
    count_stock(merchant_id=merchant.id, sku="NEUF", on_hand=4, by="test", at=later)
    assert waits(merchant, later) == []  # VIDE has nothing to sell
    listed = queries.items(merchant_id=merchant.id, reviewed_before=later - timedelta(days=30))
    assert listed == []


def test_RK6_the_reminder_is_the_merchants_and_may_be_off(merchant: Any) -> None:
    articles(merchant, "VIEUX")
    later = datetime.now(UTC) + timedelta(days=40)
    remind_every(days=60, **deed(merchant))
    assert waits(merchant, later) == []
    remind_every(days=7, **deed(merchant))
    assert len(waits(merchant, later)) == 1
    remind_every(days=0, **deed(merchant))
    assert waits(merchant, later) == []
    with pytest.raises(Refusal):
        remind_every(days=366, **deed(merchant))


def test_RK6_what_is_off_sale_needs_no_look(merchant: Any) -> None:
    articles(merchant, "VIEUX")
    take_off_sale(skus=["VIEUX"], **deed(merchant))
    assert waits(merchant, datetime.now(UTC) + timedelta(days=40)) == []
