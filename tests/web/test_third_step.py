"""The third step and what comes after: what is said, what is offered, and a mistake put right."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.urls import reverse
from django.utils import timezone

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation
from countermand.channels.actions import open_channel
from countermand.correspondence.actions import log_contact
from countermand.correspondence.models import Message
from countermand.events.models import Event
from countermand.orders.models import Line, Order
from countermand.payments.models import PaymentShare
from countermand.performance.queries import rate_of
from countermand.refunds.models import Refund
from countermand.stock.models import Item
from countermand.vouchers.models import Voucher
from countermand.web import readable
from countermand.web.mails import by_which_way
from tests.web.desk import Shop, answers, statements, steps_taken

WISH = {"reason": "customer_changed_mind"}  # the buyer's own wish asks for no call and no count


def at(order_id: UUID) -> str:
    return reverse("web:cancel", kwargs={"order_id": order_id})


def look(shop: Shop, order_id: UUID, role: str = "agent", **changes: str) -> Any:
    said = {**answers(shop[role].get(at(order_id))), **WISH, **changes}
    return shop[role].post(at(order_id), {**said, "do": "preview"})


def press(shop: Shop, order_id: UUID, role: str = "agent", **changes: str) -> Any:
    if not steps_done(shop, order_id):
        steps_taken(shop, order_id)
    said = {**answers(look(shop, order_id, role, **changes)), **WISH, **changes}
    return shop[role].post(at(order_id), {**said, "do": "confirm"}, follow=True)


def steps_done(shop: Shop, order_id: UUID) -> bool:
    return bool(shop["agent"].get(at(order_id)).context["guide"].next == "cancel")


def card(amount: str = "55.80", **more: Any) -> dict[str, Any]:
    return {"provider": "sandbox", "method": "card", "amount": amount, "state": "captured", **more}


def plain(page: Any) -> str:
    """A page's words on one line, spaces alike, entities read."""
    text = page.content.decode().replace("&#x27;", "'").replace("\u202f", " ").replace("\u00a0", " ")
    return re.sub(r"\s+", " ", text)


# SH-18


def test_SH18_the_sentence_to_say_names_amount_card_and_day(shop: Shop) -> None:
    order_id = shop.order(payments=[card(provider_reference="ok-sh18", last_digits="4242")])
    aloud = look(shop, order_id).context["aloud"].replace("\u00a0", " ").replace("\u202f", " ")
    by = readable.day_near(timezone.localdate() + timedelta(days=10), timezone.localdate())
    assert aloud == f"55,80 € sur la carte •4242, vers le {by}."


def test_SH18_without_digits_the_means_is_named(shop: Shop) -> None:
    assert "sur la carte bancaire, vers le" in look(shop, shop.order()).context["aloud"]


@pytest.mark.parametrize(
    ("how", "paid_by", "said"),
    [
        ("original", "card", "32,40 € sur la carte •4242, vers le 26"),
        ("original", "wallet", "32,40 € sur le portefeuille, vers le 19"),
        ("original", "transfer", "32,40 € par virement, vers le 21"),
        ("store_credit", "card", "32,40 € en avoir en boutique, tout de suite"),
        ("manual", "card", "32,40 € en espèces ou par virement, au plus tard le 30"),
    ],
)
def test_SH18_the_day_depends_on_the_means(how: str, paid_by: str, said: str) -> None:
    on = datetime(2026, 11, 16, 12, tzinfo=UTC)
    assert by_which_way("32,40 €", how, paid_by, on, "4242") == said


def test_SH18_another_month_is_named() -> None:
    said = by_which_way("32,40 €", "original", "card", datetime(2026, 11, 22, 12, tzinfo=UTC), "4242")
    assert said == "32,40 € sur la carte •4242, vers le 2 décembre"


def test_SH18_what_was_only_reserved_is_not_debited(shop: Shop) -> None:
    aloud = look(shop, shop.order(paid="authorized")).context["aloud"]
    assert "Rien n'est débité" in aloud and "réservés" in aloud


def test_SH18_later_says_until_when(shop: Shop) -> None:
    page = look(shop, shop.order(), when="later")
    assert "seront rendus plus tard, au plus tard le" in page.context["aloud"]
    assert "À dire au client" in plain(page)


