"""A buyer who asks, for tests: an order under some terms, and what is recorded of it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from countermand.buyer_requests.actions import record_request
from countermand.buyer_requests.models import BuyerRequest
from countermand.channels.actions import open_channel
from countermand.orders.models import Order
from tests.builders import an_order

BY = "lea@example.org"


class Asking:
    """One channel of one merchant under some terms."""

    def __init__(self, merchant: Any, terms: str = "amazon", **overrides: Any) -> None:
        self.merchant, self.code = merchant, f"canal-{terms[:6]}"
        open_channel(
            merchant_id=merchant.id,
            code=self.code,
            name=terms,
            terms=terms,
            timezone="Europe/Paris",
            mode="test",
            overrides=overrides,
            by="test",
            at=datetime.now(UTC),
        )

    def order(self, *, days_ago: float = 2, **body: Any) -> UUID:
        """This will take in an order that was placed some days ago: past every grace."""
        body.setdefault("placed_at", (datetime.now(UTC) - timedelta(days=days_ago)).isoformat())
        return an_order(self.merchant, channel=self.code, **body)

    def asks(self, order_id: UUID, *, route: str = "official", **wish: Any) -> BuyerRequest:
        """This will record what the buyer of an order asks."""
        wish = {"merchant_id": self.merchant.id, "by": BY, "at": datetime.now(UTC)} | wish
        return record_request(order_id=order_id, route=route, **wish)

    def open_requests(self, order_id: UUID) -> int:
        """This will count as the order's row does."""
        return Order.of(self.merchant.id).get(id=order_id).open_requests

    def now(self, request: BuyerRequest) -> BuyerRequest:
        """This will read a request again."""
        return BuyerRequest.of(self.merchant.id).get(id=request.id)
