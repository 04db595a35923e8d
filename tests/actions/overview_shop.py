"""Orders as the overview's tests need them: the contract's example, and ways to change it."""

import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.cancellations.actions import Confirmed, confirm
from countermand.cancellations.ask import Ask
from countermand.intake.actions import receive
from countermand.stock.actions import put_item

EXAMPLE: dict[str, Any] = {
    "channel": "boutique",
    "placed_at": "2026-11-20T10:00:00+01:00",
    "ship_by": "2026-11-23",
    "currency": "EUR",
    "prices_include_tax": True,
    "invoice_number": "F-77",
    "customer": {
        "name": "Éloïse Lœuf",
        "email": "eloise@example.fr",
        "phone": "06 12 34 56 78",
        "language": "fr",
    },
    "shipping_address": {"name": "Éloïse Lœuf", "line1": "1 rue des Mugs", "city": "Dinan", "country": "FR"},
    "lines": [
        {
            "reference": "1",
            "sku": "MUG-BLEU",
            "title": "Mug bleu",
            "quantity": 3,
            "unit_price": "12.30",
            "tax_rate": "20",
            "discount": "0.00",
        }
    ],
    "discounts": [{"title": "BIENVENUE", "amount": "5.00", "target": "lines"}],
    "shipping": {"amount": "4.90", "tax_rate": "20"},
    "fees": [{"title": "Emballage", "amount": "2.00", "refundable": True}],
    "total": "38.80",
    "payments": [
        {
            "reference": "p1",
            "provider": "sandbox",
            "method": "card",
            "amount": "38.80",
            "state": "captured",
        }
    ],
}


class Shop:
    """A merchant's shop with 10 blue mugs on hand."""

    def __init__(self, merchant_id: int, now: datetime) -> None:
        self.merchant_id, self.now = merchant_id, now
        fields = {"title": "Mug bleu", "price": "12.30", "currency": "EUR", "on_hand": 10}
        put_item(merchant_id=merchant_id, sku="MUG-BLEU", fields=fields, by="marie", at=now)

    def order(self, number: str = "1001", **changes: Any) -> UUID:
        """This will take in the example under a number, with other values where given."""
        body = {**EXAMPLE, "number": number, **changes}
        return receive(merchant_id=self.merchant_id, body=body, by="marie", at=self.now).order_id

    def cancel(self, order_id: UUID, *lines: tuple[str, int], **wish: Any) -> Confirmed:
        """This will call units off: the named ones, or everything open."""
        ask = Ask(**{"reason": "out_of_stock", "lines": lines or None, **wish})
        return confirm(merchant_id=self.merchant_id, order_id=order_id, ask=ask, by="marie", at=self.now)


def statements(ask: Callable[[], Any]) -> int:
    """This will count the statements that a question takes, the one that opens its snapshot included."""
    seen: list[str] = []
    with sql.watched(seen.append):
        ask()
    return len(seen)


def others_have_ended() -> None:
    """This will wait until every transaction that runs now has ended, whosever it is: the feed waits for
    them, and a server of many databases has others at work."""
    horizon = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
    passed = "SELECT pg_snapshot_xmin(pg_current_snapshot()) >= %s::text::xid8"
    until, [(mark,)] = time.monotonic() + 60, sql.tuples(horizon)
    while not sql.tuples(passed, (mark,))[0][0]:
        assert time.monotonic() < until, "a transaction runs for a minute"
        threading.Event().wait(0.01)
