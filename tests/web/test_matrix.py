"""Every address × every role × one's own and another merchant's rows, from one table (routes.py)."""

import itertools
import re
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from config.urls import CLOSED
from countermand.access.tokens import issue
from countermand.api.main import api as ninja
from countermand.merchants.actions import add_merchant
from countermand.merchants.roles import allows
from countermand.web import urls
from tests.api.conftest import Api
from tests.api.test_rights import BODIES
from tests.web.desk import Shop, shop_of, statements
from tests.web.full_shop import address, furnished, params
from tests.web.routes import OPEN, OPERATIONS, OPERATOR_PAGES, PAGES, Operation, Page

ROLES = ("viewer", "agent", "manager", "owner")
# An answer of the page itself: shown, done and led on, or refused in words.
ANSWERED = (200, 201, 202, 204, 302, 409, 422)
MOST_QUERIES = 12
# Without these words there is nothing to speak of.
SAID = {
    "propose": {"offer-line": "1"},
    "sale_zero": {"sku": "MUG-BLEU"},
    "verdict": {"verdict": "verified"},
    "return_end": {"do": "withdraw"},
    "appeal": {"text": "Une panne de notre fournisseur."},
}
WORDS = {"kind", "language"}  # the same for every merchant
NEVER: dict[type, Any] = {UUID: uuid4(), int: 10**9}
_numbers = itertools.count(1)


@pytest.fixture
def known(shop: Shop) -> dict[str, Any]:
    return furnished(shop)


@pytest.fixture
def stranger(shop: Shop) -> Shop:
    """Another merchant's people, in whose shop there is nothing."""
    other = add_merchant(code=f"o{next(_numbers)}-{shop.merchant.code}", name="Chez Georges")
    return shop_of(other)


# The table is whole


def test_every_page_stands_in_the_table() -> None:
    named = {str(each.name) for each in urls.urlpatterns}
    assert {page.name for page in (*PAGES, *OPERATOR_PAGES)} == named - OPEN
    ways = [(page.name, method) for page in (*PAGES, *OPERATOR_PAGES) for method in page.methods]
    assert len(ways) == len(set(ways))


def test_every_operation_of_the_api_stands_in_the_table() -> None:
    served = {
        (method, re.sub(r"\{\w+:", "{", path))
        for router in ninja._get_bound_routers()
        for path, view in router.path_operations.items()
        for operation in view.operations
        for method in operation.methods
    }
    assert {(each.method, each.path) for each in OPERATIONS} == served


def test_there_is_no_door_beside_those() -> None:
    """What is not the back office, the API or signing in is listed here, with why it is open."""
    beside = {
        "healthz": "says that the process is alive",
        "readyz": "says that database and worker are ready",
        "api/v1/openapi.json": "describes the API",
        "api/docs": "describes the API",
        f"^compte/(?:{CLOSED})/": "doors of the sign-in library that stay shut: 404",
    }
    found = {
        str(each.pattern)
        for each in get_resolver().url_patterns
        if isinstance(each, URLPattern) or not _ours(each)
    }
    assert found == set(beside)


def _ours(each: URLResolver) -> bool:
    return str(each.pattern) in ("", "api/v1/", "compte/")


# The back office


@pytest.mark.parametrize("role", ["anonymous", *ROLES])
def test_SH12_a_role_opens_the_pages_that_it_may(shop: Shop, known: dict[str, Any], role: str) -> None:
    wrong = []
    for page in PAGES:
        for method in page.methods:
            answer = getattr(shop[role], method)(address(page.name, known), SAID.get(page.name, {}))
            if not _as_it_should(answer, page, role):
                wrong.append((page.name, method, answer.status_code))
    assert not wrong, "\n".join(map(str, wrong))


def _as_it_should(answer: Any, page: Page, role: str) -> bool:
    if page.permission == "anyone":
        return answer.status_code in ANSWERED
    if role == "anonymous":
        to_sign_in = answer.headers.get("Location", "").startswith("/compte/login/?next=")
        return answer.status_code == 302 and to_sign_in
    if allows(role, page.permission):
        return answer.status_code in ANSWERED
    return answer.status_code == 403 and "Demandez à" in answer.content.decode()


def test_no_merchant_sees_another_ones_pages(known: dict[str, Any], stranger: Shop) -> None:
    found = answers_but_404(stranger, {**known, "sku": "ONLY-HERE"})
    assert found == [], str(found)


def test_rows_that_never_were_are_not_found(shop: Shop, known: dict[str, Any]) -> None:
    nothing = {name: NEVER.get(type(value), "never-was") for name, value in known.items()}
    assert answers_but_404(shop, {**nothing, **{name: known[name] for name in WORDS}}) == []


