"""Orders with a mail to write, as the tests of correspondence need them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from countermand.channels.actions import open_channel
from countermand.correspondence.models import Message
from countermand.intake.actions import receive

# Far in the past: a drain takes the oldest first, and other tests' messages may wait in the same table.
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def live_channel(*, merchant: Any, code: str = "direct") -> None:
    """This will open a channel whose mails really go out."""
    open_channel(
        merchant_id=merchant.id,
        code=code,
        name="Direct",
        terms="own_shop",
        timezone="Europe/Paris",
        mode="live",
        overrides={},
        by="test",
        at=datetime.now(UTC),
    )


def an_order(
    *,
    merchant: Any,
    number: str = "1001",
    channel: str = "boutique",
    name: str = "Jeanne Dupont",
    email: str = "jeanne@example.org",
    language: str = "fr",
) -> UUID:
    """This will take in one unpaid order of three blue mugs."""
    body = {
        "channel": channel,
        "number": number,
        "placed_at": "2026-11-20T10:00:00+01:00",
        "currency": "EUR",
        "prices_include_tax": True,
        "customer": {"name": name, "email": email, "language": language},
        "lines": [
            {"sku": "MUG-BLEU", "title": "Mug bleu", "quantity": 3, "unit_price": "12.30", "tax_rate": "20"}
        ],
    }
    return receive(merchant_id=merchant.id, body=body, by="test", at=datetime.now(UTC)).order_id


def facts(**others: Any) -> dict[str, Any]:
    """This will give the facts of "two of three mugs are out of stock, 21,26 € go back on the card"."""
    return {
        "number": "1001",
        "reason": "out_of_stock",
        "whole": False,
        "lines": [{"title": "Mug bleu", "sku": "MUG-BLEU", "quantity": 2, "amount_minor": 2126}],
        "remaining": [{"title": "Mug bleu", "quantity": 1}],
        "currency": "EUR",
        "refund_minor": 2126,
        "shipping_minor": 0,
        "fee_minor": 0,
        "when": "now",
        "methods": [{"method": "card", "amount_minor": 2126, "how": "original"}],
        "message": "",
    } | others


def a_message(*, merchant: Any, order_id: UUID, at: datetime = LONG_AGO, **others: Any) -> Message:
    """This will plan the mail of an order, as confirm does."""
    values: dict[str, Any] = {
        "merchant_id": merchant.id,
        "order_id": order_id,
        "kind": "cancellation",
        "facts": facts(),
        "state": "planned",
        "not_before": at,
        "created_at": at,
    }
    return Message.of(merchant.id).create(**(values | others))
