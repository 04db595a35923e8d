"""What somebody tries who is in the house, or near it, and wants further than their own place."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from countermand.marketplace.actions import add_operator, open_marketplace
from countermand.merchants.actions import add_member, add_merchant
from countermand.merchants.models import Member, User
from countermand.merchants.sign_in import DEMO_DOMAIN, address_of
from countermand.merchants.till import set_till_code
from tests.web.desk import PASSWORD, Shop, email_of

CODE = "4711"
ELSEWHERE = ["/compte/email/", "/compte/confirm-email/", "/compte/signup/", "/compte/login/code/confirm/"]


def person(shop: Shop, role: str) -> User:
    return User.objects.get(email=email_of(shop.merchant, role))


def come_in(client: Client, shop: Shop, role: str) -> None:
    """Signs in with the password, as a browser does, and opens the first page."""
    client.post("/compte/login/", {"login": email_of(shop.merchant, role), "password": PASSWORD})
    assert client.get("/").status_code == 200


def a_shared_till(shop: Shop) -> Client:
    """A browser on which the owner came in this morning, and then the agent; the owner has a code."""
    owner = Member.objects.get(merchant=shop.merchant, role="owner")
    set_till_code(member=owner, code=CODE, by="test", at=datetime.now(UTC))
    till = Client()
    come_in(till, shop, "owner")
    till.session.flush()  # the owner walks away; the browser stays the one it is
    till.cookies.pop("sessionid", None)
    come_in(till, shop, "agent")
    return till


def take_over(till: Client, shop: Shop) -> Any:
    owner = Member.objects.get(merchant=shop.merchant, role="owner")
    return till.post(reverse("web:till"), {"member": owner.id, "code": CODE})


@pytest.mark.parametrize("address", ELSEWHERE)
def test_nobody_gives_themselves_another_address(shop: Shop, address: str) -> None:
    wanted = f"patron-{shop.merchant.code}@shop.example"
    before = shop["agent"].post(address, {"email": wanted, "action_add": ""})
    shop["agent"].post(address, {"email": wanted, "action_primary": ""})
    assert before.status_code == 404
    assert not User.objects.filter(email=wanted).exists()


def test_SH12_a_change_of_password_ends_who_came_in_on_a_till(shop: Shop) -> None:
    till = a_shared_till(shop)
    at_home = Client()
    come_in(at_home, shop, "owner")
    fresh = "verveine-menthe-2027"
    changed = {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh}
    assert at_home.post("/compte/password/change/", changed).status_code == 302
    assert take_over(till, shop).status_code == 422, "the code alone is not enough any more"
    assert till.get("/").context["desk"].role == "agent"


def test_SH12_a_session_that_began_with_a_code_stays_in_its_shop(shop: Shop) -> None:
    other = add_merchant(code=f"other-{shop.merchant.code}", name="Chez Zoé")
    add_member(merchant=other, email=email_of(shop.merchant, "owner"), password="", role="owner")
    till = a_shared_till(shop)
    assert take_over(till, shop).status_code == 302
    assert till.get("/").context["desk"].merchant == shop.merchant
    till.post(reverse("web:switch"), {"merchant": other.id})
    answer = till.get("/")
    assert answer.status_code == 302 and "reauthenticate" in answer.headers["Location"]


def test_SH12_a_code_does_not_open_the_marketplaces_pages(shop: Shop) -> None:
    here = open_marketplace(
        code=f"halle-{shop.merchant.code}", name="La Halle", by="test", at=datetime.now(UTC)
    )
    add_operator(
        marketplace_id=here.id,
        email=email_of(shop.merchant, "owner"),
        first_name="Owner",
        role="manager",
        password=None,
        by="test",
        at=datetime.now(UTC),
    )
    till = a_shared_till(shop)
    assert take_over(till, shop).status_code == 302
    answer = till.get(reverse("web:operator"))
    assert answer.status_code == 302 and "reauthenticate" in answer.headers["Location"]


def test_the_demos_addresses_are_no_way_in_for_others(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    email = f"Demo-{shop.merchant.code}{DEMO_DOMAIN}".upper()
    add_member(merchant=shop.merchant, email=email.lower(), password=PASSWORD, role="owner")
    monkeypatch.setenv("COUNTERMAND_DEMO_SIGN_IN", "0")
    visitor = shop["anonymous"]
    visitor.post("/compte/login/", {"login": f" {email} ", "password": PASSWORD})
    assert visitor.get("/").status_code == 302


@pytest.mark.parametrize(("proxies", "address"), [(0, "10.0.0.9"), (1, "203.0.113.7"), (2, "198.51.100.4")])
def test_an_address_is_believed_from_as_many_proxies_as_there_are(
    settings: Any, proxies: int, address: str
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    said = "1.1.1.1, 198.51.100.4, 203.0.113.7"  # the first is what the visitor made up
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR=said)
    assert address_of(request) == address
