"""What somebody new ran into, who had read nothing but the front page."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Browser, expect

from countermand.overview.todo import Reader, to_do
from countermand.stock.actions import make_unavailable
from countermand.web import findings
from tests.actions.approving import moment
from tests.web.browser import DESK
from tests.web.desk import Shop

MANY = tuple((f"ARTICLE-{n}", 5, "4.00") for n in range(7))


def cancel_page(order_id: Any) -> str:
    return reverse("web:cancel", kwargs={"order_id": order_id})


def units(answer: Any) -> list[int]:
    return [int(row["units"].value()) for row in answer.context["rows"]]


def test_EM14_to_tell_a_customer_opens_with_the_short_articles_chosen(shop: Shop) -> None:
    order_id = shop.order(lines=(("MUG-BLEU", 3, "12.30"), *MANY))
    make_unavailable(merchant_id=shop.merchant.id, sku="MUG-BLEU", days=3, by="test", at=moment())
    address = f"{cancel_page(order_id)}?ligne=courts"
    assert address in shop["agent"].get(reverse("web:to_do")).content.decode()
    assert units(shop["agent"].get(address)) == [3, 0, 0, 0, 0, 0, 0, 0]


def test_EM11_with_nothing_chosen_no_page_says_that_stock_is_not_kept(shop: Shop) -> None:
    order_id = shop.order(lines=(("MUG-BLEU", 3, "12.30"), *MANY))
    said = shop["agent"].get(cancel_page(order_id)).context["stock_result"]
    assert said == "Choisissez d'abord ce qui est annulé."


def test_EM11_a_saved_step_keeps_how_many_were_chosen(shop: Shop) -> None:
    order_id = shop.order()
    said = {"spoken-by": "phone", "spoken-outcome": "accepts", "ligne": ["1"], "combien": ["1:2"]}
    address = reverse("web:step_contact", kwargs={"order_id": order_id})
    page = shop["agent"].post(address, said, follow=True)
    assert units(page) == [2, 0]
    assert units(
        shop["agent"].get(f"{cancel_page(order_id)}?ligne=1&combien=1:99&combien=x&combien=2:-1")
    ) == [3, 0]


def test_an_article_on_two_lines_is_named_once(shop: Shop) -> None:
    shop.order(lines=(("MUG-BLEU", 3, "12.30"), ("MUG-BLEU", 2, "11.00")))
    make_unavailable(merchant_id=shop.merchant.id, sku="MUG-BLEU", days=3, by="test", at=moment())
    [row] = to_do(merchant_id=shop.merchant.id, at=moment(), kinds=("short_untold",), reader=Reader())
    assert (row["detail"].count(","), row["units"]) == (0, 5)


@pytest.mark.browser
def test_EM11_what_was_chosen_by_hand_outlives_a_saved_step(
    shop: Shop, browser: Browser, address: str
) -> None:
    order_id = shop.order(lines=(("MUG-BLEU", 3, "12.30"), *MANY))
    session = shop["agent"].cookies["sessionid"].value
    context = browser.new_context(locale="fr-FR", base_url=address, viewport=DESK)  # type: ignore[arg-type]
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    page = context.new_page()
    page.goto(f"/commandes/{order_id}/annuler")
    page.locator('[name="units-1"]').fill("2")
    page.get_by_label("accepte l'annulation").check()
    page.get_by_role("button", name="Noter la réponse").click()
    page.wait_for_url("**ligne=**")
    assert page.locator('[name="units-1"]').input_value() == "2"
    assert page.locator('[name="units-2"]').input_value() == "0"
    context.close()


@pytest.mark.browser
def test_an_invitation_is_taken_up_in_a_real_browser(shop: Shop, browser: Browser, address: str) -> None:
    invite = {"email": f"nour-{shop.merchant.code}@shop.example", "role": "agent"}
    shop["owner"].post(reverse("web:invite"), invite)
    listed = shop["owner"].get(reverse("web:team")).content.decode()
    link = listed.split("/invitation/")[1].split("<")[0].split('"')[0]
    context = browser.new_context(locale="fr-FR", base_url=address, viewport=DESK)  # type: ignore[arg-type]
    page = context.new_page()
    opened = page.goto(f"/invitation/{link}")
    assert opened is not None
    assert opened.headers["referrer-policy"] == "strict-origin"  # the key stays out of every Referer
    page.get_by_label("Prénom").fill("Nour")
    page.get_by_label("Mot de passe", exact=True).fill("tisane-lilas-2026")
    page.get_by_label("Le même, une seconde fois").fill("tisane-lilas-2026")
    page.get_by_role("button", name="Prendre ma place").click()
    expect(page.locator(".toast-text").first).to_contain_text("Bienvenue")
    context.close()


def test_what_figures_say_is_said_in_english_too() -> None:
    with override("en"):
        for words in (findings.REASON, findings.LEVER, findings.ASKED, findings.LEVER_WORD):
            for key, word in words.items():
                assert not set(str(word)) & set("éèêàç") and " annulations" not in str(word), key
        assert str(findings.ASKED["merchant"]) == "You decide %(share)s of cancellations"
