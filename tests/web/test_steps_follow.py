"""The steps of a cancellation speak of the articles that are chosen now, also when they are chosen last."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from countermand.cancellations.models import CancelledLine
from countermand.stock.models import Item
from tests.web.browser import DESK, signed_in
from tests.web.desk import Shop, answers, statements

MANY = tuple((f"ARTICLE-{n}", 5, "4.00") for n in range(7))
LONG = (("MUG-BLEU", 3, "12.30"), *MANY)


def cancel_page(order_id: Any) -> str:
    return reverse("web:cancel", kwargs={"order_id": order_id})


def preview(shop: Shop, order_id: Any, **changed: str) -> Any:
    """This will send the page's questions as a change of them does, and give the answer."""
    client, address = shop["agent"], cancel_page(order_id)
    said = answers(client.get(address)) | changed
    return client.post(address, said, headers={"HX-Request": "true"})


def test_EM11_no_step_is_ticked_while_nothing_is_chosen(shop: Shop) -> None:
    page = shop["agent"].get(cancel_page(shop.order(lines=LONG)))
    assert page.context["stock_state"] == "waiting"
    assert "Choisissez d&#x27;abord ce qui est annulé." in page.content.decode()


def test_EM11_the_steps_come_along_only_when_other_articles_are_chosen(shop: Shop) -> None:
    order_id = shop.order(lines=LONG)
    chosen = {"units-1": "2"}
    along = preview(shop, order_id, shown="", **chosen).content.decode()
    assert 'hx-swap-oob="innerHTML:#steps"' in along
    assert "Mettre à zéro" in along
    again = preview(shop, order_id, shown="1", **chosen).content.decode()
    assert "#steps" not in again
    assert 'name="shown" value="1"' in again


def test_a_page_and_its_preview_stay_within_twelve_statements(shop: Shop) -> None:
    assert statements(shop["agent"], cancel_page(shop.order(lines=LONG))) <= 12


@pytest.mark.parametrize(
    ("name", "said", "fails", "next_step"),
    [
        ("step_contact", {"spoken-by": "phone", "spoken-outcome": "accepts"}, "spoken_form", "step-2"),
        ("skip_contact", {"contact_skip-reason": "déjà vu"}, "contact_skip_form", "step-2"),
        ("skip_stock", {"stock_skip-reason": "le stock est juste"}, "stock_skip_form", "step-3"),
    ],
)
def test_a_saved_step_leads_to_the_next_and_a_refused_one_stays(
    shop: Shop, name: str, said: dict[str, str], fails: str, next_step: str
) -> None:
    order_id = shop.order()
    address = reverse(f"web:{name}", kwargs={"order_id": order_id})
    page = shop["agent"].get(cancel_page(order_id)).content.decode()
    own = "step-2" if name == "skip_stock" else "step-1"
    assert f'action="{address}#{own}"' in page
    refused = shop["agent"].post(address, {})
    assert (refused.status_code, bool(refused.context[fails].errors)) == (422, True)
    assert shop["agent"].post(address, said).url.endswith(f"#{next_step}")


@pytest.mark.browser
def test_EM1_one_article_of_a_long_order_from_its_choice_to_done(
    shop: Shop, browser: Browser, address: str
) -> None:
    order_id = shop.order(lines=LONG)
    session = shop["agent"].cookies["sessionid"].value
    context = signed_in(browser, address, session, viewport=DESK)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(cancel_page(order_id))
    page.get_by_label("accepte l'annulation").check()
    page.locator('[name="units-1"]').fill("2")
    # The article that was chosen just now stands in step two, and what was said in step one is still there.
    expect(page.locator("#step-2").get_by_role("button", name="Mettre à zéro")).to_be_visible()
    expect(page.get_by_label("accepte l'annulation")).to_be_checked()
    page.get_by_role("button", name="Noter la réponse").click()
    page.wait_for_url("**#step-2")
    page.get_by_role("button", name="Mettre à zéro").click()
    expect(page.locator("#step-2.step-done")).to_be_visible()
    page.get_by_label("Motif", exact=True).select_option("out_of_stock")
    page.locator('button[value="confirm"]').click()
    expect(page.locator(".toast-text").first).to_contain_text("2 articles annulés")
    assert CancelledLine.of(shop.merchant.id).get(cancellation__order_id=order_id).quantity == 2
    assert Item.of(shop.merchant.id).get(sku="MUG-BLEU").on_hand == 0
    context.close()