def answers_but_404(asking: Shop, known: dict[str, Any]) -> list[Any]:
    """What answers anything but "there is no such thing" to an owner, of all that names a thing."""
    wrong = []
    for page in PAGES:
        if page.permission != "anyone" and set(params(page.name)) - WORDS:
            for method in page.methods:
                answer = getattr(asking["owner"], method)(
                    address(page.name, known), SAID.get(page.name, {"do": "zero"})
                )
                if answer.status_code != 404:
                    wrong.append((page.name, method, answer.status_code))
    return wrong


def test_what_is_done_is_not_done_by_looking(shop: Shop, known: dict[str, Any]) -> None:
    shown = {page.name for page in PAGES if "get" in page.methods}
    looked = {
        page.name: shop["owner"].get(address(page.name, known)).status_code
        for page in PAGES
        if page.name not in shown
    }
    assert {name: status for name, status in looked.items() if status != 302} == {}


def test_every_page_takes_at_most_twelve_queries(shop: Shop, known: dict[str, Any]) -> None:
    taken = {}
    shop["owner"].get("/")  # coming to the till is written down once
    for page in PAGES:
        if "get" in page.methods and page.kind == "page":
            taken[page.name] = statements(shop["owner"], address(page.name, known))
    assert {name: count for name, count in taken.items() if count > MOST_QUERIES} == {}


def test_nothing_is_done_without_the_forms_own_mark(shop: Shop, known: dict[str, Any]) -> None:
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.cookies = shop["owner"].cookies
    for page in PAGES:
        if "post" in page.methods and page.permission != "anyone":
            assert strict.post(address(page.name, known), {"do": "confirm"}).status_code == 403, page.name


# The API


def named(shop: Shop, known: dict[str, Any]) -> dict[str, str]:
    """What an address of the API may name, all of it the shop's own."""
    order = Api(issue(merchant_id=shop.merchant.id, name="reader", role="viewer")).get(
        f"/orders/{known['order_id']}"
    )
    payment = order.json()["payments"][0]
    own = {"code": "boutique", "reference": payment["reference"]}
    own["provider_reference"] = payment["provider_reference"]
    return {name: str(value) for name, value in {**known, **own}.items()}


def ask(api: Api, operation: Operation, own: dict[str, str]) -> Any:
    path = re.sub(r"\{(\w+)\}", lambda found: own[found[1]], operation.path)
    body = BODIES.get(operation.path, {}) if operation.method in ("POST", "PUT", "PATCH") else None
    return api(operation.method, path, body)


@pytest.mark.parametrize("role", ["nobody", *ROLES])
def test_a_role_calls_the_operations_that_it_may(shop: Shop, known: dict[str, Any], role: str) -> None:
    own = named(shop, known)
    token = "" if role == "nobody" else issue(merchant_id=shop.merchant.id, name=role, role=role)
    api = Api(token)
    wrong = []
    for operation in OPERATIONS:
        answer = ask(api, operation, own)
        status = answer.status_code
        outside = role == "nobody" or operation.permission == "signed"  # no token opens what channels sign
        refused = 401 if outside else 0 if allows(role, operation.permission) else 403
        if refused:
            good = status == refused
        elif operation.method == "GET":
            good = status == 200
        else:
            # A rule of its own may forbid it to this very asker, in its own words.
            good = status in ANSWERED or (status == 403 and "role" not in answer.json()["detail"])
        if not good:
            wrong.append((operation.method, operation.path, status, answer.content[:160]))
    assert wrong == [], str(wrong)


def test_no_merchant_reaches_another_ones_rows(shop: Shop, known: dict[str, Any], stranger: Shop) -> None:
    own = named(shop, known)
    api = Api(issue(merchant_id=stranger.merchant.id, name="stranger", role="owner"))
    own |= {"sku": "ONLY-HERE"}
    wrong = []
    for operation in OPERATIONS:
        if "{" in operation.path and (operation.method, operation.path) != ("PUT", "/items/{sku}"):
            answer = ask(api, operation, own)
            if operation.permission == "signed" and answer.status_code == 401:
                continue  # it asks for no token: nobody is told whose channel it is
            if answer.status_code != 404 or answer.json()["code"] != "not_found":
                wrong.append((operation.method, operation.path, answer.status_code, answer.content[:160]))
    assert wrong == [], str(wrong)


def test_the_lists_of_a_stranger_are_empty(known: dict[str, Any], stranger: Shop) -> None:
    api = Api(issue(merchant_id=stranger.merchant.id, name="stranger", role="owner"))
    for operation in OPERATIONS:
        if operation.method == "GET" and "{" not in operation.path:
            text = api.get(operation.path).content.decode()
            assert not [value for value in known.values() if isinstance(value, UUID) and str(value) in text]
