"""The order that takes the place of units that were exchanged: linked, at the alternative's price. Pure but for its number."""

import re
from datetime import datetime
from typing import Any

from countermand.intake.worth import freeze
from countermand.money import plain, plain_rate
from countermand.offers.models import Offer
from countermand.orders.models import Order

LONGEST_NUMBER = 64
_EXCHANGED = re.compile(r"-E\d+$")


def next_number(order: Order) -> str:
    """This will name the order of an exchange: "1001-E1", then "1001-E2"."""
    base = _EXCHANGED.sub("", order.number)[: LONGEST_NUMBER - 6]
    found = Order.of(order.merchant_id).filter(channel_id=order.channel_id, number__startswith=f"{base}-E")
    taken = [
        int(number.rpartition("-E")[2])
        for number in found.values_list("number", flat=True)
        if _EXCHANGED.search(number)
    ]
    return f"{base}-E{max(taken, default=0) + 1}"


def body(
    order: Order, offer: Offer, *, tax_rate: int, number: str, whole: bool, at: datetime
) -> dict[str, Any]:
    """This will make the body with which the new order comes in, unpaid; `order` with its channel.

    `tax_rate` is the old line's. `whole`: the exchange empties the old order, so its shipping and fees come along.
    """
    currency = order.currency
    made: dict[str, Any] = {
        "channel": order.channel.code,
        "number": number,
        "placed_at": at.isoformat(),
        "currency": currency,
        "prices_include_tax": order.prices_include_tax,
        "customer": {
            "name": order.customer_name,
            "email": order.customer_email,
            "phone": order.customer_phone,
            "language": order.customer_language,
        },
        "shipping_address": order.shipping_address,
        "billing_address": order.billing_address,
        "lines": [
            {
                "reference": "1",
                "sku": offer.sku,
                "title": offer.title,
                "quantity": offer.quantity,
                "unit_price": plain(offer.price_minor, currency),
                # An article has no rate of its own here: near articles are taxed alike.
                "tax_rate": plain_rate(tax_rate),
            }
        ],
        "risk": {"level": order.risk_level, "signals": list(order.risk_signals)},
        "payments": [],
    }
    if whole:
        made["shipping"] = {
            "amount": _as_priced(order, order.shipping_minor, order.shipping_tax_minor),
            "tax_rate": plain_rate(order.shipping_tax_rate),
            "tax_amount": plain(order.shipping_tax_minor, currency),
        }
        made["fees"] = [
            {
                "title": fee["title"],
                "amount": _as_priced(order, fee["amount"], fee["tax"]),
                "tax_rate": plain_rate(fee["rate"]),
                "refundable": fee["refundable"],
            }
            for fee in order.fees
            if fee["refundable"]
        ]
    return made


def costs(made: dict[str, Any]) -> int:
    """This will say what the new order comes to, in minor units."""
    return freeze(made, currency=made["currency"]).total


def _as_priced(order: Order, amount: int, tax: int) -> str:
    return plain(amount if order.prices_include_tax else amount - tax, order.currency)
