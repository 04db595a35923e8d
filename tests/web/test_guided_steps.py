"""The guided cancellation's page: contact, stock, cancel; each step saved at once, and none passed by unseen."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation
from countermand.correspondence.models import Contact
from countermand.merchants.models import Merchant
from countermand.procedure.actions import skip_step
from countermand.procedure.models import StepTaken, SupportTicket
from countermand.stock.actions import put_item
from countermand.stock.models import Item
from tests.web.desk import Shop, answers, statements, steps_taken


def at(order_id: UUID, name: str = "cancel") -> str:
    return reverse(f"web:{name}", kwargs={"order_id": order_id})


def seen(shop: Shop, order_id: UUID, lines: str = "", **changes: str) -> dict[str, str]:
    """What the page would send back, once its preview was looked at."""
    asked = f"?{lines}" if lines else ""
    said = {**answers(shop["agent"].get(at(order_id) + asked)), "reason": "out_of_stock", **changes}
    shown = answers(shop["agent"].post(at(order_id), {**said, "do": "preview"}))
    return {**said, "plan": shown.get("plan", ""), "seen": shown.get("seen", ""), "do": "confirm"}


def press(shop: Shop, order_id: UUID, said: dict[str, str]) -> Any:
    return shop["agent"].post(at(order_id), said)


def cancelled(shop: Shop, order_id: UUID) -> bool:
    return Cancellation.of(shop.merchant.id).filter(order_id=order_id).exists()


def speak(shop: Shop, order_id: UUID, outcome: str = "accepts", **more: str) -> Any:
    said = {"spoken-by": "phone", "spoken-outcome": outcome, **{f"spoken-{k}": v for k, v in more.items()}}
    return shop["agent"].post(at(order_id, "step_contact"), said)


def stock(shop: Shop, order_id: UUID, sku: str, do: str, **more: str) -> Any:
    return shop["agent"].post(at(order_id, "step_stock"), {"sku": sku, "do": do, **more})


def test_EM1_the_page_leads_contact_stock_cancel_and_tells_who_and_when(shop: Shop) -> None:
    order_id = shop.order()
    assert shop["agent"].get(at(order_id)).context["guide"].next == "contact"
    assert speak(shop, order_id).status_code == 302
    assert shop["agent"].get(at(order_id)).context["guide"].next == "stock"
    for sku in ("MUG-BLEU", "BOL-VERT"):
        assert stock(shop, order_id, sku, "zero").status_code == 302
    page = shop["agent"].get(at(order_id))
    assert page.context["guide"].next == "cancel"
    assert "Client joint par téléphone par Agent" in page.content.decode()
    assert "stock à zéro" in page.context["stock_result"] and "Agent" in page.context["stock_result"]
    assert press(shop, order_id, seen(shop, order_id)).status_code == 302


def test_EM1_the_first_two_steps_stay_when_the_page_is_left(shop: Shop) -> None:
    order_id = shop.order()
    speak(shop, order_id)
    stock(shop, order_id, "MUG-BLEU", "count", count="4")
    assert not cancelled(shop, order_id)
    page = shop["manager"].get(at(order_id) + "?ligne=1")
    assert page.context["guide"].contact.state == page.context["guide"].stock.state == "done"
    assert Item.of(shop.merchant.id).get(sku="MUG-BLEU").on_hand == 4


def test_EM11_the_desk_stops_without_a_contact_and_without_the_stock(shop: Shop) -> None:
    order_id = shop.order()
    stopped = press(shop, order_id, seen(shop, order_id, note="garder"))
    words = stopped.content.decode()
    assert stopped.status_code == 422 and stopped.context["stopped"] == ("contact", "stock")
    assert "Appelez ou écrivez" in words and "garder" in words
    speak(shop, order_id)
    assert press(shop, order_id, seen(shop, order_id)).context["stopped"] == ("stock",)
    assert not cancelled(shop, order_id)


def test_EM11_an_automatic_mail_is_no_contact(shop: Shop) -> None:
    order_id = shop.order()
    now = datetime.now(UTC)
    ask = Ask(reason="out_of_stock", lines=(("1", 1),), notify=True)
    confirm(merchant_id=shop.merchant.id, order_id=order_id, ask=ask, by="api", at=now)
    assert press(shop, order_id, seen(shop, order_id)).context["stopped"] == ("contact", "stock")


def test_EM11_a_skip_has_a_reason_and_a_name(shop: Shop) -> None:
    order_id = shop.order()
    empty = shop["agent"].post(at(order_id, "skip_contact"), {"contact_skip-reason": ""})
    assert empty.status_code == 422 and "pourquoi" in empty.content.decode()
    said = {"contact_skip-reason": "déjà vu au marché"}
    assert shop["agent"].post(at(order_id, "skip_contact"), said).status_code == 302
    said = {"stock_skip-reason": "inventaire ce soir"}
    assert shop["agent"].post(at(order_id, "skip_stock"), said).status_code == 302
    page = shop["agent"].get(at(order_id))
    assert "Passé par Agent" in page.context["contact_result"]
    assert "déjà vu au marché" in page.content.decode() and "inventaire ce soir" in page.content.decode()
    assert press(shop, order_id, seen(shop, order_id)).status_code == 302


def test_EM11_fraud_and_the_buyers_own_wish_need_no_call(shop: Shop) -> None:
    for changes in ({"reason": "fraud_suspected"}, {"reason": "budget"}, {"asked_by": "buyer"}):
        order_id = shop.order()
        said = seen(shop, order_id, **changes)
        assert press(shop, order_id, said).context["stopped"] == ("stock",), changes
        skip_step(
            merchant_id=shop.merchant.id,
            order_id=order_id,
            step="stock",
            reason="juste",
            by="test",
            at=datetime.now(UTC),
        )
        assert press(shop, order_id, seen(shop, order_id, **changes)).status_code == 302


def test_EM11_every_cancel_asks_anew_and_an_undo_gives_the_steps_back(shop: Shop) -> None:
    order_id = shop.order()
    steps_taken(shop, order_id)
    assert press(shop, order_id, seen(shop, order_id, "ligne=2")).status_code == 302
    again = seen(shop, order_id, "ligne=1")
    assert press(shop, order_id, again).context["stopped"] == ("contact", "stock")
    [made] = Cancellation.of(shop.merchant.id).filter(order_id=order_id)
    shop["agent"].post(reverse("web:undo", kwargs={"cancellation_id": made.id}))
    assert press(shop, order_id, seen(shop, order_id, "ligne=1")).status_code == 302


def test_EM2_who_waits_or_does_not_answer_has_a_date(shop: Shop) -> None:
    order_id = shop.order()
    for outcome in ("will_wait", "no_answer"):
        refused = speak(shop, order_id, outcome)
        assert refused.status_code == 422 and "Donnez une date" in refused.content.decode()
    assert speak(shop, order_id, "no_answer", call_again_at="2026-12-01T10:00").status_code == 302
    [contact] = Contact.of(shop.merchant.id).filter(order_id=order_id)
    assert (contact.outcome, contact.by_means) == ("no_answer", "phone")
    assert contact.call_again_at is not None
    assert "à rappeler" in shop["agent"].get(at(order_id)).context["contact_result"]


def test_EM2_phone_and_mail_stand_at_the_top_of_the_page(shop: Shop) -> None:
    order_id = shop.order(customer={"name": "Ana", "email": "ana@example.org", "phone": "06 12 34 56 78"})
    page = shop["agent"].get(at(order_id)).content.decode()
    assert 'href="tel:0612345678"' in page and 'href="mailto:ana@example.org' in page


def test_EM5_a_shortage_of_three_days_is_one_button(shop: Shop) -> None:
    order_id = shop.order()
    answer = shop["agent"].post(
        at(order_id, "step_stock"), {"sku": "MUG-BLEU", "do": "shortage", "days": "3", "ligne": "1"}
    )
    assert answer["Location"].endswith("?ligne=1")
    item = Item.of(shop.merchant.id).get(sku="MUG-BLEU")
    [taken] = StepTaken.of(shop.merchant.id).filter(order_id=order_id)
    assert item.unavailable_until == taken.until is not None
    page = shop["agent"].get(at(order_id) + "?ligne=1")
    assert page.context["guide"].stock.state == "done" and "à 0 h" in page.content.decode()
    refused = stock(shop, order_id, "BOL-VERT", "shortage", days="400")
    assert refused.status_code == 422 and "365" in refused.content.decode()


def test_EM6_zero_names_the_other_open_orders_it_leaves_short(shop: Shop) -> None:
    order_id, _other, _third = shop.order(), shop.order(), shop.order()
    answer = shop["agent"].post(at(order_id, "step_stock"), {"sku": "MUG-BLEU", "do": "zero"}, follow=True)
    words = answer.content.decode()
    assert "2 autres commandes" in words and "q=sku:MUG-BLEU" in words
    assert Item.of(shop.merchant.id).get(sku="MUG-BLEU").on_hand == 0


def test_EM7_stock_kept_elsewhere_is_asked_of_its_support_with_the_article_in_the_ticket(shop: Shop) -> None:
    order_id = shop.order()
    put_item(
        merchant_id=shop.merchant.id,
        sku="MUG-BLEU",
        fields={"stock_kept_by": "automatic"},
        by="test",
        at=datetime.now(UTC),
    )
    page = shop["agent"].get(at(order_id) + "?ligne=1").content.decode()
    assert "Ouvrir un ticket" in page and "Mettre à zéro</button>" not in page
    refused = stock(shop, order_id, "MUG-BLEU", "zero")
    assert refused.status_code == 422
    assert stock(shop, order_id, "MUG-BLEU", "ticket", wants="zero", note="plus rien").status_code == 302
    [ticket] = SupportTicket.of(shop.merchant.id).all()
    assert (ticket.skus, ticket.wants, ticket.state, ticket.order_id) == (
        ["MUG-BLEU"],
        "zero",
        "open",
        order_id,
    )
    assert shop["agent"].get(at(order_id) + "?ligne=1").context["guide"].stock.state == "done"


def test_EM7_a_merchants_setting_holds_for_every_article_that_says_nothing_else(shop: Shop) -> None:
    Merchant.objects.filter(id=shop.merchant.id).update(stock_kept_by="automatic")
    page = shop["agent"].get(at(shop.order())).content.decode()
    assert page.count("Ouvrir un ticket") == 2


def test_EM11_a_long_order_opens_with_nothing_chosen(shop: Shop) -> None:
    long = shop.order(lines=tuple((f"ART-{n}", 1, "5.00") for n in range(8)))
    page = shop["agent"].get(at(long))
    assert page.context["form"].wanted() == []
    assert "?ligne=tout" in page.content.decode() and "?ligne=rien" in page.content.decode()
    asked = shop["agent"].get(at(long) + "?ligne=3&ligne=5")
    assert [line.reference for line, _ in asked.context["form"].wanted()] == ["3", "5"]
    assert len(shop["agent"].get(at(long) + "?ligne=tout").context["form"].wanted()) == 8


def test_EM13_ideas_are_linked_from_the_first_step(shop: Shop) -> None:
    page = shop["agent"].get(at(shop.order()) + "?ligne=1").content.decode()
    assert reverse("web:ideas", kwargs={"sku": "MUG-BLEU"}) in page


def test_EM3_one_article_in_question_shows_what_could_be_offered_instead(shop: Shop) -> None:
    for sku, colour, units in (
        ("MUG-BLEU", "bleu", None),
        ("MUG-ROUGE", "rouge", 2),
        ("MUG-GRIS", "gris", 0),
    ):
        fields: dict[str, Any] = {
            "product": "mug",
            "options": {"couleur": colour},
            "price": "12.30",
            "currency": "EUR",
        }
        fields |= {"on_hand": units} if units is not None else {}
        common = {"merchant_id": shop.merchant.id, "by": "test", "at": datetime.now(UTC)}
        put_item(sku=sku, fields=fields, **common)
    near = shop["agent"].get(at(shop.order()) + "?ligne=1").context["guide"].alternatives
    assert [each.article.sku for each in near] == ["MUG-ROUGE"]


def test_the_page_takes_as_many_statements_for_a_long_order(shop: Shop) -> None:
    short, long = shop.order(), shop.order(lines=tuple((f"ART-{n}", 1, "5.00") for n in range(30)))
    shop["agent"].get(at(short))  # the first page of a session writes that it began
    few = statements(shop["agent"], at(short) + "?ligne=1")
    many = statements(shop["agent"], at(long) + "?ligne=tout")
    assert many <= few <= 12, (few, many)


def test_a_merchant_does_not_reach_anothers_steps(shop: Shop) -> None:
    nobodys = UUID(int=7)
    for name, said in (
        ("step_contact", {"spoken-by": "phone", "spoken-outcome": "accepts"}),
        ("skip_contact", {"contact_skip-reason": "x"}),
        ("skip_stock", {"stock_skip-reason": "x"}),
        ("step_stock", {"sku": "MUG-BLEU", "do": "zero"}),
    ):
        assert shop["agent"].post(at(nobodys, name), said).status_code == 404, name
        assert shop["viewer"].post(at(nobodys, name), said).status_code == 403, name


def test_EM5_old_skips_do_not_hold_for_a_later_cancel(shop: Shop) -> None:
    order_id = shop.order()
    steps_taken(shop, order_id)
    ask = Ask(reason="out_of_stock", lines=(("1", 1),))
    later = datetime.now(UTC) + timedelta(seconds=1)
    confirm(merchant_id=shop.merchant.id, order_id=order_id, ask=ask, by="api", at=later)
    assert shop["agent"].get(at(order_id)).context["guide"].next == "contact"
