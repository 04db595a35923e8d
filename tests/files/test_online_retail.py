"""The Online Retail data: invoices become orders, credit lines become cancellations, to the penny."""

from collections import Counter
from pathlib import Path

import pytest

from countermand.files.cancellation_rows import COLUMNS, CancelRow, open_cancellations
from countermand.files.online_retail import (
    OnlineRetailFile,
    OrderSummary,
    customer_email,
    items,
    match_credits,
    open_online_retail,
    orders,
)
from countermand.files.online_retail.source import CURRENCY
from countermand.files.opening import UnreadableFile
from countermand.files.order_rows import OrderBody
from countermand.files.writing import write_csv
from countermand.money import parse

HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"
UK = "United Kingdom"
EXCERPT = Path(__file__).parents[2] / "countermand" / "demo" / "online_retail_excerpt.csv.gz"


def line(
    invoice: str,
    sku: str,
    quantity: int,
    price: str,
    *,
    at: str = "2010-12-01T08:26:00",
    customer: str = "17850",
) -> str:
    return f"{invoice},{sku},Title of {sku},{quantity},{at},{price},{customer},{UK}"


def file_of(tmp_path: Path, *lines: str) -> OnlineRetailFile:
    path = tmp_path / "retail.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return open_online_retail(path=path)


def orders_of(file: OnlineRetailFile) -> tuple[list[OrderBody], OrderSummary]:
    summary = OrderSummary()
    return list(orders(source=file, channel="retail", summary=summary)), summary


def test_an_invoice_becomes_an_order_paid_in_full(tmp_path: Path) -> None:
    file = file_of(
        tmp_path,
        line("536365", "85123A", 6, "2.55"),
        line("536365", "POST", 3, "18.0"),
        line("536365", "71053", 1, "3.39"),
    )
    [order], summary = orders_of(file)
    assert order == OrderBody(
        2,
        {
            "channel": "retail",
            "number": "536365",
            "placed_at": "2010-12-01T08:26:00+00:00",
            "currency": "GBP",
            "prices_include_tax": True,
            "customer": {"name": "Client 17850", "language": "en", "email": "c17850@example.test"},
            "shipping_address": {"name": "Client 17850", "country": "GB"},
            "lines": [
                {"reference": "1", "sku": "85123A", "title": "Title of 85123A", "quantity": 6, "unit_price": "2.55", "tax_rate": "0"},
                {"reference": "2", "sku": "71053", "title": "Title of 71053", "quantity": 1, "unit_price": "3.39", "tax_rate": "0"},
            ],
            "total": "72.69",  # 6 × 2.55 + 3.39 + 3 × 18.00
            "verification": "verified",
            "accepted": True,
            "shipping": {"amount": "54.00", "tax_rate": "0"},
            "payments": [
                {"reference": "p1", "provider": "sandbox", "method": "card", "amount": "72.69", "state": "captured",
                 "provider_reference": "ok-536365"}
            ],
        },
    )  # fmt: skip
    assert (summary.order_lines, summary.carriage_lines, summary.units, summary.total_minor) == (
        2,
        1,
        7,
        7269,
    )


def test_summer_time_is_london_s(tmp_path: Path) -> None:
    [order], _ = orders_of(file_of(tmp_path, line("1", "71053", 1, "1", at="2011-03-28T09:00:00")))
    assert order.body["placed_at"] == "2011-03-28T09:00:00+01:00"


def test_an_order_without_customer_is_a_guest_s(tmp_path: Path) -> None:
    [order], summary = orders_of(file_of(tmp_path, line("1", "71053", 1, "1", customer="")))
    assert order.body["customer"] == {"name": "Guest", "language": "en"}
    assert summary.guests == 1


def test_a_discount_line_is_a_discount_on_the_lines(tmp_path: Path) -> None:
    [order], summary = orders_of(file_of(tmp_path, line("1", "71053", 4, "2.5"), line("1", "D", -1, "1.25")))
    assert order.body["discounts"] == [{"title": "Title of D", "amount": "1.25", "target": "lines"}]
    assert order.body["total"] == order.body["payments"][0]["amount"] == "8.75"
    assert summary.discount_lines == 1


def test_a_price_is_rounded_half_up_and_counted(tmp_path: Path) -> None:
    file = file_of(
        tmp_path, line("1", "A1", 1, "0.005"), line("1", "A2", 1, "1.004"), line("1", "A3", 1, "1.230")
    )
    [order], summary = orders_of(file)
    assert [found["unit_price"] for found in order.body["lines"]] == ["0.01", "1.00", "1.23"]
    assert summary.rounded_prices == 2


