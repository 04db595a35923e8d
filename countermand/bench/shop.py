"""A shop to measure in: one merchant, its articles, and orders that came in as every order does."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.access.tokens import issue
from countermand.channels.actions import open_channel
from countermand.intake.actions import Received, receive_many
from countermand.merchants.actions import add_merchant

CHANNEL = "boutique"
LINES = 3
ON_HAND = 1_000_000
BATCH = 500
ITEMS = """
INSERT INTO item (id, merchant_id, sku, title, product, options, interchangeable, range, currency, barcode,
    on_hand, allocated, active, updated_at)
SELECT gen_random_uuid(), %s, 'ART-' || n, 'Article ' || n, '', '{}', '{}', '', '', '', %s, 0, true, now()
FROM generate_series(0, %s) n
"""
OPENING = """
INSERT INTO movement (merchant_id, item_id, kind, on_hand_delta, allocated_delta, at, by, note)
SELECT merchant_id, id, 'opening', on_hand, 0, now(), 'bench', '' FROM item WHERE merchant_id = %s
"""


@dataclass(frozen=True)
class Shop:
    """A merchant with a token for its API."""

    merchant_id: int
    token: str
    articles: int


def open_shop(*, articles: int, code: str) -> Shop:
    """This will make a merchant, a channel in test mode, articles ART-0 … with stock, and an owner's token."""
    merchant_id = add_merchant(code=code, name="Bench").id
    open_channel(
        merchant_id=merchant_id,
        code=CHANNEL,
        name="Boutique",
        terms="own_shop",
        timezone="Europe/Paris",
        mode="test",
        overrides={},
        by="bench",
        at=datetime.now(UTC),
    )
    sql.execute(ITEMS, (merchant_id, ON_HAND, articles - 1))
    sql.execute(OPENING, (merchant_id,))
    made = Shop(merchant_id, issue(merchant_id=merchant_id, name="bench", role="owner"), articles)
    # As a shop that has been open for some minutes: without statistics the planner guesses, and badly.
    sql.execute("ANALYZE")
    take_in(shop=made, count=BATCH, prefix="FIRST")
    sql.execute("ANALYZE")
    return made


def body(*, number: str, skus: Sequence[str], quantity: int = 1) -> dict[str, Any]:
    """This will write an order as the API takes it: so many units of each article, carriage, paid by card."""
    total = 1230 * quantity * len(skus) + 490
    return {
        "channel": CHANNEL,
        "number": number,
        "placed_at": datetime.now(UTC).isoformat(),
        "currency": "EUR",
        "prices_include_tax": True,
        "customer": {"name": f"Zoé Martin {number}", "email": f"zoe.{number.lower()}@example.test"},
        "lines": [
            {
                "sku": sku,
                "title": f"Article {sku}",
                "quantity": quantity,
                "unit_price": "12.30",
                "tax_rate": "20",
            }
            for sku in skus
        ],
        "shipping": {"amount": "4.90", "tax_rate": "20"},
        "payments": [
            {
                "provider": "sandbox",
                "provider_reference": f"ok-{number}",
                "method": "card",
                "amount": f"{total / 100:.2f}",
                "state": "captured",
            }
        ],
    }


def take_in(*, shop: Shop, count: int, prefix: str, same: bool = False, quantity: int = 1) -> list[UUID]:
    """This will take orders of three lines in: over all articles in turn, or all of the `same` three."""
    made: list[UUID] = []
    for bodies in _batches(shop, count, prefix, same, quantity):
        answers = receive_many(merchant_id=shop.merchant_id, bodies=bodies, by="bench", at=datetime.now(UTC))
        made += [answer.order_id for answer in answers if isinstance(answer, Received)]
    if len(made) != count:
        raise RuntimeError(f"{count - len(made)} orders of the bench were refused")
    return made


def _batches(
    shop: Shop, count: int, prefix: str, same: bool, quantity: int
) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, count, BATCH):
        yield [
            body(number=f"{prefix}{n}", skus=_skus(shop, 0 if same else n), quantity=quantity)
            for n in range(start, min(count, start + BATCH))
        ]


def _skus(shop: Shop, n: int) -> list[str]:
    # Far apart, so that orders which run at the same time seldom meet.
    return [f"ART-{(n * 7919 + k * 3571) % shop.articles}" for k in range(LINES)]
