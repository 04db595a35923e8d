"""A client of the REST door, through the whole WSGI stack."""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from countermand.access.tokens import issue

from .documented import hold

_numbers = itertools.count(1)


@dataclass
class Api:
    """Asks as one token does; answers carry `.json()`, `.status_code` and `.headers`."""

    token: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=True))

    def __call__(
        self, method: str, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str
    ) -> Any:
        sent = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        kind = sent.pop("Content-Type", "application/json")
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        address = path if path.startswith(("/api", "/healthz", "/readyz")) else f"/api/v1{path}"
        answer = self.client.generic(method, address, content, content_type=kind, headers=sent)
        if answer.status_code < 300 and answer.headers.get("Content-Type") == "application/json":
            hold(
                method=method,
                address=address.split("?")[0],
                status=answer.status_code,
                content=answer.content,
            )
        return answer

    def get(self, path: str, **headers: str) -> Any:
        return self("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Any:
        return self("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> Any:
        return self("PUT", path, body, **headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Any:
        return self("PATCH", path, body, **headers)

    def delete(self, path: str, **headers: str) -> Any:
        return self("DELETE", path, **headers)


@pytest.fixture
def token_of(merchant: Any) -> Callable[[str], str]:
    """Makes a token of a role."""
    return lambda role: issue(merchant_id=merchant.id, name=f"test-{role}", role=role)


@pytest.fixture
def api(merchant: Any) -> Api:
    """The merchant's own client, as owner."""
    return Api(issue(merchant_id=merchant.id, name="tests", role="owner"))


@pytest.fixture
def stranger(database: None) -> Api:
    """Another merchant's client, as owner."""
    from countermand.merchants.actions import add_merchant

    made = add_merchant(
        code=f"stranger-{datetime.now(UTC).timestamp()}-{next(_numbers)}".replace(".", "-"), name="X"
    )
    return Api(issue(merchant_id=made.id, name="stranger", role="owner"))


def order_body(**changes: Any) -> dict[str, Any]:
    """The order of docs/api.md, worth 38.80: a line of 3 worth 31.90, shipping 4.90, a fee 2.00."""
    number = changes.pop("number", f"N{next(_numbers)}")
    body = {
        "channel": "boutique",
        "number": number,
        "placed_at": "2026-11-20T10:00:00+01:00",
        "ship_by": "2026-11-23",
        "currency": "EUR",
        "prices_include_tax": True,
        "invoice_number": "F-77",
        "customer": {"name": "Zoé Martin", "email": "zoe@example.org", "phone": "", "language": "fr"},
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
                "refunded": "0.00",
                "provider_reference": f"ok-{number}",
            }
        ],
        "verification": "verified",
        "accepted": True,
        "risk": {"level": "low", "signals": []},
    }
    return body | changes


def placed(api: Api, **changes: Any) -> dict[str, Any]:
    """An order that has come in."""
    answer = api.post("/orders", order_body(**changes))
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def problem_of(answer: HttpResponse, status: int, code: str = "") -> dict[str, Any]:
    """What a refusal says, once it is known to be one."""
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    said: dict[str, Any] = json.loads(answer.content)
    assert {"type", "title", "status", "code", "detail", "errors"} <= set(said)
    assert said["status"] == status
    if code:
        assert said["code"] == code, said
    return said
