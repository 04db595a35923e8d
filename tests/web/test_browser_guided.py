"""The whole job in a real browser, clicks counted: article cancelled, customer told, stock zero, refund on its way."""

from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from countermand.cancellations.models import CancelledLine
from countermand.correspondence.models import Contact, Message
from countermand.refunds.models import Refund
from countermand.stock.models import Item
from tests.web.browser import DESK, PHONE
from tests.web.desk import PASSWORD, Shop, email_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_EM1_from_signing_in_to_done_in_eight_clicks_at_most(
    shop: Shop, browser: Browser, address: str, size: dict[str, int]
) -> None:
    order_id = shop.order(number="C-1", lines=(("MUG-BLEU", 2, "12.30"),))
    context = browser.new_context(locale="fr-FR", base_url=address, viewport=size)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(15_000)
    clicks = 0

    def click(what: Any) -> None:
        nonlocal clicks
        what.click()
        clicks += 1

    page.goto("/commandes")
    page.locator("[name=login]").fill(email_of(shop.merchant, "agent"))
    page.locator("[name=password]").fill(PASSWORD)
    click(page.get_by_role("button", name="Se connecter"))
    page.goto("/commandes") if not page.url.endswith("/commandes") else None
    click(page.locator(f'a[href="/commandes/{order_id}/annuler"]'))
    click(page.locator(".segment", has_text="accepte").first)
    click(page.get_by_role("button", name="Noter la réponse"))
    click(page.get_by_role("button", name="Mettre à zéro"))
    # What was done to the stock has answered the reason, so the mail stands there already.
    expect(page.get_by_label("Motif", exact=True)).to_have_value("out_of_stock")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    click(page.locator('button[value="confirm"]'))
    expect(page.locator(".toast-text").first).to_contain_text("2 articles annulés")
    assert clicks <= 8
    merchant = shop.merchant.id
    assert CancelledLine.of(merchant).get(cancellation__order_id=order_id).quantity == 2
    assert Contact.of(merchant).get(order_id=order_id).outcome == "accepts"
    assert Message.of(merchant).filter(order_id=order_id, kind="cancellation").exists()
    assert Item.of(merchant).get(sku="MUG-BLEU").on_hand == 0
    assert Refund.of(merchant).get(order_id=order_id).amount_minor == 2460
    context.close()


def test_EM1_the_steps_work_without_a_script(shop: Shop, browser: Browser, address: str) -> None:
    order_id = shop.order(number="C-2", lines=(("MUG-BLEU", 2, "12.30"),))
    session = shop["agent"].cookies["sessionid"].value
    context = browser.new_context(locale="fr-FR", base_url=address, viewport=DESK, java_script_enabled=False)  # type: ignore[arg-type]
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    page = context.new_page()
    page.goto(f"/commandes/{order_id}/annuler")
    page.get_by_text("Passer cette étape").first.click()
    page.get_by_label("Passer cette étape, parce que").first.fill("déjà vu au marché")
    page.get_by_role("button", name="Passer", exact=True).first.click()
    page.get_by_role("button", name="Le stock est juste").click()
    page.get_by_label("Motif", exact=True).select_option("delay")
    page.get_by_role("button", name="Recalculer").last.click()
    page.locator('button[value="confirm"]').click()
    expect(page.locator(".toast-text").first).to_contain_text("2 articles annulés")
    context.close()
