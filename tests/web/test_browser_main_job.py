"""The main job in a real browser: by mouse, by keyboard, on a phone, and without a script."""

from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from countermand.cancellations.models import Cancellation, CancelledLine
from tests.web.browser import DESK, PHONE, signed_in
from tests.web.desk import PASSWORD, Shop, email_of, steps_taken

pytestmark = pytest.mark.browser


def at_the_desk(shop: Shop, browser: Browser, address: str, **options: Any) -> tuple[Page, list[str]]:
    """A page of the agent's, and what its console complained of."""
    session = shop["agent"].cookies["sessionid"].value
    page = signed_in(browser, address, session, **{"viewport": DESK, **options}).new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_default_timeout(10_000)
    return page, complaints


def units_of(shop: Shop, order_id: UUID) -> dict[str, int]:
    lines = CancelledLine.of(shop.merchant.id).filter(cancellation__order_id=order_id)
    return dict(lines.values_list("line__reference", "quantity"))


def confirm_button(page: Page) -> Any:
    return page.locator('button[value="confirm"]')


def test_the_main_job_by_mouse_from_signing_in_to_undo(shop: Shop, browser: Browser, address: str) -> None:
    order_id = shop.order(number="M-1")
    steps_taken(shop, order_id)
    page = browser.new_context(locale="fr-FR", base_url=address, viewport=DESK).new_page()  # type: ignore[arg-type]
    page.goto("/")
    page.get_by_label("Adresse").or_(page.locator("[name=login]")).first.fill(
        email_of(shop.merchant, "agent")
    )
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    page.get_by_role("link", name="Commandes", exact=True).click()
    page.locator("input[name=q]:visible").fill("M-1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/commandes?q=M-1")
    page.get_by_role("link", name="M-1").click()
    page.get_by_text("Plus d'actions").click()
    page.get_by_role("link", name="Annuler la commande").click()
    page.get_by_label("Motif", exact=True).select_option("out_of_stock")
    page.get_by_role("spinbutton", name="Mug-Bleu", exact=True).fill("1")
    expect(page.locator(".press-what")).to_contain_text("2 articles annulés")
    expect(page.locator(".press-what")).to_contain_text("31,20\u00a0€ à rendre")
    expect(confirm_button(page)).to_have_text("Envoyer et annuler")
    expect(page.locator(".mail-text")).to_contain_text("Mug-Bleu")
    confirm_button(page).click()
    expect(page.locator(".toast-text")).to_contain_text(
        "Commande M-1 : 2 articles annulés".replace(" :", "\u00a0:")
    )
    assert units_of(shop, order_id) == {"1": 1, "2": 1}
    page.locator(".toast").get_by_role("button", name="Revenir en arrière").click()
    expect(page.locator(".toast-text")).to_contain_text("annulation retirée")
    assert Cancellation.of(shop.merchant.id).get(order_id=order_id).state == "undone"


def test_the_main_job_by_keyboard_alone(shop: Shop, browser: Browser, address: str) -> None:
    shop.order(number="K-1")
    order_id = shop.order(number="K-2")
    steps_taken(shop, order_id)
    page, complaints = at_the_desk(shop, browser, address)
    page.goto("/commandes")
    page.keyboard.press("/")
    page.keyboard.type("K-2")
    page.keyboard.press("Enter")
    page.wait_for_url("**/commandes?q=K-2")
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.wait_for_url("**/annuler")
    page.locator("[name=reason]").focus()
    page.keyboard.type("Budget")
    page.keyboard.press("Tab")
    expect(page.locator(".mail-text")).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "confirm":
            break
    page.keyboard.press("Enter")
    expect(page.locator(".toast-text")).to_contain_text("4 articles annulés")
    assert Cancellation.of(shop.merchant.id).get(order_id=order_id).reason == "budget"
    assert complaints == []


def test_enter_in_a_field_never_cancels(shop: Shop, browser: Browser, address: str) -> None:
    order_id = shop.order()
    page, _ = at_the_desk(shop, browser, address)
    page.goto(f"/commandes/{order_id}/annuler")
    page.get_by_label("Motif", exact=True).select_option("budget")
    expect(page.locator(".mail-text")).to_be_visible()
    page.get_by_role("spinbutton", name="Mug-Bleu", exact=True).press("Enter")
    page.wait_for_load_state()
    expect(page.get_by_label("Motif", exact=True)).to_have_value("budget")
    assert not Cancellation.of(shop.merchant.id).filter(order_id=order_id).exists()


def test_the_main_job_on_a_phone(shop: Shop, browser: Browser, address: str) -> None:
    order_id = shop.order(number="P-1")
    steps_taken(shop, order_id)
    page, complaints = at_the_desk(shop, browser, address, viewport=PHONE, has_touch=True, is_mobile=True)
    for place in (
        "/",
        "/commandes",
        f"/commandes/{order_id}",
        "/produits",
        "/produits/fiche/MUG-BLEU",
        "/remboursements",
        "/reglages",
    ):
        page.goto(place)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), place
    page.goto("/commandes")
    page.locator(f'a[href="/commandes/{order_id}/annuler"]').tap()
    page.get_by_label("Motif", exact=True).select_option("delay")
    expect(page.locator(".mail-text")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    box = confirm_button(page).bounding_box()
    assert box is not None and box["height"] >= 44
    confirm_button(page).tap()
    expect(page.locator(".toast-text")).to_contain_text("4 articles annulés")
    assert complaints == []


def test_a_page_works_without_a_script(shop: Shop, browser: Browser, address: str) -> None:
    order_id = shop.order()
    steps_taken(shop, order_id)
    page, _ = at_the_desk(shop, browser, address, java_script_enabled=False)
    page.goto(f"/commandes/{order_id}/annuler")
    page.get_by_label("Motif", exact=True).select_option("doubt")
    page.get_by_role("spinbutton", name="Bol-Vert", exact=True).fill("0")
    page.get_by_role("button", name="Recalculer").last.click()
    expect(page.locator(".press-what")).to_contain_text("3 articles annulés")
    confirm_button(page).click()
    expect(page.locator(".toast-text")).to_contain_text("3 articles annulés")
    assert units_of(shop, order_id) == {"1": 3}


def test_two_quick_presses_make_one_cancellation(shop: Shop, browser: Browser, address: str) -> None:
    order_id = shop.order()
    steps_taken(shop, order_id)
    page, _ = at_the_desk(shop, browser, address)
    page.goto(f"/commandes/{order_id}/annuler?ligne=2")
    page.get_by_label("Motif", exact=True).select_option("budget")
    expect(page.locator(".mail-text")).to_be_visible()
    confirm_button(page).dblclick()
    expect(page.locator(".toast-text").first).to_be_visible()
    assert units_of(shop, order_id) == {"2": 1}
