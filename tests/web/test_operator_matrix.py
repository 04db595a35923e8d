"""Every page of a marketplace's staff × their roles × another marketplace's staff × merchants' members."""

from typing import Any

import pytest
from django.test import Client

from tests.web.desk import Shop, statements
from tests.web.full_place import Office, elsewhere
from tests.web.full_shop import address, params
from tests.web.routes import OPERATOR_PAGES, Page

ANSWERED = (200, 302, 422)
RANKS = ("agent", "manager")
NAMED = [page for page in OPERATOR_PAGES if params(page.name)]


def asked(client: Client, page: Page, method: str, office: Office) -> Any:
    return getattr(client, method)(address(page.name, office.known), {})


def ways(pages: list[Page] = OPERATOR_PAGES) -> list[tuple[Page, str]]:
    return [(page, method) for page in pages for method in page.methods]


@pytest.mark.parametrize("role", RANKS)
def test_an_operator_opens_the_pages_of_the_role(office: Office, role: str) -> None:
    wrong = []
    for page, method in ways():
        answer = asked(office[role], page, method, office)
        may = RANKS.index(role) >= RANKS.index(page.permission)
        good = answer.status_code in ANSWERED if may else answer.status_code == 403
        if not good:
            wrong.append((page.name, method, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("role", ["viewer", "agent", "manager", "owner"])
def test_for_merchants_members_these_pages_are_not_there(office: Office, shop: Shop, role: str) -> None:
    wrong = [
        (page.name, method)
        for page, method in ways()
        if asked(shop[role], page, method, office).status_code != 404
    ]
    assert wrong == []


def test_without_a_sign_in_one_signs_in_first(office: Office) -> None:
    for page, method in ways():
        answer = asked(Client(), page, method, office)
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/compte/login/"), (
            page.name
        )


def test_another_marketplaces_staff_find_nothing_of_it(office: Office) -> None:
    stranger = elsewhere()
    wrong = [
        (page.name, method)
        for page, method in ways(NAMED)
        if asked(stranger, page, method, office).status_code != 404
    ]
    assert wrong == []
    for page in OPERATOR_PAGES:
        if not params(page.name) and "get" in page.methods:
            text = stranger.get(address(page.name, {})).content.decode()
            assert office.place.merchant.code not in text and str(office.place.seat.id) not in text, page.name


def test_what_is_done_is_not_done_by_looking(office: Office) -> None:
    for page in OPERATOR_PAGES:
        if "get" not in page.methods:
            assert asked(office["manager"], page, "get", office).status_code == 405, page.name


def test_nothing_is_done_without_the_forms_own_mark(office: Office) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = office["manager"].cookies
    for page in OPERATOR_PAGES:
        if "post" in page.methods:
            assert asked(strict, page, "post", office).status_code == 403, page.name


def test_every_page_takes_at_most_twelve_queries(office: Office) -> None:
    taken = {}
    for page in OPERATOR_PAGES:
        if "get" in page.methods:
            taken[page.name] = statements(office["manager"], address(page.name, office.known))
    assert {name: count for name, count in taken.items() if count > 12} == {}
