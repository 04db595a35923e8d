"""A marketplace for tests: its people, a merchant's seat, and orders that bring its rate where a test wants it."""

import itertools
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.channels.actions import open_channel
from countermand.correspondence.models import Letter
from countermand.marketplace.actions import add_operator, open_marketplace, take_seat
from countermand.marketplace.judging import judge_seats
from countermand.marketplace.models import Marketplace, Seat
from countermand.merchants.actions import add_member
from tests.builders import an_order

PASSWORD = "tisane-lilas-2026"
_numbers = itertools.count(1)


@dataclass
class Place:
    """A marketplace and one merchant's seat in it."""

    marketplace: Marketplace
    merchant: Any
    seat: Seat

    @property
    def here(self) -> dict[str, Any]:
        """What a verb of an operator is told."""
        return {"marketplace_id": self.marketplace.id, "by": "op@halles.example", "at": datetime.now(UTC)}

    @property
    def there(self) -> dict[str, Any]:
        """What a verb of the merchant is told."""
        return {"merchant_id": self.merchant.id, "by": "owner@shop.example", "at": datetime.now(UTC)}

    def sales(self, sold: int, *, cancelled: int = 0, sku: str = "MUG-BLEU", **body: Any) -> list[Any]:
        """This will sell so many single articles and call off so many of them, on the seller's initiative."""
        orders = [
            an_order(self.merchant, channel=self.seat.channel.code, lines=((sku, 1, "10.00"),), **body)
            for _ in range(sold)
        ]
        for order_id in orders[:cancelled]:
            self.call_off(order_id)
        return orders

    def call_off(self, order_id: Any, **wish: Any) -> Any:
        asked = {"reason": "out_of_stock", "message": "Rupture de stock.", **wish}
        return confirm(
            merchant_id=self.merchant.id, order_id=order_id, ask=Ask(**asked), by="test", at=datetime.now(UTC)
        )

    def judged(self, later: int = 0) -> None:
        """This will have the desk look at every seat, `later` minutes from now."""
        at = datetime.now(UTC) + timedelta(minutes=later)
        while judge_seats(at=at):
            pass

    def letters(self, kind: str) -> list[Letter]:
        return list(Letter.of(self.merchant.id).filter(kind=kind).order_by("created_at", "id"))


def a_marketplace(name: str = "Les Halles") -> Marketplace:
    return open_marketplace(
        code=f"h{os.getpid()}-{next(_numbers)}",
        name=name,
        service_email="vendeurs@halles.example",
        by="test",
        at=datetime.now(UTC),
    )


def seated(
    merchant: Any,
    marketplace: Marketplace | None = None,
    *,
    terms: str = "rakuten_france",
    code: str = "halles",
    overrides: dict[str, Any] | None = None,
) -> Place:
    """This will open a channel of the merchant's at a marketplace, with an owner who reads its letters."""
    at = datetime.now(UTC)
    marketplace = marketplace or a_marketplace()
    open_channel(
        merchant_id=merchant.id,
        code=code,
        name="Les Halles en ligne",
        terms=terms,
        timezone="Europe/Paris",
        mode="test",
        overrides=overrides or {},
        by="test",
        at=at,
    )
    owner = f"owner-{merchant.code}@shop.example"
    add_member(merchant=merchant, email=owner, password=PASSWORD, role="owner", first_name="Owner")
    seat = take_seat(
        marketplace_id=marketplace.id, merchant_id=merchant.id, channel_code=code, by="test", at=at
    )
    return Place(marketplace, merchant, seat)


def an_operator(marketplace: Marketplace, role: str = "manager") -> Any:
    """This will give a marketplace one more person."""
    made = add_operator(
        marketplace_id=marketplace.id,
        email=f"{role}-{next(_numbers)}-{marketplace.code}@halles.example",
        password=PASSWORD,
        role=role,
        first_name=role.title(),
        by="test",
        at=datetime.now(UTC),
    )
    return made.user
