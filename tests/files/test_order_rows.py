"""Orders and items from CSV and JSON lines, in the shape of the API's bodies."""

import gzip
import json
from pathlib import Path

import pytest

from countermand.files.item_rows import ItemBody, open_items
from countermand.files.opening import UnreadableFile
from countermand.files.order_rows import OrderBody, open_orders
from countermand.files.row_results import RowRefused

COLUMNS = (
    "channel,order,placed_at,ship_by,currency,prices_include_tax,customer_name,customer_email,country,"
    "shipping_amount,shipping_tax_rate,order_discount,discount_title,payment_provider,payment_method,"
    "payment_state,payment_amount,provider_reference,line,sku,title,quantity,unit_price,tax_rate,discount"
)
AT = "2026-11-20T10:00:00+01:00"
SHORT = "order,placed_at,currency,sku,quantity,unit_price"


def read(tmp_path: Path, text: str, name: str = "orders.csv") -> list[OrderBody | RowRefused]:
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return list(open_orders(path=path, channel="boutique"))


def test_the_example_of_the_contract_can_be_written_as_two_rows(tmp_path: Path) -> None:
    [order] = read(
        tmp_path,
        f"{COLUMNS}\n"
        f"shop,1001,{AT},2026-11-23,EUR,yes,Ana,ana@example.test,FR,4.90,20,5.00,BIENVENUE,sandbox,card,captured,"
        "46.80,ok-1001,1,MUG-BLEU,Mug bleu,3,12.30,20,0.00\n"
        f"shop,1001,{AT},,,,,,,,,,,,,,,,2,BOL,Bol,1,10.00,20,\n",
    )
    assert order == OrderBody(
        2,
        {
            "channel": "shop",
            "number": "1001",
            "placed_at": AT,
            "ship_by": "2026-11-23",
            "currency": "EUR",
            "prices_include_tax": True,
            "customer": {"name": "Ana", "email": "ana@example.test"},
            "shipping_address": {"country": "FR"},
            "shipping": {"amount": "4.90", "tax_rate": "20"},
            "lines": [
                {"reference": "1", "sku": "MUG-BLEU", "title": "Mug bleu", "quantity": 3, "unit_price": "12.30",
                 "tax_rate": "20", "discount": "0.00"},
                {"reference": "2", "sku": "BOL", "title": "Bol", "quantity": 1, "unit_price": "10.00", "tax_rate": "20"},
            ],
            "discounts": [{"title": "BIENVENUE", "amount": "5.00"}],
            "payments": [
                {"provider": "sandbox", "method": "card", "state": "captured", "amount": "46.80",
                 "provider_reference": "ok-1001"}
            ],
        },
    )  # fmt: skip


def test_rows_of_another_order_or_channel_begin_another_order(tmp_path: Path) -> None:
    rows = f"a,1,{AT},EUR,MUG,1,1.00\na,1,{AT},EUR,BOL,1,1.00\nb,1,{AT},EUR,MUG,1,1.00\nb,2,{AT},EUR,MUG,1,1.00\n"
    orders = read(tmp_path, f"channel,{SHORT}\n{rows}")
    assert [(o.row_number, len(o.body["lines"])) for o in orders if isinstance(o, OrderBody)] == [
        (2, 2),
        (4, 1),
        (5, 1),
    ]


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (f"1,{AT},USD,BOL,1,1.00", "order_columns_differ"),
        ("1,,,BOL,0,1.00", "quantity_too_small"),
        ("1,,,BOL,,1.00", "quantity_required"),
        ("1,,,,1,1.00", "sku_required"),
        ("1,,,BOL,1,", "unit_price_required"),
        ("1,,,BOL,1", "row_too_short"),
    ],
)
def test_one_row_that_is_wrong_refuses_its_order_and_no_other(tmp_path: Path, second: str, code: str) -> None:
    refused, good = read(tmp_path, f"{SHORT}\n1,{AT},EUR,MUG,1,1.00\n{second}\n2,{AT},EUR,MUG,1,1.00\n")
    assert isinstance(refused, RowRefused) and (refused.row_number, refused.code) == (3, code)
    assert refused.name == "1"
    assert isinstance(good, OrderBody) and good.body["number"] == "2"


def test_a_row_that_does_not_say_whose_it_is_refuses_the_orders_on_both_sides(tmp_path: Path) -> None:
    def row(order: int) -> str:
        return f"{order},{AT},EUR,MUG,1,1.00\n"

    stray = '2,"5" pipe"\n'
    found = read(tmp_path, f"{SHORT}\n{row(1)}{row(2)}{stray}{row(3)}{row(4)}")
    assert [(one.row_number, isinstance(one, OrderBody)) for one in found] == [
        (2, True),
        (4, False),
        (4, False),
        (6, True),
    ]
    assert [one.name for one in found] == ["1", "2", "3", "4"]
    within = read(tmp_path, f"{SHORT}\n{row(1)}{stray}{row(1)}{row(2)}")
    assert [(one.row_number, isinstance(one, OrderBody)) for one in within] == [(3, False), (5, True)]
    assert isinstance(within[0], RowRefused) and within[0].detail.startswith("cannot be told apart")


