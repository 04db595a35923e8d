"""What roles may do over REST beyond the table of all addresses (tests/web/test_matrix.py)."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.web import routes

from .conftest import Api, placed, problem_of

OPERATIONS = sorted((each.method, each.path) for each in routes.OPERATIONS)
# A body that each write takes, so that only the asker can be at fault.
BODIES: dict[str, Any] = {
    "/returns/{return_id}/proof": {"proof": "reçu 12", "at": "2026-11-20T10:00:00+01:00"},
    "/returns/{return_id}/lost": {"give_back": False},
    "/returns/{return_id}/inspect": {"condition": "as_new"},
    "/orders/{order_id}/intercepts": {"parcel": "1"},
    "/intercepts/{intercept_id}/answer": {"answer": "accepted"},
    "/intercepts/{intercept_id}/back": {"reason": "budget"},
    "/channels": {"code": "c", "name": "C", "terms": "own_shop", "mode": "test"},
    "/channels/{code}": {"name": "C"},
    "/items/{sku}": {"title": "T"},
    "/items/{sku}/unavailable": {"days": 5},
    "/items/{sku}/stock": {"set": 5},
    "/orders": {
        "channel": "boutique",
        "number": "1",
        "placed_at": "2026-11-20T10:00:00Z",
        "currency": "EUR",
        "lines": [{"sku": "A", "quantity": 1, "unit_price": "1.00"}],
    },
    "/orders/{order_id}/cancellations": {"reason": "other"},
    "/orders/{order_id}/cancellations/preview": {"reason": "other"},
    "/orders/{order_id}/payments": {"provider": "manual", "state": "captured", "amount": "1.00"},
    "/orders/{order_id}/payments/{reference}/external-refund": {"amount": "1.00"},
    "/orders/{order_id}/contacts": {"by": "phone", "outcome": "accepts"},
    "/orders/{order_id}/notes": {"text": "Bonjour"},
    "/orders/{order_id}/requests": {"route": "phone"},
    "/requests/{request_id}/decline": {"reason": "déjà partie"},
    "/orders/{order_id}/messages": {"kind": "free", "text": "Bonjour"},
    "/visits": {"channel": "boutique", "days": [{"day": "2026-11-20", "visits": 120}]},
    "/approval-rules": {"rules": []},
    "/webhooks": {"url": "https://shop.example/", "events": ["*"]},
    "/webhooks/{webhook_id}": {"events": ["refund.*"]},
    "/orders/{order_id}/hand-overs": {"note": "vu", "role": "owner"},
    "/refunds/{refund_id}/settle": {"evidence": "reçu 12"},
    "/store-credits/{credit_id}/redeem": {"amount": "1.00", "order_number": "1"},
    "/vouchers": {"kind": "percent", "value": "10", "currency": "EUR", "expires_on": "2030-01-31"},
    "/vouchers/{voucher_code}/redeem": {"order_number": "1", "total": "30.00"},
}


def test_lists_show_a_stranger_nothing(api: Api, stranger: Api) -> None:
    order = placed(api)
    for path in (
        f"/orders?channel=boutique&number={order['number']}",
        "/refunds",
        "/items",
        f"/events?order={order['id']}",
    ):
        assert stranger.get(path).json()["items"] == [], path


@pytest.mark.parametrize(
    ("role", "path", "body", "status"),
    [
        ("agent", "/channels", {"code": "c2", "name": "C", "terms": "own_shop", "mode": "test"}, 403),
        ("manager", "/channels", {"code": "c2", "name": "C", "terms": "own_shop", "mode": "test"}, 403),
        ("owner", "/channels", {"code": "c2", "name": "C", "terms": "own_shop", "mode": "test"}, 201),
        ("agent", "/orders/{order_id}/refunds", {"amount": "1.00"}, 403),
        ("manager", "/orders/{order_id}/refunds", {"amount": "1.00"}, 201),
        ("agent", "/orders/{order_id}/cancellations", {"reason": "other"}, 201),
    ],
)
def test_each_role_does_what_it_may(
    api: Api, token_of: Callable[[str], str], role: str, path: str, body: dict[str, Any], status: int
) -> None:
    order = placed(api)
    answer = Api(token_of(role)).post(path.replace("{order_id}", order["id"]), body)
    assert answer.status_code == status, answer.content


def test_only_an_owner_waives_what_is_owed(api: Api, token_of: Callable[[str], str]) -> None:
    path = f"/orders/{placed(api)['id']}/cancellations"
    body = {"reason": "other", "refund": {"when": "none", "waiver": "le client y renonce"}}
    problem_of(Api(token_of("manager")).post(path, body), 409, "refund_owed")
    assert api.post(path, body).status_code == 201
