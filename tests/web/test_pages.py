"""The other pages: found, shown, acted on, and each in few statements."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse

from countermand.access.models import ApiToken
from countermand.access.tokens import who
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.correspondence.actions import log_contact
from countermand.correspondence.models import Contact, Message
from countermand.orders.models import Line, Note, Order
from countermand.refunds.models import Refund
from countermand.stock.models import Item
from tests.web.desk import Shop, answers, statements

MOST = 12


def called_off(shop: Shop, order_id: UUID, **wish: Any) -> Any:
    ask = Ask(**{"reason": "out_of_stock", **wish})
    return confirm(merchant_id=shop.merchant.id, order_id=order_id, ask=ask, by="test", at=datetime.now(UTC))


def see(shop: Shop, name: str, role: str = "agent", query: str = "", **place: Any) -> str:
    answer = shop[role].get(reverse(f"web:{name}", kwargs=place) + query)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text.replace("\u202f", " ").replace("\u00a0", " ").replace("&#x27;", "'")


# Commandes


def test_SG1_SH1_an_order_is_found_by_its_number_and_the_search_stays(shop: Shop) -> None:
    mine, other = shop.order(number="A-5501"), shop.order(number="B-7702")
    page = see(shop, "orders", query="?q=5501")
    assert str(mine) in page and str(other) not in page and 'value="5501"' in page


def test_filters_stand_in_the_address(shop: Shop) -> None:
    kept, gone = shop.order(), shop.order()
    called_off(shop, gone)
    page = see(shop, "orders", query="?vue=annulees&motif=out_of_stock")
    assert str(gone) in page and str(kept) not in page
    assert str(gone) not in see(shop, "orders", query="?vue=annulees&motif=budget")


def test_a_filter_that_is_none_is_explained(shop: Shop) -> None:
    assert "Ce filtre n'existe pas" in see(shop, "orders", query="?q=colour:blue")


def test_SH5_a_cancelled_order_stays_struck_with_reason_and_refund(shop: Shop) -> None:
    called_off(shop, shop.order(number="S-5"))
    page = see(shop, "orders")
    row = page[page.index("is-off") : page.index("</tr>", page.index("is-off"))]
    assert "S-5" in row and "rupture de stock" in row and "remboursement en cours" in row
    assert '<span class="struck">S-5' in row


def test_EM8_each_row_carries_the_verb_that_it_permits_or_says_why_none(shop: Shop) -> None:
    free = shop.order()
    called_off(shop, shop.order())
    shop.order(accepted=False, paid="authorized")
    shop.order(verification="pending", paid="authorized")
    page = see(shop, "orders")
    assert reverse("web:cancel", kwargs={"order_id": free}) in page
    assert page.count('data-verb="cancel"') == 1
    for words in ("déjà annulée", "Refuser", "paiement en vérification"):
        assert words in page


def test_AZ11_a_buyer_under_verification_is_hidden(shop: Shop) -> None:
    order_id = shop.order(
        verification="pending", paid="authorized", customer={"name": "Zélie Caché", "email": "z@example.org"}
    )
    for page in (see(shop, "orders"), see(shop, "order", order_id=order_id)):
        assert "Zélie" not in page and "z@example.org" not in page


def test_pages_follow_one_another(shop: Shop) -> None:
    for _ in range(31):
        shop.order()
    first = shop["agent"].get(reverse("web:orders"))
    second = shop["agent"].get(first.context["after_url"])
    seen = {row["id"] for row in first.context["rows"]} | {row["id"] for row in second.context["rows"]}
    assert len(seen) == 31 and not second.context["after_url"]


# Une commande


def test_EM2_phone_and_mail_open_with_one_press(shop: Shop) -> None:
    customer = {"name": "Ana", "email": "ana@example.org", "phone": "06 12 34 56 78"}
    page = see(shop, "order", order_id=shop.order(customer=customer))
    assert 'href="tel:0612345678"' in page and 'href="mailto:ana@example.org' in page


def test_EM2_a_contact_is_logged_with_its_outcome(shop: Shop) -> None:
    order_id = shop.order()
    url = reverse("web:contact", kwargs={"order_id": order_id})
    wrong = shop["agent"].post(url, {"contact-by": "phone", "contact-text": "deux sonneries"})
    assert wrong.status_code == 422 and "deux sonneries" in wrong.content.decode()
    said = {
        "contact-by": "phone",
        "contact-outcome": "no_answer",
        "contact-text": "deux sonneries",
        "contact-call_again_at": "2026-12-01T10:00",
    }
    assert shop["agent"].post(url, said).status_code == 302
    logged = Contact.of(shop.merchant.id).get(order_id=order_id)
    assert (logged.by_means, logged.outcome, logged.by) == (
        "phone",
        "no_answer",
        f"agent-{shop.merchant.code}@shop.example",
    )
    assert "pas de réponse" in see(shop, "order", order_id=order_id)


def test_a_note_is_shown_with_the_first_name_of_who_wrote_it(shop: Shop) -> None:
    order_id = shop.order()
    url = reverse("web:note", kwargs={"order_id": order_id})
    assert shop["agent"].post(url, {"note-text": " "}).status_code == 422
    assert shop["agent"].post(url, {"note-text": "<b>fragile</b>"}).status_code == 302
    assert Note.of(shop.merchant.id).filter(order_id=order_id).count() == 1
    page = see(shop, "order", order_id=order_id)
    assert "&lt;b&gt;fragile" in page and "Agent" in page


def test_SH2_cancelling_stands_under_more_actions(shop: Shop) -> None:
    order_id = shop.order()
    page = see(shop, "order", order_id=order_id)
    more = page[page.index("Plus d'actions") :]
    assert more.index("Annuler la commande") < more.index("</details>")
    assert reverse("web:cancel", kwargs={"order_id": order_id}) in more[: more.index("</details>")]


def test_SH8_units_go_back_in_stock_by_hand_once(shop: Shop) -> None:
    order_id = shop.order()
    called_off(shop, order_id)
    url = reverse("web:put_back", kwargs={"order_id": order_id})
    assert shop["agent"].post(url, {"back-units-0": "4", "back-units-1": "0"}).status_code == 422
    assert shop["agent"].post(url, {"back-units-0": "2", "back-units-1": "0"}).status_code == 302
    assert Line.of(shop.merchant.id).get(order_id=order_id, reference="1").restocked == 2
    assert shop["agent"].post(url, {"back-units-0": "2"}).status_code == 422


def test_SH20_a_mistake_is_placed_again_as_it_was(shop: Shop) -> None:
    order_id = shop.order()
    called_off(shop, order_id)
    spoken = {"contact-by": "phone", "contact-outcome": "other"}
    shop["agent"].post(reverse("web:contact", kwargs={"order_id": order_id}), spoken)
    answer = shop["agent"].post(reverse("web:place_again", kwargs={"order_id": order_id}))
    assert answer.status_code == 302 and str(order_id) not in answer.headers["Location"]
    assert Order.of(shop.merchant.id).filter(status="open").count() == 1


# Rembourser


def given(shop: Shop, order_id: UUID, role: str = "agent", **said: str) -> Any:
    """Looks at the preview of these answers, then presses the button."""
    url = reverse("web:reimburse", kwargs={"order_id": order_id})
    answers = {
        "what": "lines",
        "method": "original",
        "shipping": "none",
        "token": "t-1",
        "notify": "on",
        **said,
    }
    shown = shop[role].post(url, {**answers, "do": "preview"})
    return shop[role].post(url, {**answers, "seen": shown.context.get("seen") or "", "do": "confirm"})


def test_SG3_amount_and_method_are_shown_before_anything_runs(shop: Shop) -> None:
    order_id = shop.order()
    called_off(shop, order_id, when="later")
    page = see(shop, "reimburse", order_id=order_id)
    assert "55,80 €" in page and "sur la carte bancaire" in page
    url = reverse("web:reimburse", kwargs={"order_id": order_id})
    unseen = shop["agent"].post(url, {"what": "owed", "method": "original", "token": "t", "do": "confirm"})
    assert unseen.status_code == 422 and not Refund.of(shop.merchant.id).filter(order_id=order_id).exists()
    assert given(shop, order_id, what="owed").status_code == 302
    assert Refund.of(shop.merchant.id).get(order_id=order_id).amount_minor == 5580


def test_SG3_what_the_page_showed_at_first_can_be_confirmed_as_it_is(shop: Shop) -> None:
    order_id = shop.order()
    called_off(shop, order_id, when="later")
    there = reverse("web:reimburse", kwargs={"order_id": order_id})
    asked = answers(shop["manager"].get(there))
    assert shop["manager"].post(there, {**asked, "do": "confirm"}).status_code == 302
    assert Refund.of(shop.merchant.id).filter(order_id=order_id).count() == 1


def test_SH10_a_part_goes_back_per_line_and_as_a_free_amount(shop: Shop) -> None:
    order_id = shop.order()
    assert given(shop, order_id, **{"units-1": "1"}).status_code == 302
    free = given(shop, order_id, "manager", what="goodwill", amount="3,50", token="t-2")
    assert free.status_code == 302
    amounts = Refund.of(shop.merchant.id).filter(order_id=order_id).values_list("amount_minor", flat=True)
    assert sorted(amounts) == [350, 1230]


def test_a_gesture_takes_a_manager(shop: Shop) -> None:
    answer = given(shop, shop.order(), what="goodwill", amount="3,50")
    assert answer.status_code == 422 and "what" in answer.context["form"].errors


@pytest.mark.parametrize("what", ["owed", "lines"])
def test_a_refund_pressed_twice_runs_once(shop: Shop, what: str) -> None:
    order_id = shop.order()
    called_off(shop, order_id, when="later")
    for _ in range(2):
        assert given(shop, order_id, what=what, **{"units-1": "1"}).status_code == 302
    assert Refund.of(shop.merchant.id).filter(order_id=order_id).count() == 1


def test_more_than_was_paid_is_refused_beside_the_amount(shop: Shop) -> None:
    answer = given(shop, shop.order(), "manager", what="goodwill", amount="900")
    assert answer.status_code == 422 and "amount" in answer.context["form"].errors


def test_SG5_a_refund_by_hand_is_settled_with_evidence(shop: Shop) -> None:
    order_id = shop.order(provider="manual", method="transfer", reference=None)
    [refund_id] = called_off(shop, order_id).refunds
    assert "À régler à la main" in see(shop, "refunds", "manager")
    url = reverse("web:settle", kwargs={"refund_id": refund_id})
    assert shop["manager"].post(url, {"at": "2026-11-22T10:00", "evidence": ""}).status_code == 422
    assert shop["manager"].post(url, {"at": "2026-11-22T10:00", "evidence": "VIR-77"}).status_code == 302
    assert Refund.of(shop.merchant.id).get(id=refund_id).state == "succeeded"
    assert Order.of(shop.merchant.id).get(id=order_id).payment_status == "refunded"
    assert "VIR-77" in see(shop, "order", order_id=order_id)


def test_a_refund_that_went_cannot_be_retried(shop: Shop) -> None:
    [refund_id] = called_off(shop, shop.order()).refunds
    answer = shop["agent"].post(reverse("web:retry", kwargs={"refund_id": refund_id}), follow=True)
    assert "pas d&#x27;être relancé" in answer.content.decode() or "relancé" in answer.content.decode()


# À traiter


def test_what_waits_comes_with_its_verb(shop: Shop) -> None:
    order_id = shop.order(number="W-1")
    log_contact(
        merchant_id=shop.merchant.id,
        order_id=order_id,
        by_means="phone",
        outcome="no_answer",
        call_again_at=datetime.now(UTC) - timedelta(minutes=5),
        by="test",
        at=datetime.now(UTC) - timedelta(hours=1),
    )
    page = see(shop, "to_do")
    assert "W-1" in page and "Client à rappeler" in page and "Noter l'appel" in page


def test_an_empty_desk_teaches(shop: Shop) -> None:
    page = see(shop, "to_do")
    assert "Rien n'attend" in page and "remboursements dus" in page


def test_a_mail_that_failed_is_sent_again(shop: Shop) -> None:
    order_id = shop.order()
    called_off(shop, order_id)
    mails = Message.of(shop.merchant.id).filter(order_id=order_id)
    mails.update(state="failed", error="boîte pleine")
    assert "boîte pleine" in see(shop, "to_do")
    again = reverse("web:mail_again", kwargs={"message_id": mails.get().id})
    assert shop["agent"].post(again).status_code == 302
    assert mails.get().state == "planned"


# Produits, boîte aux lettres, réglages


def test_EM6_stock_is_set_to_zero_and_open_orders_left_short_are_shown(shop: Shop) -> None:
    order_id = shop.order(number="K-9")
    url = reverse("web:stock", kwargs={"sku": "MUG-BLEU"})
    page = shop["agent"].post(url, {"do": "zero"}, follow=True).content.decode()
    assert "K-9" in page and "à découvert" in page
    assert reverse("web:cancel", kwargs={"order_id": order_id}) in page
    assert Item.of(shop.merchant.id).get(sku="MUG-BLEU").on_hand == 0


def test_EM5_an_article_is_off_sale_for_some_days(shop: Shop) -> None:
    url = reverse("web:stock", kwargs={"sku": "MUG-BLEU"})
    assert shop["agent"].post(url, {"do": "unavailable", "days": "0"}).status_code == 422
    shop["agent"].post(url, {"do": "unavailable", "days": "5"})
    assert "indisponible jusqu'au" in see(shop, "item", sku="MUG-BLEU")
    shop["agent"].post(url, {"do": "available"})
    assert "indisponible jusqu" not in see(shop, "items", query="?q=mug")


def test_counting_and_adding_are_told_apart(shop: Shop) -> None:
    url = reverse("web:stock", kwargs={"sku": "MUG-BLEU"})
    shop["agent"].post(url, {"do": "count", "count": "4"})
    shop["agent"].post(url, {"do": "add", "add": "3"})
    assert Item.of(shop.merchant.id).get(sku="MUG-BLEU").on_hand == 7
    assert shop["agent"].post(url, {"do": "add", "add": "-9"}).status_code == 422
    assert shop["agent"].post(url, {"do": "add", "add": ""}).status_code == 422


def test_the_mailbox_shows_a_mail_in_a_frame_that_may_do_nothing(shop: Shop) -> None:
    order_id = shop.order()
    called_off(shop, order_id)
    mails = Message.of(shop.merchant.id).filter(order_id=order_id)
    mails.update(
        state="sent", sent_at=datetime.now(UTC), subject="Annulée", html="<script>x</script>", text="t"
    )
    assert "Annulée" in see(shop, "mailbox")
    mail_id = mails.get().id
    assert 'sandbox=""' in see(shop, "mail", message_id=mail_id)
    body = shop["agent"].get(reverse("web:mail_body", kwargs={"message_id": mail_id}))
    assert "sandbox" in body.headers["Content-Security-Policy"]
    assert "script-src" not in body.headers["Content-Security-Policy"]
    assert body.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_key_is_shown_once(shop: Shop) -> None:
    page = shop["owner"].post(reverse("web:issue"), {"name": "caisse", "role": "agent"})
    plain = page.context["plain"]
    bearer = who(plain)
    assert bearer is not None and bearer.role == "agent"
    assert plain in page.content.decode() and plain not in see(shop, "tokens", "owner")
    token = ApiToken.of(shop.merchant.id).get()
    shop["owner"].post(reverse("web:revoke", kwargs={"token_id": token.id}))
    assert who(plain) is None


def test_the_terms_of_a_channel_say_where_they_come_from(shop: Shop) -> None:
    page = see(shop, "terms", code="boutique")
    assert "SH-3" in page and "Qui rembourse" in page
    assert "Clés de l'API" not in see(shop, "settings")


# What every page keeps to


def test_every_page_takes_few_statements_however_much_there_is(shop: Shop) -> None:
    order_id = shop.order()
    done = called_off(shop, order_id, lines=(("1", 1),), when="later")
    by_hand = shop.order(provider="manual", method="transfer", reference=None)
    [refund_id] = called_off(shop, by_hand).refunds
    for _ in range(5):
        called_off(shop, shop.order(), when="later")
        shop.order()
    places: list[tuple[str, dict[str, Any]]] = [
        *(("order", {"order_id": each}) for each in (order_id, by_hand)),
        *((name, {"order_id": order_id}) for name in ("cancel", "reimburse")),
        *((name, {}) for name in ("to_do", "orders", "refunds", "items", "mailbox", "settings")),
        *((name, {"sku": "MUG-BLEU"}) for name in ("item", "ideas")),
        ("settle", {"refund_id": refund_id}),
    ]
    taken = {name: statements(shop["owner"], reverse(f"web:{name}", kwargs=place)) for name, place in places}
    assert {name: count for name, count in taken.items() if count > MOST} == {}
    assert done.id


@pytest.mark.parametrize("name", ["to_do", "orders", "refunds", "items", "mailbox", "settings"])
def test_pages_speak_english_too(shop: Shop, name: str) -> None:
    shop["agent"].post("/langue", {"language": "en", "next": "/"})
    page = see(shop, name)
    assert '<html lang="en">' in page and "Commandes" not in page


def test_pages_obey_the_content_policy(shop: Shop) -> None:
    answer = shop["agent"].get(reverse("web:cancel", kwargs={"order_id": shop.order()}))
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "no-cache" in answer.headers["Cache-Control"]