def test_an_order_worth_nothing_keeps_its_lines_and_has_no_payment(tmp_path: Path) -> None:
    [order], summary = orders_of(file_of(tmp_path, "1,22139,,56,2010-12-01T11:52:00,0.0,,United Kingdom"))
    assert order.body["lines"][0]["title"] == "22139"
    assert order.body["total"] == "0.00"
    assert "payments" not in order.body
    assert (summary.orders_without_value, summary.lines_without_price, summary.lines_without_title) == (
        1,
        1,
        1,
    )


def test_what_is_no_article_is_left_out_and_counted_by_its_code(tmp_path: Path) -> None:
    codes = ["M", "m", "S", "B", "CRUK", "BANK CHARGES", "AMAZONFEE", "gift_0001_20", "gift_0001_30"]
    file = file_of(
        tmp_path,
        *(line("1", code, 1, "5") for code in codes),
        line("1", "PADS", 1, "1"),
        line("2", "POST", 1, "18"),
        line("3", "22139", -5, "0"),
        line("A4", "B", 1, "-11062.06"),
        line("C5", "M", -1, "5"),
    )
    [order], summary = orders_of(file)
    assert [found["sku"] for found in order.body["lines"]] == ["PADS"]
    assert summary.left_out == {
        "M": 2, "S": 1, "B": 2, "CRUK": 1, "BANK CHARGES": 1, "AMAZONFEE": 1, "gift_*": 2, "POST": 1,
    }  # fmt: skip
    assert (summary.write_off_lines, summary.credit_lines, summary.invoices_without_articles) == (1, 1, 2)
    assert summary.lines == file.row_count


def test_lines_of_two_invoices_may_interleave(tmp_path: Path) -> None:
    file = file_of(
        tmp_path,
        line("1", "A", 1, "1"),
        line("2", "B1", 1, "1"),
        line("1", "C1", 1, "1", at="2010-12-01T08:27:00"),
        line("2", "D1", 1, "1"),
    )
    found, _ = orders_of(file)
    assert [(order.body["number"], [x["sku"] for x in order.body["lines"]]) for order in found] == [
        ("1", ["A", "C1"]),
        ("2", ["B1", "D1"]),
    ]
    assert found[0].body["placed_at"] == "2010-12-01T08:26:00+00:00"


def test_items_get_as_much_stock_as_is_ordered(tmp_path: Path) -> None:
    file = file_of(
        tmp_path,
        line("1", "A", 6, "1"),
        line("2", "A", 4, "1.5"),
        line("C3", "A", -9, "1"),
        line("4", "A", -2, "0"),
    )
    [item] = items(source=file)
    assert item.body == {
        "title": "Title of A",
        "currency": "GBP",
        "on_hand": 10,
        "active": True,
        "price": "1.50",
    }


@pytest.mark.parametrize(
    "bad",
    [line("1", "A", 1, "free"), "1,A,t,one,2010-12-01T08:26:00,1,,UK", line("1", "A", 1, "1", at="today")],
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, bad: str) -> None:
    file = file_of(tmp_path, bad)
    with pytest.raises(UnreadableFile) as refused:
        orders_of(file)
    assert (refused.value.code, refused.value.row_number) == ("invalid_line", 2)


# Credits


def parts_of(file: OnlineRetailFile) -> list[tuple[str, str, int]]:
    return [(part.order, part.line, part.quantity) for part in match_credits(source=file).parts]


def at(day: int) -> str:
    return f"2010-12-{day:02d}T10:00:00"


def test_a_credit_goes_to_the_newest_earlier_units_of_the_same_three(tmp_path: Path) -> None:
    file = file_of(
        tmp_path,
        line("1", "MUG", 5, "2.00", at=at(1)),
        line("2", "BOL", 1, "2.00", at=at(2)),
        line("2", "MUG", 2, "2.00", at=at(2)),
        line("3", "MUG", 9, "2.10", at=at(3)),  # another price
        line("4", "MUG", 9, "2.00", at=at(3), customer="2"),  # another customer
        line("C9", "MUG", -3, "2.00", at=at(4)),
        line("5", "MUG", 9, "2.00", at=at(5)),  # later than the credit
    )
    matching = match_credits(source=file)
    assert parts_of(file) == [("2", "2", 2), ("1", "1", 1)]
    assert matching.amount_minor == 600
    assert matching.amount_minor_by_customer() == {"17850": 600}
    assert matching.counts == {"matched": 1}


def test_no_unit_is_given_back_twice_and_a_rest_is_listed(tmp_path: Path) -> None:
    file = file_of(
        tmp_path,
        line("1", "MUG", 5, "2.00", at=at(1)),
        line("C8", "MUG", -3, "2.00", at=at(2)),
        line("C9", "MUG", -3, "2.00", at=at(3)),
        line("C9", "MUG", -1, "2.00", at=at(3)),
    )
    matching = match_credits(source=file)
    assert [(part.credit.row_number, part.quantity) for part in matching.parts] == [(3, 3), (4, 2)]
    assert [(found.credit.row_number, found.why, found.quantity) for found in matching.listed] == [
        (4, "matched_in_part", 1),
        (5, "unmatched", 1),
    ]