def test_SH18_a_refund_outside_a_cancellation_says_it_too(shop: Shop) -> None:
    order_id = shop.order(payments=[card(provider_reference="ok-sh18b", last_digits="0017")])
    url = reverse("web:reimburse", kwargs={"order_id": order_id})
    said = {"what": "lines", "method": "original", "shipping": "none", "units-1": "1", "do": "preview"}
    assert "« 12,30 € sur la carte •0017, vers le" in plain(shop["agent"].post(url, said))


# SH-3, SG-2, SG-3


def test_SH3_the_last_button_says_whether_a_mail_goes_out(shop: Shop) -> None:
    order_id = shop.order()
    assert "Envoyer et annuler" in plain(look(shop, order_id))
    said = {**answers(shop["agent"].get(at(order_id))), **WISH}
    said.pop("notify")
    silent = shop["agent"].post(at(order_id), {**said, "do": "preview"})
    assert "Annuler sans prévenir" in plain(silent) and "Envoyer et annuler" not in plain(silent)


@pytest.mark.parametrize(
    ("button", "units"), [("all", [3, 1]), ("none", [0, 0]), ("less:1", [1, 1]), ("more:1", [3, 1])]
)
def test_SH3_the_buttons_beside_the_units_work_without_a_script(
    shop: Shop, button: str, units: list[int]
) -> None:
    order_id = shop.order()
    said = {**answers(shop["agent"].get(at(order_id))), **WISH, "units-1": "2"}
    page = shop["agent"].post(at(order_id), {**said, "do": button})
    form = page.context["form"]
    assert [form.value("units-1") or 0, form.value("units-2") or 0] == units
    assert not Cancellation.of(shop.merchant.id).filter(order_id=order_id).exists()


def test_SH3_the_mail_is_swapped_beside_the_words_that_are_written(shop: Shop) -> None:
    order_id = shop.order()
    said = {**answers(shop["agent"].get(at(order_id))), **WISH, "message": "Un mug vous attend."}
    part = shop["agent"].post(at(order_id), {**said, "do": "preview"}, headers={"hx-request": "true"})
    place, _, mail = part.content.decode().partition('id="mail" hx-swap-oob')
    assert "Un mug vous attend." in mail and "Un mug vous attend." not in place


def test_SH3_by_hand_and_later_are_two_different_words(shop: Shop) -> None:
    form = shop["agent"].get(at(shop.order())).context["form"]
    words = {str(label) for name in ("when", "method") for _, label in form.fields[name].choices}
    assert len(words) == 7 - 1 - ("none" not in dict(form.fields["when"].choices)) + 1
    assert not any("à la main" in word.lower() for word in words)


def test_SH3_the_rate_before_and_after_stands_beside_the_choice(shop: Shop) -> None:
    for _ in range(11):
        shop.order()
    assert "Taux d'annulation :" in plain(look(shop, shop.order()))


# SH-11


def test_SH11_a_voucher_is_offered_in_the_dialog_and_stands_in_the_mail(shop: Shop) -> None:
    order_id = shop.order()
    offered = {"voucher": "percent", "voucher_value": "10"}
    shown = look(shop, order_id, **offered)
    assert "BA-····-····" in shown.context["mail"]["text"] and "10\u00a0%" in shown.context["mail"]["text"]
    page = press(shop, order_id, **offered)
    voucher = Voucher.of(shop.merchant.id).get(order_id=order_id)
    assert voucher.percent == 10 and voucher.code in page.content.decode()
    told = Message.of(shop.merchant.id).get(order_id=order_id).facts["voucher"]
    assert told["code"] == voucher.code


def test_SH11_a_voucher_that_is_none_is_said_beside_it_and_nothing_is_called_off(shop: Shop) -> None:
    order_id = shop.order()
    answer = press(shop, order_id, voucher="percent", voucher_value="40")
    assert answer.status_code == 422 and "voucher_value" in answer.context["form"].errors
    assert not Cancellation.of(shop.merchant.id).filter(order_id=order_id).exists()
    assert press(shop, order_id, "manager", voucher="percent", voucher_value="40").status_code == 200
    assert Voucher.of(shop.merchant.id).get().percent == 40


def test_SH7_under_suspicion_the_choice_is_passed_over(shop: Shop) -> None:
    order_id = shop.order()
    press(
        shop, order_id, reason="fraud_suspected", asked_by="merchant", voucher="percent", voucher_value="10"
    )
    assert not Voucher.of(shop.merchant.id).exists()


