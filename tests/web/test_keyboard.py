"""Hands on the keyboard: search, walk the rows, open, cancel, help; and never while somebody types."""

import itertools
from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from tests.web.browser import DESK, browsing, served, signed_in
from tests.web.desk import Shop
from tests.web.test_screens import a_shop

pytestmark = pytest.mark.browser
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def desk(database: None) -> Iterator[tuple[Page, Shop]]:
    # Playwright runs a loop in this thread, which Django would take for asynchronous code.
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    shop = a_shop("Le Petit Mug")
    for _ in range(3):
        shop.order(number=f"CLAVIER-{next(_numbers)}")
    with served() as host, browsing() as browser:
        session = shop["agent"].cookies["sessionid"].value
        page = signed_in(browser, host, session, viewport=DESK).new_page()
        page.set_default_timeout(20_000)
        yield page, shop
        connections.close_all()
    patch.undo()


def rows(page: Page) -> list[str]:
    return page.locator("[data-row]").evaluate_all("all => all.map(row => row === document.activeElement)")


def test_slash_goes_to_the_search_and_letters_stay_letters_there(desk: tuple[Page, Shop]) -> None:
    page, _ = desk
    page.goto("/")
    page.keyboard.press("/")
    expect(page.locator("[data-search]").first).to_be_focused()
    page.keyboard.type("jka?")
    assert page.locator("[data-search]").first.input_value() == "jka?"
    expect(page.locator("#keys")).not_to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-search]").first).not_to_be_focused()


def test_j_and_k_walk_the_rows_and_enter_opens_one(desk: tuple[Page, Shop]) -> None:
    page, _ = desk
    page.goto("/commandes")
    page.keyboard.press("j")
    assert rows(page) == [True, False, False]
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert rows(page) == [False, False, True]
    page.keyboard.press("k")
    assert rows(page) == [False, True, False]
    page.keyboard.press("Enter")
    page.wait_for_url("**/commandes/*-*")


def test_a_cancels_the_row_in_hand_and_never_one_that_was_not_chosen(desk: tuple[Page, Shop]) -> None:
    page, _ = desk
    page.goto("/commandes")
    page.keyboard.press("a")
    expect(page).to_have_url(page.url)
    assert page.url.endswith("/commandes")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.wait_for_url("**/annuler")


def test_x_ticks_a_row(desk: tuple[Page, Shop]) -> None:
    page, _ = desk
    page.goto("/commandes")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-row] [data-check]").first.is_checked()


def test_the_question_mark_shows_the_keys_and_escape_puts_them_away(desk: tuple[Page, Shop]) -> None:
    page, _ = desk
    page.goto("/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).not_to_be_visible()


def test_the_first_tab_leads_past_the_menu(desk: tuple[Page, Shop]) -> None:
    page, _ = desk
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