def test_credits_are_taken_in_the_order_of_time_and_units_of_the_same_minute_count(tmp_path: Path) -> None:
    file = file_of(
        tmp_path,
        line("C9", "MUG", -4, "2.00", at=at(5)),
        line("C8", "MUG", -1, "2.00", at=at(1)),
        line("1", "MUG", 4, "2.00", at=at(1)),
    )
    assert [(part.credit.invoice, part.quantity) for part in match_credits(source=file).parts] == [
        ("C8", 1),
        ("C9", 3),
    ]


def test_units_of_a_discounted_invoice_are_not_of_that_price(tmp_path: Path) -> None:
    file = file_of(
        tmp_path,
        line("1", "MUG", 1, "2.00", at=at(1)),
        line("2", "MUG", 1, "2.00", at=at(2)),
        line("2", "D", -1, "0.50", at=at(2)),
        line("C9", "MUG", -2, "2.00", at=at(3)),
    )
    assert parts_of(file) == [("1", "1", 1)]


def test_credits_that_cannot_be_matched_are_listed_with_why(tmp_path: Path) -> None:
    file = file_of(
        tmp_path,
        line("1", "MUG", 1, "2.00", customer=""),
        line("C7", "MUG", -1, "2.00", at=at(3), customer=""),
        line("C8", "D", -1, "27.50", at=at(3)),
        line("C9", "BOL", -1, "2.00", at=at(3)),
    )
    matching = match_credits(source=file)
    assert [found.why for found in matching.listed] == ["without_customer", "no_article", "unmatched"]
    assert matching.parts == []
    assert matching.listed[1].as_dict() == {
        "row": 4, "credit": "C8", "customer": "17850", "sku": "D", "title": "Title of D",
        "quantity": 1, "unit_price": "27.50", "why": "no_article",
    }  # fmt: skip


def test_the_cancellation_file_is_one_that_the_desk_reads(tmp_path: Path) -> None:
    file = file_of(
        tmp_path,
        line("1", "MUG", 2, "2.00", at=at(1)),
        line("2", "MUG", 2, "2.00", at=at(2)),
        line("C9", "MUG", -3, "2.00", at=at(3)),
    )
    out = tmp_path / "out.csv"
    write_csv(path=out, columns=COLUMNS, rows=match_credits(source=file).rows(channel="retail"))
    first, second = open_cancellations(path=out)
    assert isinstance(first, CancelRow) and isinstance(second, CancelRow)
    assert (first.identity, first.order, first.line, first.quantity) == ("C9:4:1", "2", "1", 2)
    assert (second.identity, second.order, second.line, second.quantity) == ("C9:4:2", "1", "1", 1)
    assert (first.refund, first.shipping, first.restock, first.notify) == ("now", "none", None, False)


# The excerpt of the demo: what its ORIGIN says is so


def test_the_excerpt_holds_300_orders_and_credits_that_all_match() -> None:
    file = open_online_retail(path=EXCERPT)
    found, summary = orders_of(file)
    assert (len(found), summary.order_lines, summary.carriage_lines) == (300, 7321, 36)
    assert summary.lines == file.row_count == 7552
    matching = match_credits(source=file)
    assert matching.counts == {"matched": 180}
    assert matching.amount_minor == sum(matching.amount_minor_by_customer().values()) == 334_791


def test_every_order_of_the_excerpt_adds_up_and_every_part_is_there_to_give_back() -> None:
    file = open_online_retail(path=EXCERPT)
    units: dict[tuple[str, str], tuple[str, str, int]] = {}
    for order in orders_of(file)[0]:
        body = order.body
        for row in body["lines"]:
            units[body["number"], row["reference"]] = (row["sku"], row["unit_price"], row["quantity"])
        worth = sum(row["quantity"] * parse(row["unit_price"], currency=CURRENCY) for row in body["lines"])
        shipping = parse(body.get("shipping", {}).get("amount", "0"), currency=CURRENCY)
        assert parse(body["total"], currency=CURRENCY) == worth + shipping
        assert [payment["amount"] for payment in body.get("payments", [])] == [body["total"]] * (
            worth + shipping > 0
        )
    taken: Counter[tuple[str, str]] = Counter()
    for part in match_credits(source=file).parts:
        sku, price, _ = units[part.order, part.line]
        assert (sku, parse(price, currency=CURRENCY)) == (part.credit.sku, part.credit.price_minor)
        taken[part.order, part.line] += part.quantity
    assert all(quantity <= units[place][2] for place, quantity in taken.items())


def test_customers_have_addresses_that_no_mail_reaches() -> None:
    assert customer_email(customer="17850") == "c17850@example.test"
