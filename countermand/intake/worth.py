"""What each part of an order is worth, frozen once when it comes in. Pure.

Discounts and tax are shared out here and never again: cancelling does not re-price what is left
(docs/money.md, Rules of money; docs/decisions/0000, Money). Amounts in minor units of the order's currency.
"""

from dataclasses import dataclass, field
from typing import Any

from countermand.money import MAX_MINOR, parse, parse_rate, plain, spread, tax_on_top, tax_within
from countermand.refusals import Refusal

MAX_QUANTITY = 1_000_000


@dataclass(slots=True)
class LineWorth:
    """`total` is what the whole line is worth to the buyer, tax included; `tax` the tax inside."""

    unit_price: int
    discount: int
    rate: int
    net: int
    total: int = 0
    tax: int = 0


@dataclass(slots=True)
class Worth:
    """The frozen worth of an order."""

    lines: list[LineWorth]
    shipping: int = 0
    shipping_tax: int = 0
    shipping_rate: int = 0
    discount: int = 0
    fees: list[dict[str, Any]] = field(default_factory=list)
    fees_total: int = 0
    fees_refundable: int = 0
    total: int = 0


def freeze(body: dict[str, Any], *, currency: str) -> Worth:
    """This will freeze the worth of an order's body (the shape of POST /orders).

    Refuses `amount_too_large` above 10^13 minor units and for a discount above what it falls on, `total_differs`
    where a tax or the total is given and is not the sum.
    """
    with_tax = body.get("prices_include_tax", True)
    lines = [_line(line, currency=currency, at=f"lines.{i}") for i, line in enumerate(body["lines"])]
    worth = Worth(lines=lines)
    shipping = body.get("shipping") or {"amount": "0"}
    carriage = parse(shipping["amount"], currency=currency, field="shipping.amount")
    worth.shipping_rate = parse_rate(shipping.get("tax_rate") or "0", field="shipping.tax_rate")
    nets = [line.net for line in lines]
    for i, discount in enumerate(body.get("discounts") or ()):
        nets, carriage = _discounted(
            discount, nets, carriage, currency=currency, at=f"discounts.{i}", worth=worth
        )
    for i, (line, net, given) in enumerate(zip(lines, nets, body["lines"], strict=True)):
        line.total, line.tax = _taxed(
            net,
            line.rate,
            given.get("tax_amount"),
            with_tax,
            currency,
            f"lines.{i}.tax_amount",
            given["quantity"],
        )
    worth.shipping, worth.shipping_tax = _taxed(
        carriage,
        worth.shipping_rate,
        shipping.get("tax_amount"),
        with_tax,
        currency,
        "shipping.tax_amount",
        1,
    )
    for i, fee in enumerate(body.get("fees") or ()):
        _fee(fee, worth, with_tax=with_tax, currency=currency, at=f"fees.{i}")
    worth.total = sum(line.total for line in lines) + worth.shipping + worth.fees_total
    if worth.total > MAX_MINOR:
        raise Refusal("amount_too_large", "above what one order may hold", field="total")
    _same_total(body.get("total"), worth.total, currency)
    return worth


def _line(line: dict[str, Any], *, currency: str, at: str) -> LineWorth:
    unit_price = parse(line["unit_price"], currency=currency, field=f"{at}.unit_price")
    discount = parse(line.get("discount") or "0", currency=currency, field=f"{at}.discount")
    if not 1 <= line["quantity"] <= MAX_QUANTITY:
        raise Refusal("invalid_quantity", f"a quantity is 1 to {MAX_QUANTITY}", field=f"{at}.quantity")
    price = unit_price * line["quantity"]
    if price > MAX_MINOR:
        raise Refusal("amount_too_large", "above what one order may hold", field=f"{at}.unit_price")
    if discount > price:
        raise Refusal(
            "amount_too_large", "the discount is above the price of the line", field=f"{at}.discount"
        )
    rate = parse_rate(line.get("tax_rate") or "0", field=f"{at}.tax_rate")
    return LineWorth(unit_price, discount, rate, price - discount)


def _discounted(
    discount: dict[str, Any], nets: list[int], carriage: int, *, currency: str, at: str, worth: Worth
) -> tuple[list[int], int]:
    amount = parse(discount["amount"], currency=currency, field=f"{at}.amount")
    target = discount.get("target") or "lines"
    values = {"lines": nets, "shipping": [carriage], "all": [*nets, carriage]}[target]
    if amount > sum(values):
        raise Refusal("amount_too_large", "the discount is above what it falls on", field=f"{at}.amount")
    worth.discount += amount
    left = [value - share for value, share in zip(values, spread(amount, values), strict=True)]
    if target == "lines":
        return left, carriage
    if target == "shipping":
        return nets, left[0]
    return left[:-1], left[-1]


def _taxed(
    net: int, rate: int, given: str | None, with_tax: bool, currency: str, at: str, units: int
) -> tuple[int, int]:
    tax = tax_within(net, rate) if with_tax else tax_on_top(net, rate)
    if given is not None:
        stated = parse(given, currency=currency, field=at)
        # Shops round tax per unit, per line or per order: up to a minor unit a unit is rounding, not a mistake.
        if abs(stated - tax) > units or stated > (net if with_tax else stated):
            raise Refusal(
                "total_differs",
                f"the tax of this amount at this rate is {plain(tax, currency)} {currency}",
                field=at,
            )
        tax = stated
    return (net if with_tax else net + tax), tax


def _fee(fee: dict[str, Any], worth: Worth, *, with_tax: bool, currency: str, at: str) -> None:
    amount = parse(fee["amount"], currency=currency, field=f"{at}.amount")
    rate = parse_rate(fee.get("tax_rate") or "0", field=f"{at}.tax_rate")
    total, tax = _taxed(amount, rate, fee.get("tax_amount"), with_tax, currency, f"{at}.tax_amount", 1)
    refundable = fee.get("refundable", True)
    worth.fees.append(
        {"title": fee.get("title") or "", "amount": total, "tax": tax, "rate": rate, "refundable": refundable}
    )
    worth.fees_total += total
    if refundable:
        worth.fees_refundable += total


def _same_total(given: str | None, total: int, currency: str) -> None:
    if given is not None and parse(given, currency=currency, field="total") != total:
        raise Refusal(
            "total_differs",
            f"lines, discounts, shipping and fees make {plain(total, currency)} {currency}",
            field="total",
        )
