"""The columns of an order file, and how rows of one order become the body of POST /orders.

Amounts, rates and times stay the text they are: intake judges them, as it does for the API.
"""

from collections.abc import Sequence
from typing import Any

from countermand.files.cells import MAX_KEY_CHARACTERS, Cells
from countermand.files.reading import Row
from countermand.files.row_results import RefusedCell

ORDER_COLUMNS = (
    "channel", "order", "placed_at", "ship_by", "currency", "prices_include_tax", "invoice_number",
    "customer_name", "customer_email", "customer_phone", "language",
    "address_name", "address_line1", "address_line2", "postal_code", "city", "region", "country",
    "discount_title", "order_discount", "discount_target", "shipping_amount", "shipping_tax_rate", "total",
    "payment_provider", "payment_method", "payment_state", "payment_amount", "provider_reference", "accepted",
)  # fmt: skip
LINE_COLUMNS = ("line", "sku", "title", "quantity", "unit_price", "tax_rate", "discount")
COLUMNS = (*ORDER_COLUMNS, *LINE_COLUMNS)
NEEDED_COLUMNS = ("order", "placed_at", "currency", "sku", "quantity", "unit_price")

# Part of the body → {name there: column}. A part none of whose cells is filled is left out.
_PARTS = {
    "customer": {
        "name": "customer_name", "email": "customer_email", "phone": "customer_phone", "language": "language",
    },
    "shipping_address": {
        "name": "address_name", "line1": "address_line1", "line2": "address_line2", "postal_code": "postal_code",
        "city": "city", "region": "region", "country": "country",
    },
    "shipping": {"amount": "shipping_amount", "tax_rate": "shipping_tax_rate"},
}  # fmt: skip
_DISCOUNT = {"title": "discount_title", "amount": "order_discount", "target": "discount_target"}
_PAYMENT = {
    "provider": "payment_provider", "method": "payment_method", "state": "payment_state",
    "amount": "payment_amount", "provider_reference": "provider_reference",
}  # fmt: skip
_LINE = {
    "reference": "line", "sku": "sku", "title": "title",
    "unit_price": "unit_price", "tax_rate": "tax_rate", "discount": "discount",
}  # fmt: skip
# Path in the body → column, of what holds for the order; a CSV file has one discount and one payment at most.
_COLUMN = {
    "number": "order",
    "payments": "provider_reference",
    **{f"{part}.{name}": column for part, columns in _PARTS.items() for name, column in columns.items()},
    **{f"discounts.0.{name}": column for name, column in _DISCOUNT.items()},
    **{f"payments.0.{name}": column for name, column in _PAYMENT.items()},
}
_LINE_COLUMN = {**_LINE, "quantity": "quantity"}
_TEXTS = frozenset({"title", "discount_title", "address_line1", "address_line2"})


def order_body(*, rows: Sequence[Row], channel: str) -> dict[str, Any]:
    """This will make one body of POST /orders of the rows of one order.

    The first row says what holds for the order; in the others these cells are empty or the same.
    Refuses `order_columns_differ`, and what a cell cannot be; the rest is for intake to judge.
    """
    cells = Cells(rows[0].cells)
    _refuse_differing(rows)
    body: dict[str, Any] = {"channel": cells.code("channel") or channel, "number": cells.code("order")}
    for name in ("placed_at", "ship_by", "currency", "invoice_number", "total"):
        if text := cells.code(name):
            body[name] = text
    for name in ("prices_include_tax", "accepted"):
        if (chosen := cells.yes_no(name)) is not None:
            body[name] = chosen
    for part, columns in _PARTS.items():
        if found := _part(cells, columns):
            body[part] = found
    body["lines"] = [_line(row) for row in rows]
    if discount := _part(cells, _DISCOUNT):
        body["discounts"] = [discount]
    if payment := _part(cells, _PAYMENT):
        body["payments"] = [payment]
    return body


def column_of(*, path: str) -> tuple[int | None, str]:
    """This will say which line (0 the first) and which column of it a path in a body was read from.

    No line for what holds for the whole order; no column ("") for what no column can say.
    """
    part, _, rest = path.partition(".")
    line, _, name = rest.partition(".")
    if part == "lines" and line.isdecimal():
        return int(line), _LINE_COLUMN.get(name, "")
    return None, _COLUMN.get(path, path if path in ORDER_COLUMNS else "")


def _refuse_differing(rows: Sequence[Row]) -> None:
    first = rows[0].cells
    for row in rows[1:]:
        for name in ORDER_COLUMNS:
            cell = row.cells.get(name, "").strip()
            if cell and cell != first.get(name, "").strip():
                raise RefusedCell(
                    "order_columns_differ",
                    f"{name} in row {row.row_number} is not what row {rows[0].row_number} says of the same order",
                    field=name,
                    row_number=row.row_number,
                )


def _part(cells: Cells, columns: dict[str, str]) -> dict[str, Any]:
    found = {name: _text(cells, column) for name, column in columns.items()}
    return {name: text for name, text in found.items() if text}


def _line(row: Row) -> dict[str, Any]:
    try:
        return _line_of(Cells(row.cells))
    except RefusedCell as refused:
        refused.row_number = row.row_number
        raise


def _line_of(cells: Cells) -> dict[str, Any]:
    line = _part(cells, _LINE)
    quantity = cells.quantity()
    for name in ("sku", "unit_price"):
        if name not in line:
            raise RefusedCell(f"{name}_required", f"a line without {name}", field=name)
    if quantity is None:
        raise RefusedCell("quantity_required", "a line without quantity", field="quantity")
    line["quantity"] = quantity
    return line


def _text(cells: Cells, column: str) -> str:
    return cells.text(column) if column in _TEXTS else cells.code(column, longest=_longest(column))


def _longest(column: str) -> int:
    return 64 if column in ("sku", "line") else MAX_KEY_CHARACTERS
