"""Orders for tests, through the same door as real ones."""

import itertools
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from countermand.intake.actions import receive

_numbers = itertools.count(1)

Line = tuple[str, int, str]  # sku, quantity, unit price


def order_body(
    *,
    lines: Sequence[Line] = (("MUG-BLEU", 3, "12.30"),),
    paid: str = "captured",
    reference: str | None = "ok",
    provider: str = "sandbox",
    method: str = "card",
    payments: Sequence[dict[str, Any]] | None = None,
    total: str | None = None,
    email: str = "ana@example.org",
    channel: str = "boutique",
    number: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """This will make the body of an order paid once and whole; `reference` begins the provider's reference.

    `payments` replaces that one payment; `total` is needed where shipping or discounts are among `more`.
    """
    number = number or f"{os.getpid()}-{next(_numbers)}"
    from decimal import Decimal

    worth = total or str(sum(quantity * Decimal(price) for _, quantity, price in lines))
    if payments is None:
        payments = [
            {
                "provider": provider,
                "method": method,
                "amount": worth,
                "state": paid,
                "provider_reference": f"{reference}-{number}" if reference else None,
            }
        ]
    return {
        "channel": channel,
        "number": number,
        "placed_at": datetime.now(UTC).isoformat(),
        "currency": "EUR",
        "prices_include_tax": True,
        "customer": {"name": "Ana", "email": email, "language": "fr"},
        "lines": [
            {"sku": sku, "title": sku.title(), "quantity": quantity, "unit_price": price, "tax_rate": "20"}
            for sku, quantity, price in lines
        ],
        "payments": list(payments),
        **more,
    }


def an_order(merchant: Any, **body: Any) -> UUID:
    """This will take one order in (see `order_body`) and give its id."""
    return receive(merchant_id=merchant.id, body=order_body(**body), by="test", at=datetime.now(UTC)).order_id