def test_an_order_of_2000_lines_is_read_and_one_of_2001_is_not(tmp_path: Path) -> None:
    def lines(order: int, count: int) -> str:
        return f"{order},{AT},EUR,MUG,1,1.00\n" * count

    most, above, after = read(tmp_path, f"{SHORT}\n{lines(1, 2000)}{lines(2, 9000)}{lines(3, 1)}")
    assert isinstance(most, OrderBody) and len(most.body["lines"]) == 2000
    assert isinstance(above, RowRefused) and (above.row_number, above.code) == (2002, "too_many_lines")
    assert isinstance(after, OrderBody) and after.row_number == 11002


def test_amounts_stay_the_text_they_are(tmp_path: Path) -> None:
    [order] = read(tmp_path, f'{SHORT}\n1,{AT},EUR,MUG,1,"12,30"\n')
    assert isinstance(order, OrderBody) and order.body["lines"][0]["unit_price"] == "12,30"


@pytest.mark.parametrize("name", ["orders.jsonl", "orders.jsonl.gz", "ORDERS.JSONL"])
def test_json_lines_hold_a_body_each(tmp_path: Path, name: str) -> None:
    bodies = [{"number": "1", "lines": []}, {"channel": "amazon", "number": "2", "lines": []}]
    first, second = read(tmp_path, "\n\n".join(json.dumps(body) for body in bodies), name)
    assert first == OrderBody(1, {"channel": "boutique", "number": "1", "lines": []})
    assert second == OrderBody(3, bodies[1])


@pytest.mark.parametrize(
    "line",
    [
        "[]",
        "{",
        '"x"',
        '{"a":1,"a":2}',
        '{"a":NaN}',
        '{"a":"\\ud800"}',
        '{"a":"\\u0000"}',
        "[" * 100_000,
        "1" * 5000,
    ],
)
def test_a_line_that_is_no_object_of_json_is_refused_alone(tmp_path: Path, line: str) -> None:
    refused, good = read(tmp_path, f'{line}\n{{"number":"2"}}\n', "orders.jsonl")
    assert isinstance(refused, RowRefused) and (refused.row_number, refused.code) == (1, "malformed_json")
    assert isinstance(good, OrderBody)


def test_a_text_with_a_written_backslash_is_kept(tmp_path: Path) -> None:
    [order] = read(tmp_path, json.dumps({"number": "é \\u0000"}), "orders.jsonl")
    assert isinstance(order, OrderBody) and order.body["number"] == "é \\u0000"


def test_items_are_read_with_their_options(tmp_path: Path) -> None:
    path = tmp_path / "items.csv"
    path.write_text(
        "sku;title;product;option:couleur;option:taille;interchangeable;price;currency;on_hand;active\n"
        "MUG-BLEU;Mug bleu;MUG;bleu;;taille|couleur;12.30;EUR;0;yes\n"
        ";Sans code;;;;;;;;\n"
        "BOL;Bol;;;;;;;-1;\n"
    )
    item, nameless, negative = open_items(path=path)
    assert item == ItemBody(
        2,
        "MUG-BLEU",
        {
            "title": "Mug bleu",
            "product": "MUG",
            "price": "12.30",
            "currency": "EUR",
            "interchangeable": ["taille", "couleur"],
            "options": {"couleur": "bleu"},
            "on_hand": 0,
            "active": True,
        },
    )
    assert isinstance(nameless, RowRefused) and nameless.code == "sku_required"
    assert isinstance(negative, RowRefused) and negative.code == "quantity_too_small"


def test_items_as_json_lines_name_their_sku(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text('{"sku":"BOL","title":"Bol","on_hand":3}\n{"title":"?"}\n')
    assert list(open_items(path=path)) == [
        ItemBody(1, "BOL", {"title": "Bol", "on_hand": 3}),
        RowRefused(2, "sku_required", "a line names its item in `sku`, 64 characters at most", "sku"),
    ]


def test_an_unknown_column_refuses_the_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="unknown column: colour"):
        read(tmp_path, f"{SHORT},colour\n")
    (tmp_path / "items.csv").write_text("sku,title,option:\n")
    with pytest.raises(UnreadableFile, match="unknown column: option:"):
        open_items(path=tmp_path / "items.csv")
