"""What was done, and the way back, on a phone: whole lines, and a button as wide as the thumb's reach."""

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, expect

from tests.web.browser import PHONE, signed_in
from tests.web.desk import Shop, steps_taken


@pytest.mark.browser
def test_the_way_back_stands_under_what_was_done(shop: Shop, browser: Browser, address: str) -> None:
    order_id = shop.order()
    steps_taken(shop, order_id)
    context = signed_in(browser, address, shop["agent"].cookies["sessionid"].value, viewport=PHONE)
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(reverse("web:cancel", kwargs={"order_id": order_id}))
    page.get_by_label("Motif", exact=True).select_option("out_of_stock")
    # The preview of that reason stands there before the button is pressed.
    expect(page.locator("#outcome")).to_contain_text("Rien n'est remis en stock")
    page.locator('button[value="confirm"]').click()
    page.wait_for_url(f"**{reverse('web:order', kwargs={'order_id': order_id})}")
    text = page.locator(".toast .toast-text").bounding_box()
    press = page.locator(".toast form .button").bounding_box()
    assert text is not None and press is not None
    assert press["y"] >= text["y"] + text["height"]
    assert text["width"] > 200 and press["width"] > 250 and press["height"] >= 40
    context.close()
