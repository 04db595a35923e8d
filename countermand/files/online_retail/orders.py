"""Invoices of the Online Retail data as orders, and its articles as items with enough stock.

The file is read once to know where each invoice ends (lines of two invoices may interleave), once to yield.
Memory: the invoice numbers and the invoices under way, one as a rule.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from countermand.files.item_rows import ItemBody
from countermand.files.online_retail.countries import place
from countermand.files.online_retail.source import (
    CURRENCY,
    Kind,
    Line,
    OnlineRetailFile,
    customer_email,
    london_time,
    pounds,
)
from countermand.files.order_rows import OrderBody


@dataclass(slots=True)
class OrderSummary:
    """What the file held and what became of it; every line is counted in exactly one of the first six."""

    order_lines: int = 0
    carriage_lines: int = 0
    discount_lines: int = 0
    credit_lines: int = 0
    write_off_lines: int = 0
    left_out: Counter[str] = field(default_factory=Counter)  # code → lines that are no articles

    orders: int = 0
    guests: int = 0
    orders_without_value: int = 0
    invoices_without_articles: int = 0
    units: int = 0
    total_minor: int = 0
    rounded_prices: int = 0  # of order lines
    lines_without_price: int = 0  # of order lines, kept at 0
    lines_without_title: int = 0  # of order lines, called by their code

    @property
    def lines(self) -> int:
        """This will say how many lines were read in all."""
        counted = self.order_lines + self.carriage_lines + self.discount_lines + self.credit_lines
        return counted + self.write_off_lines + self.left_out.total()

    def as_dict(self) -> dict[str, Any]:
        """This will give all counts by name."""
        return {"lines": self.lines, **asdict(self), "left_out": dict(sorted(self.left_out.items()))}


def orders(*, source: OnlineRetailFile, channel: str, summary: OrderSummary) -> Iterator[OrderBody]:
    """This will yield each invoice that has articles as one body of POST /orders, counting into `summary`.

    An order comes when its last line was read, paid in full by card at the sandbox. Lines keep the file's
    order, referenced 1..n. Carriage is the shipping, a discount line a discount on the lines. An order worth
    nothing has no payment: there was nothing to pay.
    Raises `UnreadableFile`.
    """
    last_rows = source.last_rows()
    under_way: dict[str, list[Line]] = {}
    for line in source:
        kind = line.kind
        if kind is Kind.CREDIT:
            summary.credit_lines += 1
        elif kind is Kind.WRITE_OFF:
            summary.write_off_lines += 1
        elif kind is Kind.NO_ARTICLE:
            summary.left_out[line.code] += 1
        else:
            under_way.setdefault(line.invoice, []).append(line)
        if line.row_number == last_rows[line.invoice] and kind is not Kind.CREDIT:
            if found := _order(under_way.pop(line.invoice, []), channel, summary):
                yield found
            elif kind is not Kind.WRITE_OFF:
                summary.invoices_without_articles += 1


def items(*, source: OnlineRetailFile) -> Iterator[ItemBody]:
    """This will yield each article as one body of PUT /items/{sku}, with as much stock as is ordered in all.

    Title and price are those of its last line that has them. Memory: one entry an article (3,900).
    """
    found: dict[str, ItemBody] = {}
    for line in source:
        if line.kind is Kind.ARTICLE:
            fresh = {"title": line.sku, "on_hand": 0, "active": True}
            item = found.setdefault(line.sku, ItemBody(line.row_number, line.sku, fresh))
            item.body["on_hand"] += line.quantity
            if line.price_minor:
                item.body["price"] = pounds(minor=line.price_minor)
                item.body["currency"] = CURRENCY
                item.field_rows["price"] = line.row_number
                if line.title:
                    item.body["title"] = line.title
                    item.field_rows["title"] = line.row_number
    yield from found.values()


def _order(found: list[Line], channel: str, summary: OrderSummary) -> OrderBody | None:
    articles = [line for line in found if line.kind is Kind.ARTICLE]
    if not articles:
        summary.left_out.update(line.code for line in found)
        return None
    carriage = [line for line in found if line.kind is Kind.CARRIAGE]
    discounts = [line for line in found if line.kind is Kind.DISCOUNT]
    shipping = sum(_amount(line) for line in carriage)
    total = sum(_amount(line) for line in articles) + shipping - sum(abs(_amount(line)) for line in discounts)
    first = articles[0]
    body: dict[str, Any] = {
        "channel": channel,
        "number": first.invoice,
        "placed_at": london_time(at=found[0].at, row_number=found[0].row_number),
        "currency": CURRENCY,
        "prices_include_tax": True,
        **_person(first),
        "lines": [_line(reference, line) for reference, line in enumerate(articles, start=1)],
        "total": pounds(minor=total),
        "verification": "verified",
        "accepted": True,
    }
    if discounts:
        body["discounts"] = [_discount(line) for line in discounts]
    if shipping:
        body["shipping"] = {"amount": pounds(minor=shipping), "tax_rate": "0"}
    if total:
        body["payments"] = [_payment(first.invoice, total)]
    _count(summary, articles, total)
    summary.carriage_lines += len(carriage)
    summary.discount_lines += len(discounts)
    return OrderBody(found[0].row_number, body)


def _count(summary: OrderSummary, articles: list[Line], total: int) -> None:
    summary.orders += 1
    summary.guests += not articles[0].customer
    summary.orders_without_value += not total
    summary.total_minor += total
    summary.order_lines += len(articles)
    for line in articles:
        summary.units += line.quantity
        summary.rounded_prices += line.rounded
        summary.lines_without_price += not line.price_minor
        summary.lines_without_title += not line.title


def _amount(line: Line) -> int:
    return line.quantity * line.price_minor


def _person(line: Line) -> dict[str, Any]:
    name = f"Client {line.customer}" if line.customer else "Guest"
    customer = {"name": name, "language": "en"}
    if line.customer:
        customer["email"] = customer_email(customer=line.customer)
    where = place(country=line.country)
    return {"customer": customer, **({"shipping_address": {"name": name, **where}} if where else {})}


def _line(reference: int, line: Line) -> dict[str, Any]:
    return {
        "reference": str(reference),
        "sku": line.sku,
        "title": line.title or line.sku,
        "quantity": line.quantity,
        "unit_price": pounds(minor=line.price_minor),
        "tax_rate": "0",
    }


def _discount(line: Line) -> dict[str, Any]:
    return {"title": line.title or "Discount", "amount": pounds(minor=abs(_amount(line))), "target": "lines"}


def _payment(invoice: str, total: int) -> dict[str, Any]:
    return {
        "reference": "p1",
        "provider": "sandbox",
        "method": "card",
        "amount": pounds(minor=total),
        "state": "captured",
        "provider_reference": f"ok-{invoice}",
    }
