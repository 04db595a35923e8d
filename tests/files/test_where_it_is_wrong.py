"""What is wrong in a file is said where it stands: its row, its column, the order that it is of."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from countermand.files.import_orders import import_orders
from countermand.files.importing import Imported
from countermand.files.order_rows import open_orders

AT = "2026-11-20T10:00:00+01:00"
HEADER = (
    "order,placed_at,currency,customer_email,order_discount,shipping_amount,total,payment_provider,payment_state,"
    "payment_amount,line,sku,quantity,unit_price,tax_rate"
)
GOOD = {"order": "7", "placed_at": AT, "currency": "EUR", "sku": "MUG", "quantity": "1", "unit_price": "1.00"}


def load(merchant: Any, folder: Path, now: datetime, *rows: dict[str, str]) -> list[Imported]:
    path = folder / "orders.csv"
    names = HEADER.split(",")
    path.write_text(
        "\n".join([HEADER, *(",".join(row.get(name, "") for name in names) for row in rows)]) + "\n"
    )
    orders = open_orders(path=path, channel="boutique")
    return list(import_orders(merchant_id=merchant.id, orders=orders, by="file:test", at=now))


@pytest.mark.parametrize(
    ("second", "code", "field", "detail"),
    [
        ({"quantity": "0"}, "quantity_too_small", "quantity", "quantity is at least 1"),
        (
            {"unit_price": "1 EUR"},
            "invalid_amount",
            "unit_price",
            "unit_price: an amount is written in digits",
        ),
        ({"tax_rate": "many"}, "invalid_rate", "tax_rate", "tax_rate: a rate is written in per cent"),
        ({"unit_price": "1" * 30}, "text_too_long", "unit_price", "unit_price: is longer than 24 characters"),
        ({"line": "1"}, "duplicate_reference", "line", "line: '1' stands twice"),
        ({"currency": "USD"}, "order_columns_differ", "currency", "currency in row 3 is not what row 2 says"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_of_its_row_and_column(
    merchant: Any, tmp_path: Path, now: datetime, second: dict[str, str], code: str, field: str, detail: str
) -> None:
    found, after = load(merchant, tmp_path, now, GOOD | {"line": "1"}, GOOD | second, GOOD | {"order": "8"})
    assert (found.row_number, found.name, found.state, found.code) == (3, "7", "refused", code)
    assert found.field == field
    assert found.detail.startswith(detail)
    assert (after.row_number, after.name, after.state) == (4, "8", "done")


@pytest.mark.parametrize(
    ("wrong", "code", "field", "detail"),
    [
        ({"placed_at": "20/11/2026"}, "invalid_value", "placed_at", f"placed_at: is written like {AT}"),
        (
            {"payment_provider": "manual", "payment_amount": "1.00"},
            "required",
            "payment_state",
            "payment_state: is required",
        ),
        (
            {"customer_email": "nobody"},
            "invalid_email",
            "customer_email",
            "customer_email: an address is written",
        ),
        (
            {"order_discount": "9.00"},
            "amount_too_large",
            "order_discount",
            "order_discount: the discount is above",
        ),
        (
            {"shipping_amount": "x"},
            "invalid_amount",
            "shipping_amount",
            "shipping_amount: an amount is written",
        ),
        ({"total": "9.00"}, "total_differs", "total", "total: lines, discounts"),
        ({"order": "7" * 65}, "text_too_long", "order", "order is longer than 64 characters"),
    ],
)
def test_what_is_wrong_with_an_order_is_said_of_its_first_row_and_its_column(
    merchant: Any, tmp_path: Path, now: datetime, wrong: dict[str, str], code: str, field: str, detail: str
) -> None:
    order = GOOD | wrong
    [found] = load(merchant, tmp_path, now, order, GOOD | {"order": order["order"], "placed_at": ""})
    assert (found.row_number, found.name, found.code) == (2, order["order"][:64], code)
    assert found.field == field
    assert found.detail.startswith(detail)
