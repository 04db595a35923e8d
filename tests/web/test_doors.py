"""Coming in: signing in, the demo, several merchants, forms from elsewhere. Who may open what: test_matrix.py."""

import itertools
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.urls import reverse

from countermand.channels.actions import open_channel
from countermand.merchants.actions import add_member, add_merchant
from tests.web.desk import PASSWORD, Shop, email_of

_numbers = itertools.count(1)


def test_SH1_signing_in_leads_to_what_waits(shop: Shop) -> None:
    visitor = shop["anonymous"]
    assert visitor.get("/").headers["Location"].startswith("/compte/login/")
    said = {"login": email_of(shop.merchant, "agent"), "password": PASSWORD}
    answer = visitor.post("/compte/login/?next=/", said, follow=True)
    assert answer.redirect_chain[-1][0] == "/"
    assert "Rien n" in answer.content.decode()


def test_the_demo_comes_in_on_loopback_only(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    email = f"demo-{next(_numbers)}-{shop.merchant.id}@example.test"
    add_member(merchant=shop.merchant, email=email, password=PASSWORD, role="owner")
    said = {"login": email, "password": PASSWORD}
    visitor = shop["anonymous"]
    visitor.post("/compte/login/", said)
    assert visitor.get("/").status_code == 200
    monkeypatch.setenv("COUNTERMAND_DEMO_SIGN_IN", "0")
    assert visitor.get("/").status_code == 302, "an open session ends too"
    assert visitor.post("/compte/login/", said).status_code != 302


def test_a_person_of_several_merchants_chooses_one(shop: Shop) -> None:
    other = add_merchant(code=f"s{next(_numbers)}-{shop.merchant.code}", name="Chez Zoé")
    open_channel(
        merchant_id=other.id,
        code="boutique",
        name="Boutique",
        terms="own_shop",
        timezone="Europe/Paris",
        mode="test",
        overrides={},
        by="test",
        at=datetime.now(UTC),
    )
    add_member(merchant=other, email=email_of(shop.merchant, "agent"), password="", role="viewer")
    order_id = shop.order()
    agent, address = shop["agent"], reverse("web:order", kwargs={"order_id": order_id})
    agent.post("/commercant", {"merchant": shop.merchant.id})
    assert agent.get(address).status_code == 200
    answer = agent.post("/commercant", {"merchant": other.id, "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == "/"
    assert agent.get(address).status_code == 404
    agent.post("/commercant", {"merchant": 10**9})
    assert agent.get(address).status_code == 404, "a merchant that is not theirs is not taken"


def test_a_form_from_elsewhere_is_refused(shop: Shop) -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.cookies = shop["owner"].cookies
    order_id: UUID = shop.order()
    assert (
        strict.post(reverse("web:cancel", kwargs={"order_id": order_id}), {"do": "confirm"}).status_code
        == 403
    )