def test_SH11_a_code_is_spent_at_the_counter_once(shop: Shop) -> None:
    press(shop, shop.order(), voucher="amount", voucher_value="5,00")
    voucher = Voucher.of(shop.merchant.id).get()
    Voucher.of(shop.merchant.id).update(valid_from=voucher.created_at)
    url, said = (
        reverse("web:voucher_redeem"),
        {"code": voucher.code.lower(), "order_number": "2001", "total": "30,00"},
    )
    assert "retirez 5,00 € de la commande 2001" in plain(shop["agent"].post(url, said, follow=True))
    again = shop["agent"].post(url, said)
    assert again.status_code == 422 and "déjà utilisé" in again.context["form"].errors["code"][0]
    unknown = shop["agent"].post(url, {**said, "code": "BA-AAAA-AAAA"})
    assert unknown.status_code == 422 and "pas des nôtres" in plain(unknown)


def test_SH11_a_reader_sees_that_there_is_a_voucher_and_not_its_code(shop: Shop) -> None:
    press(shop, shop.order(), voucher="percent", voucher_value="10")
    code = Voucher.of(shop.merchant.id).get().code
    assert code in plain(shop["agent"].get(reverse("web:vouchers")))
    assert code not in plain(shop["viewer"].get(reverse("web:vouchers")))


def test_SH11_a_manager_makes_one_and_takes_it_back(shop: Shop) -> None:
    order_id = shop.order()
    until = (timezone.localdate() + timedelta(days=90)).isoformat()
    url = reverse("web:voucher_new") + f"?commande={order_id}"
    wrong = shop["manager"].post(url, {"kind": "percent", "value": "400", "until": until})
    assert wrong.status_code == 422 and "value" in wrong.context["form"].errors
    assert shop["manager"].post(url, {"kind": "percent", "value": "15", "until": until}).status_code == 302
    voucher = Voucher.of(shop.merchant.id).get(order_id=order_id)
    shop["manager"].post(reverse("web:voucher_withdraw", kwargs={"voucher_id": voucher.id}))
    assert Voucher.of(shop.merchant.id).get().state == "withdrawn"


def test_the_list_of_vouchers_takes_few_statements(shop: Shop) -> None:
    for _ in range(3):
        press(shop, shop.order(), voucher="percent", voucher_value="10")
    shop["manager"].get("/")
    assert statements(shop["manager"], reverse("web:vouchers")) <= 12


# SH-20


def called_off(shop: Shop, order_id: UUID, **ask: Any) -> Any:
    asked = Ask(**{"reason": "out_of_stock", **ask})
    now = datetime.now(UTC)
    return confirm(
        merchant_id=shop.merchant.id, order_id=order_id, ask=asked, by="test", at=now, rate_of=rate_of
    )


def mistake(order_id: UUID) -> str:
    return reverse("web:mistake", kwargs={"order_id": order_id})


def test_SH20_the_buyer_first_then_the_order_again(shop: Shop) -> None:
    order_id = shop.order()
    called_off(shop, order_id)
    again = reverse("web:place_again", kwargs={"order_id": order_id})
    assert shop["agent"].post(again).headers["Location"] == mistake(order_id)
    assert Order.of(shop.merchant.id).count() == 1
    shop["agent"].post(mistake(order_id), {"contact-by": "phone", "contact-outcome": "other"})
    assert Event.of(shop.merchant.id).filter(order_id=order_id, kind="contact.logged").exists()
    assert shop["agent"].post(again).status_code == 302
    placed = Order.of(shop.merchant.id).exclude(id=order_id).get()
    assert Line.of(shop.merchant.id).filter(order=placed).count() == 2
    page = plain(shop["agent"].get(reverse("web:order", kwargs={"order_id": order_id})))
    assert str(placed.id) in page and "la commande qui la remplace" in page


def test_SH20_a_contact_from_before_the_cancellation_does_not_count(shop: Shop) -> None:
    order_id = shop.order()
    log_contact(
        merchant_id=shop.merchant.id,
        order_id=order_id,
        by_means="phone",
        outcome="accepts",
        by="test",
        at=datetime.now(UTC) - timedelta(minutes=5),
    )
    called_off(shop, order_id)
    assert shop["agent"].get(mistake(order_id)).context["told"] is None


def test_SH20_or_a_voucher_in_its_place(shop: Shop) -> None:
    order_id = shop.order()
    called_off(shop, order_id)
    shop["manager"].post(mistake(order_id), {"contact-by": "phone", "contact-outcome": "other"})
    page = plain(shop["manager"].get(mistake(order_id)))
    assert f"{reverse('web:voucher_new')}?commande={order_id}" in page


