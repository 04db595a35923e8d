"""The demo shop: made once, whole, always with the same sign-in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from countermand.demo import ensure
from countermand.demo.orders import PARIS, TRICKY, order_bodies
from countermand.merchants.models import Member, Merchant, User
from countermand.orders.models import Order
from countermand.overview.audit import audit
from countermand.payments.models import Payment
from countermand.refunds import jobs
from countermand.stock.models import Item


@pytest.fixture
def demo(database: None) -> Iterator[Any]:
    sign_in = ensure()
    merchant = Merchant.objects.get(code="demo")
    yield merchant, sign_in
    # Left to nobody else's drain: its payments decline, lose answers and come late.
    while jobs.drain(at=datetime.now(UTC)).claimed:
        pass
    assert audit(merchant_id=merchant.id) == []


def test_the_demo_is_made_once_and_its_owner_can_sign_in(demo: tuple[Any, dict[str, str]]) -> None:
    merchant, sign_in = demo
    assert ensure() == sign_in
    assert Order.of(merchant.id).filter(channel__code="boutique").count() == 300
    owner = User.objects.get(email=sign_in["email"])
    assert owner.check_password(sign_in["password"])
    roles = Member.objects.filter(merchant=merchant).values_list("role", flat=True)
    assert sorted(roles) == ["agent", "owner"]


def test_the_demo_has_every_kind_of_order_payment_and_stock(demo: tuple[Any, dict[str, str]]) -> None:
    merchant, _ = demo
    statuses = set(Order.of(merchant.id).values_list("status", flat=True))
    assert {"open", "partially_shipped", "shipped", "cancelled", "awaiting_acceptance", "pending"} <= statuses
    tempers = {
        name.split("-")[0]
        for (name,) in Payment.of(merchant.id).filter(provider="sandbox").values_list("provider_reference")
    }
    assert tempers == {"ok", *(temper for temper, _ in TRICKY.values())}
    items = list(Item.of(merchant.id))
    assert any(item.on_hand == 0 for item in items)
    assert any(item.allocated > (item.on_hand or 0) for item in items)


def test_the_newest_order_of_the_demo_was_placed_yesterday(
    now: datetime,
) -> None:
    bodies = order_bodies(now=now)
    newest = max(datetime.fromisoformat(body["placed_at"]) for body in bodies)
    assert newest.astimezone(PARIS).date() == now.astimezone(PARIS).date() - timedelta(days=1)
    assert {body["currency"] for body in bodies} == {"EUR"}
    assert all(body["customer"]["email"].endswith("@example.test") for body in bodies)
