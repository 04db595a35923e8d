"""Every address of the API, asked by nobody, by a stranger, and by somebody who may only look."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from countermand.access.tokens import issue, who
from countermand.api.main import api as ninja
from countermand.api.openapi import document
from countermand.approvals.actions import set_rules
from countermand.approvals.rules import Rule

from .conftest import Api, placed, problem_of

OPERATIONS = sorted(
    (method.upper(), path.removeprefix("/api/v1"))
    for path, operations in document(ninja)["paths"].items()
    for method in operations
)
# A body that each write takes, so that only the asker can be at fault.
BODIES: dict[str, Any] = {
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
    "/visits": {"channel": "boutique", "days": [{"day": "2026-11-20", "visits": 120}]},
    "/approval-rules": {"rules": []},
    "/orders/{order_id}/hand-overs": {"note": "vu", "role": "owner"},
    "/refunds/{refund_id}/settle": {"evidence": "reçu 12"},
    "/store-credits/{credit_id}/redeem": {"amount": "1.00", "order_number": "1"},
    "/vouchers": {"kind": "percent", "value": "10", "currency": "EUR", "expires_on": "2030-01-31"},
    "/vouchers/{voucher_code}/redeem": {"order_number": "1", "total": "30.00"},
}


def held_id(api: Api) -> str:
    """An approval that waits: what an agent may not do alone."""
    merchant_id = who(api.token).merchant_id  # type: ignore[union-attr]
    at = datetime.now(UTC)
    set_rules(merchant_id=merchant_id, rules=[Rule("amount", above="1")], by="test", at=at)
    agent = Api(issue(merchant_id=merchant_id, name="asks", role="agent"))
    answer = agent.post(f"/orders/{placed(api)['id']}/cancellations", {"reason": "other"})
    set_rules(merchant_id=merchant_id, rules=[], by="test", at=at)
    return str(answer.json()["approval"]["id"])


def ids_of(api: Api) -> dict[str, str]:
    """What an address may name, all of it the merchant's own."""
    order = placed(api)
    made = api.post(f"/orders/{order['id']}/cancellations", {"reason": "other", "undo_seconds": 600}).json()
    return {
        "order_id": order["id"],
        "cancellation_id": made["id"],
        "refund_id": made["refund"]["parts"][0]["id"],
        "credit_id": order["id"],
        "approval_id": held_id(api),
        "code": "boutique",
        "voucher_code": api.post("/vouchers", BODIES["/vouchers"]).json()["code"],
        "sku": "MUG-BLEU",
        "reference": "p1",
        "provider_reference": f"ok-{order['number']}",
    }


def address(path: str, named: dict[str, str]) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: named[found[1]], path)


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_nobody_is_let_in_without_a_token(database: None, method: str, path: str) -> None:
    path = re.sub(r"\{\w+\}", "x", path)
    answer = Api("")(method, path, {} if method in ("POST", "PUT", "PATCH") else None)
    problem_of(answer, 401)


def test_what_is_another_merchants_is_not_there(api: Api, stranger: Api) -> None:
    named = ids_of(api)
    asked = [
        (method, path)
        for method, path in OPERATIONS
        if "{" in path and (method, path) != ("PUT", "/items/{sku}")
    ]
    assert len(asked) > 20
    for method, path in asked:
        answer = stranger(method, address(path, named), BODIES.get(path, {}) if method != "GET" else None)
        assert answer.status_code == 404, (method, path, answer.content)
        problem_of(answer, 404, "not_found")


def test_lists_show_a_stranger_nothing(api: Api, stranger: Api) -> None:
    order = placed(api)
    for path in (
        f"/orders?channel=boutique&number={order['number']}",
        "/refunds",
        "/items",
        f"/events?order={order['id']}",
    ):
        assert stranger.get(path).json()["items"] == [], path


def test_who_may_only_look_changes_nothing(api: Api, token_of: Callable[[str], str]) -> None:
    viewer, named = Api(token_of("viewer")), ids_of(api)
    for method, path in OPERATIONS:
        if path == "/store-credits/{credit_id}/redeem" and method == "GET":
            continue
        answer = viewer(method, address(path, named), BODIES.get(path, {}) if method != "GET" else None)
        if method == "GET":
            assert answer.status_code == 200, (path, answer.content)
        else:
            problem_of(answer, 403, "forbidden")


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
