"""Loading orders and items from files: once, in order, refused by name, and harmless again."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from countermand.files.import_items import import_items
from countermand.files.import_orders import import_orders
from countermand.files.importing import Imported
from countermand.files.item_rows import open_items
from countermand.files.order_rows import open_orders
from countermand.orders.models import Order
from countermand.stock.models import Item


def order(number: str, **more: Any) -> dict[str, Any]:
    return {
        "channel": "boutique",
        "number": number,
        "placed_at": "2026-11-20T10:00:00+01:00",
        "currency": "EUR",
        "lines": [{"sku": "MUG", "quantity": 2, "unit_price": "10.00"}],
    } | more


def load(merchant: Any, folder: Path, now: datetime, *bodies: Any, dry_run: bool = False) -> list[Imported]:
    path = folder / "orders.jsonl"
    path.write_text("".join((body if isinstance(body, str) else json.dumps(body)) + "\n" for body in bodies))
    orders = open_orders(path=path)
    return list(
        import_orders(merchant_id=merchant.id, orders=orders, by="file:test", at=now, dry_run=dry_run)
    )


def said(found: list[Imported]) -> list[tuple[int, str, str]]:
    return [(one.row_number, one.state, one.code) for one in found]


def test_orders_come_in_once_and_what_is_wrong_is_refused_alone(
    merchant: Any, tmp_path: Path, now: datetime
) -> None:
    bodies = [
        order("1"),
        order("2", lines=[{"sku": "MUG", "quantity": "2", "unit_price": "10.00"}]),
        "{",
        order("4", colour="blue"),
        order("5", total="19.00"),
        order("6", channel="elsewhere"),
        order("7", placed_at="yesterday"),
        {"number": "8"},
        order("9", customer={"name": "x" * 201}),
        order("10"),
    ]
    expected = [
        (1, "done", ""), (2, "refused", "invalid_value"), (3, "refused", "malformed_json"),
        (4, "refused", "unknown_field"), (5, "refused", "total_differs"), (6, "refused", "unknown_channel"),
        (7, "refused", "invalid_value"), (8, "refused", "required"), (9, "refused", "text_too_long"),
        (10, "done", ""),
    ]  # fmt: skip
    assert said(load(merchant, tmp_path, now, *bodies, dry_run=True)) == expected
    assert not Order.of(merchant.id).exists()
    assert said(load(merchant, tmp_path, now, *bodies)) == expected
    assert said(load(merchant, tmp_path, now, *bodies)) == [
        (row, "already_done" if state == "done" else state, code) for row, state, code in expected
    ]
    assert sorted(Order.of(merchant.id).values_list("number", flat=True)) == ["1", "10"]


def test_an_order_that_stands_twice_with_other_content_is_refused_in_a_dry_run_too(
    merchant: Any, tmp_path: Path, now: datetime
) -> None:
    bodies = [
        order("1"),
        *(order(str(number)) for number in range(2, 120)),
        order("1", invoice_number="F-1"),
        order("1"),
    ]
    tried = load(merchant, tmp_path, now, *bodies, dry_run=True)
    assert (tried[-2].state, tried[-2].code) == ("refused", "order_differs")
    real = load(merchant, tmp_path, now, *bodies)
    assert (real[-2].code, real[-1].state) == ("order_differs", "already_done")


def test_items_are_described_with_their_stock_and_the_same_file_again_changes_nothing(
    merchant: Any, tmp_path: Path, now: datetime
) -> None:
    path = tmp_path / "items.csv"

    def put(text: str, *, dry_run: bool = False) -> list[tuple[int, str, str]]:
        path.write_text("sku,title,on_hand,price,currency,option:couleur\n" + text)
        items = open_items(path=path)
        return said(
            list(import_items(merchant_id=merchant.id, items=items, by="file:test", at=now, dry_run=dry_run))
        )

    rows = "MUG,Mug bleu,12,9.90,EUR,bleu\nBOL,Bol,,,,\nVASE,Vase,-1,,,\nPOT,Pot,1,,EUR,\n"
    answers = [
        (2, "done", ""),
        (3, "done", ""),
        (4, "refused", "quantity_too_small"),
        (5, "refused", "price_required"),
    ]
    assert put(rows, dry_run=True) == answers
    assert not Item.of(merchant.id).exists()
    assert put(rows) == answers
    assert [state for _, state, _ in put(rows)] == ["already_done", "already_done", "refused", "refused"]
    # Stock is set when an article is made; afterwards it is counted.
    assert put("MUG,Grand mug,12,9.90,EUR,bleu\nBOL,Bol,3,,,\n") == [
        (2, "already_done", ""),
        (3, "refused", "use_stock"),
    ]
    mug = Item.of(merchant.id).get(sku="MUG")
    assert (mug.title, mug.on_hand, mug.price_minor, mug.options) == (
        "Grand mug",
        12,
        990,
        {"couleur": "bleu"},
    )


def test_an_article_of_a_file_keeps_its_barcode(merchant: Any, tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "items.csv"
    path.write_text(f"sku,title,barcode\nMUG,Mug,3760012345678\nBOL,Bol,\nPOT,Pot,{'3' * 65}\n")
    items = open_items(path=path)
    found = list(import_items(merchant_id=merchant.id, items=items, by="file:test", at=now))
    assert said(found) == [(2, "done", ""), (3, "done", ""), (4, "refused", "text_too_long")]
    assert (found[2].name, found[2].field) == ("POT", "barcode")
    assert dict(Item.of(merchant.id).values_list("sku", "barcode")) == {"MUG": "3760012345678", "BOL": ""}


NOT_TO_BE_TYPED = [" JJ10 ", "JJ\t11", " ", "JJ\u200b12", "JJ\n"]


@pytest.mark.parametrize("name", NOT_TO_BE_TYPED)
def test_a_number_that_nobody_could_type_again_is_refused(
    merchant: Any, tmp_path: Path, now: datetime, name: str
) -> None:
    line = {"sku": "MUG", "quantity": 2, "unit_price": "10.00"}
    found = load(
        merchant,
        tmp_path,
        now,
        order(name),
        order("1", lines=[line | {"sku": name}]),
        order("2", lines=[line, line | {"reference": name}]),
        order("C 12 / b"),
    )
    assert [(one.state, one.code, one.field) for one in found] == [
        ("refused", "invalid_text", "number"),
        ("refused", "invalid_text", "lines.0.sku"),
        ("refused", "invalid_text", "lines.1.reference"),
        ("done", "", ""),
    ]


@pytest.mark.parametrize("sku", NOT_TO_BE_TYPED)
def test_a_sku_that_nobody_could_type_again_is_refused(
    merchant: Any, tmp_path: Path, now: datetime, sku: str
) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text(
        json.dumps({"sku": sku, "title": "?"}) + "\n" + json.dumps({"sku": "BOL 1", "title": "Bol"})
    )
    items = open_items(path=path)
    found = list(import_items(merchant_id=merchant.id, items=items, by="file:test", at=now))
    assert [(one.state, one.code, one.field) for one in found] == [
        ("refused", "invalid_text", "sku"),
        ("done", "", ""),
    ]


def test_more_money_than_an_order_may_hold_is_refused_by_name(
    merchant: Any, tmp_path: Path, now: datetime
) -> None:
    most = {"sku": "MUG", "quantity": 1, "unit_price": "100000000000.00"}  # 10^13 cents
    fee = {"amount": "0.01"}
    found = load(
        merchant,
        tmp_path,
        now,
        order("1", lines=[most | {"quantity": 1_000_000}]),
        order("2", lines=[most | {"quantity": 2}]),
        order("3", lines=[most] * 2),
        order("4", lines=[most], fees=[fee]),
        order("5", lines=[most | {"tax_rate": "20"}], prices_include_tax=False),
        order("6", lines=[most]),
    )
    assert [(one.name, one.code, one.field) for one in found] == [
        ("1", "amount_too_large", "lines.0.unit_price"),
        ("2", "amount_too_large", "lines.0.unit_price"),
        ("3", "amount_too_large", "total"),
        ("4", "amount_too_large", "total"),
        ("5", "amount_too_large", "total"),
        ("6", "", ""),
    ]
    assert Order.of(merchant.id).get().total_minor == 10**13
