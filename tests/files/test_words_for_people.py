"""What a file is refused for is said to the person who sent it, not in the words of the machine that reads it."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from countermand.channels.actions import open_channel
from countermand.files.cells import Cells
from countermand.files.import_items import import_items
from countermand.files.import_orders import import_orders
from countermand.files.importing import Imported
from countermand.files.item_rows import open_items
from countermand.files.json_lines import open_json_lines
from countermand.files.online_retail import open_online_retail
from countermand.files.opening import UnreadableFile
from countermand.files.order_rows import open_orders
from countermand.files.row_results import RefusedCell, RowRefused
from countermand.reasons import judge_reason
from countermand.refusals import Refusal

RETAIL = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def loaded(merchant: Any, folder: Path, now: datetime, **line: Any) -> Imported:
    body = {
        "channel": line.pop("channel", "boutique"),
        "number": "1",
        "placed_at": "2026-11-20T10:00:00+01:00",
        "currency": "EUR",
        "lines": [{"sku": "MUG", "quantity": 1, "unit_price": "1.00"} | line],
    }
    path = folder / "orders.jsonl"
    path.write_text(json.dumps(body))
    orders = open_orders(path=path)
    [found] = import_orders(merchant_id=merchant.id, orders=orders, by="file:test", at=now)
    return found


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ({"quantity": -1}, "lines.0.quantity: is below 0"),
        ({"quantity": 0}, "lines.0.quantity: is at least 1"),
        ({"quantity": 10**20}, "lines.0.quantity: is at most 1000000"),
        ({"quantity": "1"}, "lines.0.quantity: is a whole number"),
        ({"unit_price": "-5.00"}, "lines.0.unit_price: is below 0"),
        ({"unit_price": 5}, "lines.0.unit_price: is a text"),
        ({"unit_price": None}, "lines.0.unit_price: is a text"),
        ({"colour": "blue"}, "lines.0.colour: is not known here"),
    ],
)
def test_a_number_that_cannot_be_says_why(
    merchant: Any, tmp_path: Path, now: datetime, line: dict[str, Any], detail: str
) -> None:
    assert loaded(merchant, tmp_path, now, **line).detail == detail


@pytest.mark.parametrize(
    ("text", "code", "detail"),
    [
        ("-1", "quantity_too_small", "quantity is below 0"),
        ("-" + "9" * 30, "quantity_too_small", "quantity is below 0"),
        ("0", "quantity_too_small", "quantity is at least 1"),
        ("1000001", "quantity_too_large", "quantity is at most 1000000"),
        ("9" * 5_000, "quantity_too_large", "quantity is at most 1000000"),
    ],
)
def test_a_cell_with_a_quantity_that_cannot_be_says_why(text: str, code: str, detail: str) -> None:
    with pytest.raises(RefusedCell) as refused:
        Cells({"quantity": text}).quantity()
    assert (refused.value.code, refused.value.detail) == (code, detail)


def test_more_stock_than_can_be_counted_is_called_too_much(
    merchant: Any, tmp_path: Path, now: datetime
) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text('{"sku": "MUG", "title": "Mug", "on_hand": 99999999999999999999}')
    items = open_items(path=path)
    [found] = import_items(merchant_id=merchant.id, items=items, by="file:test", at=now)
    assert (found.code, found.detail) == ("invalid_quantity", "on_hand: at most 1,000,000,000 units")


@pytest.mark.parametrize(
    ("quantity", "price", "said"),
    [
        ("99999999999", "1", "quantity '99999999999' is too large"),
        ("1.5", "1", "quantity '1.5' is no whole number"),
        ("1", "9999999999.5", "price '9999999999.5' is too large"),
        ("1", "free", "price 'free' is no price"),
    ],
)
def test_a_quantity_of_the_data_set_that_is_too_large_is_called_so(
    tmp_path: Path, quantity: str, price: str, said: str
) -> None:
    path = tmp_path / "retail.csv"
    path.write_text(f"{RETAIL}1,MUG,Mug,{quantity},2010-12-01T08:26:00,{price},1,France\n")
    with pytest.raises(UnreadableFile) as refused:
        list(open_online_retail(path=path))
    assert refused.value.detail == f"row 2: {said}"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "is no JSON object"),
        ("[]", "is no JSON object"),
        ("[" * 100_000, "is no JSON object"),
        ('{"a":' * 100_000, "is no JSON object"),
        ('{"a": ' + "1" * 5_000 + "}", "is no JSON object"),
        ('{"a":1,"a":2}', "a name is given twice"),
    ],
)
def test_a_line_that_is_no_json_object_is_called_so(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "orders.jsonl"
    path.write_text(f"{{}}\n{line}\n")
    refused = list(open_json_lines(path=path))[1]
    assert isinstance(refused, RowRefused)
    assert (refused.row_number, refused.code, refused.detail) == (2, "malformed_json", said)


def test_an_unknown_channel_is_told_which_there_are(merchant: Any, tmp_path: Path, now: datetime) -> None:
    found = loaded(merchant, tmp_path, now, channel="botique")
    assert found.detail == "channel: no channel 'botique'; there is boutique"
    for number in range(25):
        open_channel(
            merchant_id=merchant.id, code=f"c{number:02}", name="Shop", terms="own_shop", timezone="Europe/Paris",
            mode="test", overrides={}, by="marie", at=now,
        )  # fmt: skip
    found = loaded(merchant, tmp_path, now, channel="botique")
    assert found.detail.startswith("channel: no channel 'botique'; there are boutique, c00, c01, ")
    assert found.detail.endswith(", c18 and 6 more")


def test_an_unknown_reason_is_told_which_there_are() -> None:
    with pytest.raises(Refusal) as refused:
        judge_reason("mood")
    assert refused.value.code == "unknown_reason"
    assert refused.value.detail.startswith("no reason 'mood'; there are customer_changed_mind, budget, ")
    judge_reason("budget")
