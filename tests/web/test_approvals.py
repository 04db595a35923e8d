"""SH-12 on pages: who asks reads that nothing left, who looks reads the plan, who asked reads the outcome."""

from typing import Any

from django.urls import reverse

from countermand.approvals.actions import set_rules
from countermand.approvals.models import Approval, HandOver
from countermand.approvals.rules import Rule
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation
from countermand.channels.actions import open_channel
from countermand.correspondence.actions import log_contact
from countermand.merchants.models import Merchant
from countermand.payments.actions import add_payment
from countermand.stock.actions import count_stock
from tests.actions.approving import moment
from tests.web.desk import Shop, answers, email_of, statements, steps_taken
from tests.web.reading import text


def over(shop: Shop, above: str = "20") -> None:
    set_rules(merchant_id=shop.merchant.id, rules=[Rule("amount", above=above)], by="test", at=moment())


def asked(shop: Shop, **body: Any) -> tuple[str, Approval]:
    """An agent goes the whole way: the order's address, and what waits after the last button."""
    over(shop)
    order_id = shop.order(**body)
    steps_taken(shop, order_id)
    page = shop["agent"].get(reverse("web:cancel", kwargs={"order_id": order_id}))
    said = answers(page) | {"reason": "budget", "asked_by": "buyer", "do": "confirm"}
    looked = shop["agent"].post(
        reverse("web:cancel", kwargs={"order_id": order_id}), said | {"do": "preview"}
    )
    said |= answers(looked) | {"reason": "budget", "asked_by": "buyer", "do": "confirm"}
    done = shop["agent"].post(reverse("web:cancel", kwargs={"order_id": order_id}), said, follow=True)
    assert "Rien n'est parti" in done.content.decode().replace("&#x27;", "'"), done.content.decode()[-4000:]
    return reverse("web:order", kwargs={"order_id": order_id}), Approval.of(shop.merchant.id).get()


def page_of(approval: Approval, name: str = "approval") -> str:
    return reverse(f"web:{name}", kwargs={"approval_id": approval.id})


def test_SH12_the_last_button_says_before_that_somebody_looks_first(shop: Shop) -> None:
    over(shop)
    url = reverse("web:cancel", kwargs={"order_id": shop.order()})
    agents, managers = text(shop["agent"].get(url)), text(shop["manager"].get(url))
    assert "Demander la validation" in agents and "avant l'accord d'un responsable" in agents
    assert "Demander la validation" not in managers


def test_SH12_from_the_agents_button_to_the_managers_yes(shop: Shop) -> None:
    order_url, approval = asked(shop)
    assert not Cancellation.of(shop.merchant.id).exists()
    assert "en attente de validation" in text(shop["viewer"].get(order_url))
    assert "À valider" in text(shop["manager"].get(reverse("web:to_do")))
    assert "À valider" not in text(shop["agent"].get(reverse("web:to_do")))
    page = text(shop["manager"].get(page_of(approval)))
    assert "Plus de 20,00 € rendus" in page and "55,80 €" in page and "Valider et annuler" in page
    mine = text(shop["agent"].get(page_of(approval)))
    assert "Nul ne valide sa propre demande" in mine and "Valider et annuler" not in mine
    done = shop["manager"].post(page_of(approval, "approval_yes"), follow=True)
    assert done.redirect_chain[-1][0] == order_url
    assert Cancellation.of(shop.merchant.id).get().by == email_of(shop.merchant, "manager")
    told = text(shop["agent"].get(reverse("web:to_do")))
    assert "Validée par Manager" in told
    shop["agent"].post(page_of(approval, "approval_seen"))
    assert "Validée par Manager" not in text(shop["agent"].get(reverse("web:to_do")))


def test_SH12_a_no_keeps_its_reason_for_who_asked(shop: Shop) -> None:
    _order, approval = asked(shop)
    shop["manager"].post(page_of(approval, "approval_no"), {"no-note": "elle attend"})
    assert "Refusée par Manager : « elle attend »" in text(shop["agent"].get(reverse("web:to_do")))
    assert "elle attend" in text(shop["agent"].get(page_of(approval)))
    again = text(shop["manager"].post(page_of(approval, "approval_yes"), follow=True))
    assert "déjà répondu" in again
    assert not Cancellation.of(shop.merchant.id).exists()


def test_SH12_facts_that_moved_lead_to_the_plan_of_today(shop: Shop) -> None:
    _order_url, approval = asked(shop)
    paid = {"reference": "p2", "provider": "manual", "method": "cash", "amount": "2.00", "state": "captured"}
    add_payment(
        merchant_id=shop.merchant.id, order_id=approval.order_id, payment=paid, by="test", at=moment()
    )
    moved = shop["manager"].post(page_of(approval, "approval_yes"), follow=True)
    new = Approval.of(shop.merchant.id).get(state="waiting")
    assert moved.redirect_chain[-1][0] == page_of(new)
    assert "Voici le plan d'aujourd'hui" in text(moved)
    assert page_of(new) in text(shop["agent"].get(page_of(approval)))
    assert not Cancellation.of(shop.merchant.id).exists()
    shop["manager"].post(page_of(new, "approval_yes"))
    assert Cancellation.of(shop.merchant.id).count() == 1