def test_AZ10_under_amazon_stands_what_to_write_instead(shop: Shop) -> None:
    open_channel(
        merchant_id=shop.merchant.id,
        code="amazon",
        name="Amazon",
        terms="amazon",
        timezone="Europe/Paris",
        mode="test",
        overrides={},
        by="test",
        at=datetime.now(UTC),
    )
    order_id = shop.order(channel="amazon", paid="authorized")
    called_off(shop, order_id, initiated_by="merchant")
    page = plain(shop["agent"].get(mistake(order_id)))
    assert "passez une nouvelle commande" in page and "compte dans le taux" in page
    assert reverse("web:place_again", kwargs={"order_id": order_id}) not in page


def test_SH20_undone_in_the_window_all_is_as_before_and_both_stay_in_the_history(shop: Shop) -> None:
    order_id = shop.order()
    before = rate_of_shop(shop)
    held = {item.sku: item.allocated for item in Item.of(shop.merchant.id)}
    done = called_off(shop, order_id, undo_seconds=600)
    assert rate_of_shop(shop) != before
    undo = reverse("web:undo", kwargs={"cancellation_id": done.id})
    assert undo in plain(shop["agent"].get(mistake(order_id)))
    assert shop["agent"].post(undo).status_code == 302
    assert {item.sku: item.allocated for item in Item.of(shop.merchant.id)} == held
    assert {each.state for each in Refund.of(shop.merchant.id)} == {"withdrawn"}
    assert {share.reserved_minor for share in PaymentShare.of(shop.merchant.id)} == {0}
    assert rate_of_shop(shop) == before
    kinds = set(Event.of(shop.merchant.id).filter(order_id=order_id).values_list("kind", flat=True))
    assert {"cancellation.confirmed", "cancellation.undone"} <= kinds
    assert Order.of(shop.merchant.id).get(id=order_id).status == "open"


def rate_of_shop(shop: Shop) -> Any:
    from countermand.performance.models import RateChange

    changes = RateChange.of(shop.merchant.id).values_list("orders_cancelled", "articles_cancelled")
    return tuple(map(sum, zip(*changes, strict=True)))


# The order's page


def test_after_a_part_the_line_shows_what_it_was_and_what_is_left(shop: Shop) -> None:
    order_id = shop.order()
    called_off(shop, order_id, lines=(("1", 1),))
    page = plain(shop["agent"].get(reverse("web:order", kwargs={"order_id": order_id})))
    assert re.search(r"<del>.*?36,90 €</del> <ins>.*?24,60 €</ins>", page)


def test_a_refused_refund_is_said_once_with_its_verb(shop: Shop) -> None:
    from countermand.refunds.jobs import drain

    order_id = shop.order(reference="decline")
    called_off(shop, order_id)
    drain(at=datetime.now(UTC))
    page = plain(shop["agent"].get(reverse("web:order", kwargs={"order_id": order_id})))
    assert "55,80 € n'ont pas pu être rendus" in page and "55,80 € à rembourser" not in page


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("user:{agent}", "Agent"),
        ("{agent}", "Agent"),
        ("api:caisse", "clé « caisse »"),
        ("file:ventes.csv", "fichier ventes.csv"),
        ("worker", "automatique"),
        ("parti@shop.example", "parti@shop.example"),
    ],
)
def test_the_history_names_people_and_keys(shop: Shop, by: str, said: str) -> None:
    from tests.web.desk import email_of

    order_id = shop.order()
    confirm(
        merchant_id=shop.merchant.id,
        order_id=order_id,
        ask=Ask(reason="budget"),
        by=by.format(agent=email_of(shop.merchant, "agent")),
        at=datetime.now(UTC),
    )
    assert said in plain(shop["owner"].get(reverse("web:order", kwargs={"order_id": order_id})))


def test_SG5_a_day_to_come_settles_nothing(shop: Shop) -> None:
    order_id = shop.order(provider="manual", method="transfer", reference=None)
    called_off(shop, order_id)
    refund = Refund.of(shop.merchant.id).get(order_id=order_id)
    url = reverse("web:settle", kwargs={"refund_id": refund.id})
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    refused = shop["manager"].post(url, {"at": tomorrow, "evidence": "VIR-1"})
    assert refused.status_code == 422 and "at" in refused.context["form"].errors
    today = timezone.localdate().isoformat()
    assert shop["manager"].post(url, {"at": today, "evidence": "VIR-1"}).status_code == 302
    assert Refund.of(shop.merchant.id).get().state == "succeeded"
