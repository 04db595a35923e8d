"""After shipping, on pages: one plan, reception, parcels called back, the list (SH-16, AZ-4, AZ-17 to AZ-19)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from countermand.channels.actions import open_channel
from countermand.orders.actions import fulfil
from countermand.returns.actions import Arrived, Coming, Verdict, ask_intercept, ask_return, receive_return
from countermand.returns.models import Intercept, Return
from tests.actions.refund_desk import order_of
from tests.web.desk import Shop, statements, steps_taken


def here(shop: Shop, order_id: UUID) -> dict[str, Any]:
    return {"merchant_id": shop.merchant.id, "order_id": order_id, "by": "test", "at": datetime.now(UTC)}


def part_sent(shop: Shop, *, units: int = 2, confirmed: bool = True, **body: Any) -> UUID:
    """3 mugs and a bowl; 2 mugs have left."""
    order_id = shop.order(**body)
    lines = [{"line": "1", "quantity": units}]
    parcel = {
        "reference": "f1",
        "lines": lines,
        "carrier": "Colissimo",
        "tracking": "6A1",
        "confirmed": confirmed,
    }
    fulfil(**here(shop, order_id), fulfilment=parcel)
    return order_id


def test_SH16_one_plan_cancels_the_rest_and_asks_back_what_left(shop: Shop) -> None:
    order_id = part_sent(shop)
    steps_taken(shop, order_id)
    url = f"/commandes/{order_id}/retour"
    page = shop["agent"].get(url)
    assert page.status_code == 200
    said = page.content.decode()
    assert "Encore chez vous" in said and "Déjà parti" in said
    form = page.context["form"]
    sent = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, "", False)}
    sent = {name: str(value) for name, value in sent.items()} | {"reason": "customer_changed_mind"}
    look = shop["agent"].post(url, {**sent, "do": "preview"})
    assert "Annulé maintenant" in look.content.decode() and "À rendre, au plus" in look.content.decode()
    done = shop["agent"].post(url, {**sent, "seen": look.context["stamp"], "do": "confirm"})
    assert done.status_code == 302, done.content.decode()[-3000:]
    [found] = Return.of(shop.merchant.id).filter(order_id=order_id)
    assert (found.kind, found.state) == ("withdrawal", "asked")
    order = order_of(shop.merchant, order_id)
    assert (order.status, order.in_flight_minor) == ("shipped", 1230 + 1890)


def test_SH16_the_steps_before_a_cancel_are_asked_for_and_nothing_is_done(shop: Shop) -> None:
    order_id = part_sent(shop)
    sent = {
        "reason": "delay",
        "asked_by": "merchant",
        "kind": "return",
        "off-1": "1",
        "off-2": "1",
        "back-1": "2",
    }
    answer = shop["agent"].post(f"/commandes/{order_id}/retour", {**sent, "when": "now", "do": "confirm"})
    assert answer.status_code == 422 and answer.context["stopped"]
    assert not Return.of(shop.merchant.id).filter(order_id=order_id).exists()
    assert order_of(shop.merchant, order_id).status == "partially_shipped"


def test_SH16_what_was_not_shown_is_shown_first(shop: Shop) -> None:
    order_id = part_sent(shop)
    steps_taken(shop, order_id)
    sent = {"reason": "doubt", "asked_by": "buyer", "kind": "withdrawal", "off-1": "1", "back-1": "2"}
    answer = shop["agent"].post(
        f"/commandes/{order_id}/retour", {**sent, "when": "now", "seen": "something else", "do": "confirm"}
    )
    assert answer.status_code == 422
    assert not Return.of(shop.merchant.id).filter(order_id=order_id).exists()


def test_SH16_the_same_button_says_return_once_all_has_left(shop: Shop) -> None:
    order_id = shop.order()
    fulfil(**here(shop, order_id), fulfilment={"reference": "f1"})
    listed = shop["agent"].get("/commandes").content.decode()
    assert f"/commandes/{order_id}/retour" in listed
    assert f"/commandes/{order_id}/retour" in shop["agent"].get(f"/commandes/{order_id}").content.decode()
    page = shop["agent"].get(f"/commandes/{order_id}/retour")
    assert "Attendre le retour" in page.content.decode()
    unsent = shop.order()
    refused = shop["agent"].get(f"/commandes/{unsent}/retour")
    assert refused.status_code == 409


def test_SH16_reception_asks_how_it_was_found_and_never_fills_a_fee_in(shop: Shop) -> None:
    order_id = part_sent(shop)
    found = ask_return(**here(shop, order_id), coming=Coming(kind="withdrawal"))
    url = f"/retours/{found.id}"
    page = shop["agent"].get(url)
    assert page.status_code == 200
    assert not page.context["form"]["fee"].value(), "never filled in"
    assert "L221-23" in page.content.decode(), "the legal ground is shown"
    sent = {"units-0": "2", "state-0": "as_new", "restock": "terms", "when": "now", "fee": "", "notify": "on"}
    kept = shop["agent"].post(url, {**sent, "fee": "2,00", "fee_note": "rayé", "do": "confirm"})
    assert kept.status_code == 422, "as new: nothing may be kept"
    done = shop["agent"].post(url, {**sent, "do": "confirm"})
    assert done.status_code == 302
    found.refresh_from_db()
    assert (found.state, found.refund_minor) == ("done", 2460)
    assert shop["agent"].get(url).status_code == 200


def test_SH16_counted_now_and_looked_at_later(shop: Shop) -> None:
    order_id = part_sent(shop)
    found = ask_return(**here(shop, order_id), coming=Coming())
    url = f"/retours/{found.id}"
    sent = {"units-0": "2", "state-0": "", "restock": "terms", "when": "now"}
    assert shop["agent"].post(url, {**sent, "do": "confirm"}).status_code == 302
    found.refresh_from_db()
    assert found.state == "received"
    page = shop["agent"].get(url)
    assert "Comment est-ce revenu" in page.content.decode()
    sent = {"state-0": "used", "fee": "2,00", "restock": "terms", "when": "later"}
    without = shop["agent"].post(url, {**sent, "do": "confirm"})
    assert without.status_code == 422, "the page asks what it is kept for"
    done = shop["agent"].post(url, {**sent, "fee_note": "emballage déchiré", "do": "confirm"})
    # "other" family: the buyer's wish alone allows a fee; the default reason is one.
    assert done.status_code == 302, done.content.decode()[-2000:]
    found.refresh_from_db()
    assert (found.state, found.fee_minor, found.refund_minor) == ("inspected", 200, 2260)


def test_SH16_proof_loss_and_withdrawal(shop: Shop) -> None:
    order_id = part_sent(shop)
    found = ask_return(**here(shop, order_id), coming=Coming(kind="withdrawal"))
    empty = shop["agent"].post(f"/retours/{found.id}/preuve", {"proof-proof": "", "proof-on": ""})
    assert empty.status_code == 422
    kept = {"proof-proof": "6A99", "proof-on": "2026-11-20"}
    assert shop["agent"].post(f"/retours/{found.id}/preuve", kept).status_code == 302
    shop["agent"].post(f"/retours/{found.id}/fin", {"do": "lost"})
    found.refresh_from_db()
    assert found.state == "asked", "who proved to have sent it is paid"
    shop["agent"].post(f"/retours/{found.id}/fin", {"do": "lost_refund"})
    found.refresh_from_db()
    assert (found.state, found.refund_minor) == ("done", 2460)


def test_AZ4_a_parcel_called_back_before_it_was_confirmed_is_cancelled(shop: Shop) -> None:
    order_id = part_sent(shop, units=3, confirmed=False)
    page = shop["agent"].get(f"/commandes/{order_id}/retour")
    assert "sans être confirmé" in page.content.decode()
    sent = {"back-parcel": "f1", "back-asked_of": "buyer", "back-reason": "customer_changed_mind"}
    assert shop["agent"].post(f"/commandes/{order_id}/rappeler", sent).status_code == 302
    called = Intercept.of(shop.merchant.id).get(order_id=order_id)
    url = f"/colis/{called.id}"
    assert "sans frais" in shop["agent"].get(url).content.decode()
    assert shop["agent"].post(url, {"do": "accepted", "note": "vu avec lui"}).status_code == 302
    home = {"home-reason": "customer_changed_mind", "home-asked_by": "buyer", "home-restock": "terms"}
    wrong = shop["agent"].post(url, {"do": "back", "home-asked_by": "buyer", "home-restock": "terms"})
    assert wrong.status_code == 422
    assert shop["agent"].post(url, {**home, "do": "back"}).status_code == 302
    called.refresh_from_db()
    assert called.state == "back" and called.cancellation_id is not None
    assert order_of(shop.merchant, order_id).status == "open"


def test_AZ18_a_confirmed_parcel_back_is_received_as_a_return(shop: Shop) -> None:
    order_id = part_sent(shop)
    called = ask_intercept(**here(shop, order_id), parcel="f1", reason="wrong_address")
    done = shop["agent"].post(f"/colis/{called.id}", {"do": "back"})
    [found] = Return.of(shop.merchant.id).filter(order_id=order_id)
    assert done.url == f"/retours/{found.id}"
    assert (found.kind, found.state) == ("intercepted", "received")


def test_AZ17_no_address_is_edited_and_the_order_says_what_to_do(shop: Shop) -> None:
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
    address = {"name": "Ana", "line1": "1 rue X", "postal_code": "75001", "city": "Paris", "country": "FR"}
    order_id = shop.order(channel="amazon", shipping_address=address)
    said = shop["agent"].get(f"/commandes/{order_id}").content.decode()
    assert "elle ne se modifie pas" in said and "depuis son compte" in said
    own = shop.order(shipping_address=address)
    assert "repassez la commande" in shop["agent"].get(f"/commandes/{own}").content.decode()
    fulfil(**here(shop, order_id), fulfilment={"reference": "f1"})
    sent = shop["agent"].get(f"/commandes/{order_id}").content.decode()
    assert f"/commandes/{order_id}/rappeler" in sent


def test_EM10_the_ready_words_confirm_a_reception_to_the_customer_service(shop: Shop) -> None:
    open_channel(
        merchant_id=shop.merchant.id,
        code="espace",
        name="Espace marchand",
        terms="merchant_space",
        timezone="Europe/Paris",
        mode="test",
        overrides={},
        by="test",
        at=datetime.now(UTC),
    )
    order_id = part_sent(shop, channel="espace")
    found = ask_return(**here(shop, order_id), coming=Coming())
    page = shop["agent"].get(f"/retours/{found.id}")
    assert "Nous avons bien reçu le retour" in page.content.decode()
    assert "when" not in page.context["form"].fields


def test_SH16_the_list_of_returns(shop: Shop) -> None:
    order_id = part_sent(shop)
    found = ask_return(**here(shop, order_id), coming=Coming())
    assert f"/retours/{found.id}" in shop["agent"].get("/retours").content.decode()
    assert f"/retours/{found.id}" not in shop["agent"].get("/retours?etat=received").content.decode()
    arrived: dict[str, Any] = {"return_id": found.id, "by": "test", "at": datetime.now(UTC)}
    receive_return(merchant_id=shop.merchant.id, **arrived, arrived=Arrived(), verdict=Verdict())
    assert f"/retours/{found.id}" in shop["agent"].get("/retours?etat=received").content.decode()
    assert shop["agent"].get("/retours?apres=zzz").status_code == 302


def test_SH16_pages_ask_a_fixed_number_of_questions(shop: Shop) -> None:
    order_id = part_sent(shop)
    found = ask_return(**here(shop, order_id), coming=Coming(lines=(("1", 1),)))
    called = ask_intercept(**here(shop, order_id), parcel="f1")
    shop["agent"].get("/retours")  # the till notes who is there, once
    for url in (
        f"/commandes/{order_id}",
        f"/commandes/{order_id}/retour",
        f"/commandes/{order_id}/rappeler",
        f"/colis/{called.id}",
        "/retours",
        f"/retours/{found.id}",
    ):
        assert statements(shop["agent"], url) <= 12, url
