"""A shop with its people for the tests of pages: clients signed in by role, and orders to act on."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from countermand import sql
from countermand.correspondence.actions import log_contact
from countermand.merchants.actions import add_member
from countermand.procedure.actions import skip_step
from countermand.stock.actions import put_item
from tests.builders import an_order

BACKEND = "countermand.merchants.sign_in.Backend"
PASSWORD = "tisane-lilas-2026"
LINES = (("MUG-BLEU", 3, "12.30"), ("BOL-VERT", 1, "18.90"))


@dataclass
class Shop:
    """One merchant, its people, and a client for each of them."""

    merchant: Any
    clients: dict[str, Client]

    def __getitem__(self, role: str) -> Client:
        return self.clients[role]

    def order(self, **body: Any) -> UUID:
        """This will take in an order of two lines, 3 mugs and 1 bowl, paid by card."""
        return an_order(self.merchant, **{"lines": LINES, **body})


def email_of(merchant: Any, role: str) -> str:
    return f"{role}-{merchant.code}@shop.example"


def shop_of(merchant: Any) -> Shop:
    """This will give a merchant its people and two articles in stock."""
    clients = {"anonymous": Client()}
    for role in ("owner", "manager", "agent", "viewer"):
        user = add_member(
            merchant=merchant,
            email=email_of(merchant, role),
            password=PASSWORD,
            role=role,
            first_name=role.title(),
        )
        clients[role] = Client()
        clients[role].force_login(user, backend=BACKEND)
    for sku, on_hand in (("MUG-BLEU", 10), ("BOL-VERT", 5)):
        fields = {"title": sku.replace("-", " ").capitalize(), "on_hand": on_hand}
        put_item(merchant_id=merchant.id, sku=sku, fields=fields, by="test", at=datetime.now(UTC))
    return Shop(merchant, clients)


def steps_taken(shop: Shop, order_id: UUID) -> None:
    """This will do the first two steps of a cancellation: the buyer was spoken with, the stock is said to be right."""
    common: dict[str, Any] = {
        "merchant_id": shop.merchant.id,
        "order_id": order_id,
        "by": "test",
        "at": datetime.now(UTC),
    }
    log_contact(by_means="phone", outcome="accepts", **common)
    skip_step(step="stock", reason="le stock est juste", **common)


def answers(page: Any) -> dict[str, str]:
    """This will read a cancel page as a browser would send it back, every question as it stands."""
    form = page.context["form"]
    said = {}
    for bound in form:
        value = bound.value()
        if isinstance(value, bool):
            said |= {bound.html_name: "on"} if value else {}
        elif value is not None:
            said[bound.html_name] = str(value)
    said["token"] = page.context["token"]
    for name, value in (("plan", page.context.get("plan")), ("seen", page.context.get("seen"))):
        if value is not None:
            said[name] = value.digest if name == "plan" else value
    return said


NO_QUESTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "SET ")  # they ask nothing and answer nothing


def statements(client: Client, url: str) -> int:
    """This will count every query that a page takes, Django's and ours."""
    seen: list[str] = []
    with sql.watched(seen.append), CaptureQueriesContext(connection) as django:
        answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
    asked = [*seen, *(query["sql"] for query in django.captured_queries)]
    return sum(not each.startswith(NO_QUESTION) for each in asked)