def test_SH12_what_can_no_longer_be_done_is_closed_and_who_asked_is_told(shop: Shop) -> None:
    _order_url, approval = asked(shop)
    confirm(
        merchant_id=shop.merchant.id,
        order_id=approval.order_id,
        ask=Ask(reason="budget"),
        by="t",
        at=moment(),
    )
    closed = text(shop["manager"].post(page_of(approval, "approval_yes"), follow=True))
    assert "ce n'est plus possible" in closed and "Tout est déjà annulé" in closed
    assert "Ce n'est plus possible" in text(shop["agent"].get(reverse("web:to_do")))


def test_SH12_an_owner_makes_rules_in_words_and_keeps_what_was_typed(shop: Shop) -> None:
    there, add = reverse("web:approval_rules"), reverse("web:add_rule")
    assert "Aucune règle" in text(shop["owner"].get(there))
    wrong = shop["owner"].post(add, {"kind": "reason", "approver": "owner", "above": "12"})
    assert wrong.status_code == 422
    assert "Choisissez un motif" in text(wrong) and 'value="12"' in text(wrong)
    shop["owner"].post(add, {"kind": "amount", "above": "99,50", "approver": "owner"})
    assert "Plus de 99,5 rendus" in text(shop["manager"].get(there))
    assert "Ajouter la règle" not in text(shop["manager"].get(there))
    assert (
        shop["owner"].post(add, {"kind": "amount", "above": "99.50", "approver": "owner"}).status_code == 422
    )
    name = "amount|owner|99.50||"
    shop["owner"].post(reverse("web:drop_rule"), {"rule": name})
    assert Merchant.objects.get(id=shop.merchant.id).approval_rules == []


def test_SH12_a_case_is_handed_over_taken_and_done(shop: Shop) -> None:
    order_id = shop.order()
    order_url, hand = (
        reverse(f"web:{name}", kwargs={"order_id": order_id}) for name in ("order", "hand_over")
    )
    empty = shop["agent"].post(hand, {"case-to": "role:manager", "case-note": " "})
    assert empty.status_code == 422
    to = f"by:{email_of(shop.merchant, 'manager')}"
    shop["agent"].post(hand, {"case-to": to, "case-note": "Rappeler avant midi"})
    assert "Rappeler avant midi" in text(shop["viewer"].get(order_url))
    assert "Transmis à vous" in text(shop["manager"].get(reverse("web:to_do")))
    assert "Transmis à vous" not in text(shop["owner"].get(reverse("web:to_do")))
    case = HandOver.of(shop.merchant.id).get()
    shop["manager"].post(reverse("web:case_take", kwargs={"case_id": case.id}))
    assert "pris par Manager" in text(shop["agent"].get(order_url))
    shop["manager"].post(reverse("web:case_done", kwargs={"case_id": case.id}))
    assert "Transmis à vous" not in text(shop["manager"].get(reverse("web:to_do")))


def test_EM14_the_list_says_how_long_and_that_nobody_was_told(shop: Shop) -> None:
    order_id = shop.order()
    count_stock(merchant_id=shop.merchant.id, sku="MUG-BLEU", on_hand=1, by="test", at=moment())
    page = text(shop["agent"].get(reverse("web:to_do")))
    assert "Mug-Bleu : en rupture depuis 1 min, client non prévenu" in page
    assert reverse("web:cancel", kwargs={"order_id": order_id}) in page
    log_contact(
        merchant_id=shop.merchant.id, order_id=order_id, by_means="phone", outcome="accepts", by="test", at=moment()
    )  # fmt: skip
    assert "client non prévenu" not in text(shop["agent"].get(reverse("web:to_do")))


def test_tabs_count_and_narrow_and_an_empty_list_says_the_rate(shop: Shop) -> None:
    open_channel(
        merchant_id=shop.merchant.id, code="place", name="La Place", terms="merchant_space",
        timezone="Europe/Paris", mode="test", overrides={}, by="test", at=moment(),
    )  # fmt: skip
    empty = text(shop["agent"].get(reverse("web:to_do")))
    assert "Rien n'attend" in empty and "La Place : taux à 0,0 %, limite 5 %." in empty
    shop.order(lines=(("MUG-BLEU", 12, "1.00"),))
    assert "client non prévenu" in text(shop["agent"].get(reverse("web:to_do") + "?pour=customers"))
    assert "client non prévenu" not in text(shop["agent"].get(reverse("web:to_do") + "?pour=refunds"))


def test_pages_take_few_statements_whatever_waits(shop: Shop) -> None:
    order_url, approval = asked(shop)
    shop["manager"].get(reverse("web:to_do"))  # a browser is greeted once
    assert statements(shop["manager"], reverse("web:to_do")) <= 12
    assert statements(shop["manager"], page_of(approval)) <= 12
    assert statements(shop["manager"], reverse("web:approval_rules")) <= 12
    before = statements(shop["manager"], reverse("web:to_do"))
    for _ in range(5):
        shop.order(lines=(("MUG-BLEU", 12, "1.00"),))
    assert statements(shop["manager"], reverse("web:to_do")) == before
    assert statements(shop["manager"], order_url) <= 14
