"""A withdrawal from what has left: proposed as a return with its ground and its days, accepted with one press."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.urls import reverse

from countermand.buyer_requests.models import BuyerRequest
from countermand.cancellations.models import Cancellation
from countermand.correspondence.models import Letter, Message
from countermand.orders.actions import fulfil
from countermand.procedure.actions import skip_step
from countermand.returns.models import Return
from tests.actions.asking import BY, Asking
from tests.web.desk import Shop, answers, statements
from tests.web.reading import text, url

LINES = [("MUG-BLEU", 3, "10.00"), ("BOL-VERT", 1, "20.00")]


@pytest.fixture
def asking(shop: Shop) -> Asking:
    return Asking(shop.merchant, "own_shop")


def withdrawn(asking: Asking, *units: tuple[str, int]) -> tuple[UUID, BuyerRequest]:
    """An order of which `units` left, and the buyer's withdrawal from all of it, of yesterday."""
    order, now = asking.order(days_ago=4, lines=LINES), datetime.now(UTC)
    lines = [{"line": line, "quantity": quantity} for line, quantity in units]
    fulfil(merchant_id=asking.merchant.id, order_id=order, fulfilment={"lines": lines}, by=BY, at=now)
    said = now - timedelta(days=1)
    return order, asking.asks(order, route="email", kind="withdrawal", requested_at=said)


def test_SH16_the_request_proposes_the_return_with_its_ground_and_its_days(
    shop: Shop, asking: Asking
) -> None:
    order, request = withdrawn(asking, ("1", 3), ("2", 1))
    page = text(shop["agent"].get(url("request", request_id=request.id)))
    for said in ("3 × Mug-Bleu", "50,00 €", "C. conso L221-18", "C. conso L221-23", "C. conso L221-24"):
        assert said in page, said
    assert "Accepter et attendre le retour" in page
    assert "Demande officielle : n'expédiez pas" not in page
    assert "Le client se rétracte : faites revenir les articles" in text(
        shop["agent"].get(url("order", order_id=order))
    )
    to_do = text(shop["agent"].get(reverse("web:to_do")))
    assert "Rétractation : articles à faire revenir" in to_do
    assert "ne pas expédier" not in to_do
    letter = Letter.across_merchants.filter(subject_id=request.id).first()
    assert letter is not None
    assert "les articles vont revenir" in letter.subject


def test_SH16_one_press_accepts_it_and_the_return_is_expected(shop: Shop, asking: Asking) -> None:
    order, request = withdrawn(asking, ("1", 3), ("2", 1))
    said = {"back-message": "Au 12 rue des Halles.", "back-notify": "on"}
    done = shop["agent"].post(url("request_take_back", request_id=request.id), said)
    assert done["Location"] == url("request", request_id=request.id)
    made = Return.of(shop.merchant.id).get()
    assert (made.kind, made.informed_at) == ("withdrawal", request.requested_at)
    assert Message.of(shop.merchant.id).get(order_id=order).facts["message"] == "Au 12 rue des Halles."
    page = text(shop["owner"].get(done["Location"]))
    assert "Demande acceptée : le retour est attendu" in page
    assert url("reception", return_id=made.id) in page
    again = shop["agent"].post(url("request_take_back", request_id=request.id), said)
    assert again.status_code == 422
    assert Return.of(shop.merchant.id).count() == 1


def test_SH16_a_part_shipped_order_gets_one_plan_filled_in_as_the_buyer_asked(
    shop: Shop, asking: Asking
) -> None:
    order, request = withdrawn(asking, ("1", 2))
    page = shop["agent"].get(url("request", request_id=request.id))
    assert "Annuler le reste et attendre le retour" in text(page)
    plan = shop["agent"].get(url("return", order_id=order))
    assert "Confirmer répond à sa demande" in text(plan)
    form = answers(plan) | {"seen": plan.context["stamp"]}
    assert (form["off-1"], form["off-2"], form["back-1"]) == ("1", "1", "2")
    skip_step(
        merchant_id=shop.merchant.id,
        order_id=order,
        step="stock",
        reason="Juste",
        by=BY,
        at=datetime.now(UTC),
    )
    done = shop["agent"].post(url("return", order_id=order), form | {"do": "confirm"})
    assert done.status_code == 302, text(done)
    request.refresh_from_db()
    assert request.state == "approved"
    assert request.cancellation_id == Cancellation.of(shop.merchant.id).get().id
    assert request.return_id == Return.of(shop.merchant.id).get().id
    assert Return.of(shop.merchant.id).get().informed_at == request.requested_at


def test_EM11_the_one_press_never_calls_anything_off(shop: Shop, asking: Asking) -> None:
    order, request = withdrawn(asking, ("1", 2))
    done = shop["agent"].post(url("request_take_back", request_id=request.id))
    assert done["Location"] == url("return", order_id=order)
    wish = asking.asks(asking.order(lines=LINES), route="email")
    assert shop["agent"].post(url("request_take_back", request_id=wish.id)).status_code == 422
    assert not Cancellation.of(shop.merchant.id).exists()
    assert not Return.of(shop.merchant.id).exists()


def test_SH16_the_request_with_its_return_asks_at_most_12_statements(shop: Shop, asking: Asking) -> None:
    _order, request = withdrawn(asking, ("1", 3), ("2", 1))
    assert statements(shop["agent"], url("request", request_id=request.id)) <= 12
