"""Refunds that the customer service sends back to the merchant, who answers and asks again (RK-5)."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

import pytest

from countermand.events.models import Event
from countermand.marketplace import service
from countermand.marketplace.models import Step
from countermand.orders.models import Order
from countermand.overview import todo
from countermand.overview.audit import audit
from countermand.payments.models import PaymentShare
from countermand.refunds.models import Refund
from countermand.refunds.release import release_held
from countermand.refusals import Refusal
from tests.actions.place import Place, a_marketplace, seated
from tests.at_once import at_once

WHY = "Le client dit avoir reçu le colis. Quel est son numéro ?"


@pytest.fixture
def place(merchant: Any) -> Place:
    there = seated(merchant)
    there.sales(1, cancelled=1)
    return there


def asked(place: Place) -> dict[str, Any]:
    [row] = service.queue(marketplace_id=place.marketplace.id, limit=5)
    return row


def sent_back(place: Place, because: str = WHY) -> Refund:
    row = asked(place)
    service.send_back_asked(**place.here, refund_id=row["id"], because=because)
    return Refund.of(place.merchant.id).get(id=row["id"])


def again(place: Place, refund: Refund, answer: str = "Rien n'est parti.") -> None:
    service.ask_service_again(**place.there, refund_id=refund.id, answer=answer)


def to_do(place: Place) -> list[dict[str, Any]]:
    found = todo.to_do(merchant_id=place.merchant.id, at=datetime.now(UTC), kinds=["refund_sent_back"])
    return [row for row in found if row["kind"] == "refund_sent_back"]


def codes(raised: list[BaseException | None]) -> list[str]:
    return sorted(error.code for error in raised if isinstance(error, Refusal))


def test_RK5_a_refund_sent_back_waits_for_the_merchant_who_reads_why(place: Place) -> None:
    refund = sent_back(place)
    assert (refund.state, refund.asked_at, refund.sent_back_because) == ("held", None, WHY)
    assert service.queue(marketplace_id=place.marketplace.id, limit=5) == []
    [theirs] = service.queue(marketplace_id=place.marketplace.id, sent_back=True, limit=5)
    assert theirs["id"] == refund.id
    [row] = to_do(place)
    assert (row["detail"], row["amount"], row["due_on"] is not None) == (WHY, "10.00", True)
    [letter] = place.letters("sent_back")
    order = Order.of(place.merchant.id).get(id=refund.order_id)
    assert order.number in letter.subject
    assert WHY in letter.text and "10,00" in letter.text and f"{refund.id}/redemander" in letter.text


def test_RK5_the_buyer_is_owed_it_all_the_same(place: Place) -> None:
    refund = sent_back(place)
    order = Order.of(place.merchant.id).get(id=refund.order_id)
    share = PaymentShare.of(place.merchant.id).get(id=refund.share_id)
    assert (order.in_flight_minor, order.refunded_minor, share.reserved_minor) == (1000, 0, 1000)
    assert order.payment_status == "refund_pending"
    release_held(at=datetime.now(UTC))
    assert Refund.of(place.merchant.id).get(id=refund.id).state == "held"
    assert audit(merchant_id=place.merchant.id) == []


def test_RK5_asked_again_it_is_back_in_the_queue_with_the_answer(place: Place) -> None:
    refund = sent_back(place)
    again(place, refund)
    row = asked(place)
    assert (row["id"], row["answer"], row["sent_back_because"]) == (refund.id, "Rien n'est parti.", WHY)
    assert to_do(place) == []
    service.let_go_asked(**place.here, refund_id=refund.id)
    refund.refresh_from_db()
    assert refund.state == "planned"


def test_RK5_sent_back_twice_the_new_question_stands_without_the_old_answer(place: Place) -> None:
    refund = sent_back(place)
    again(place, refund)
    refund = sent_back(place, "Envoyez la preuve de dépôt.")
    assert (refund.sent_back_because, refund.answer) == ("Envoyez la preuve de dépôt.", None)
    assert len(place.letters("sent_back")) == 2


def test_RK5_what_was_sent_back_is_not_sent_back_once_more_before_the_answer(place: Place) -> None:
    refund = sent_back(place)
    with pytest.raises(Refusal) as refused:
        service.send_back_asked(**place.here, refund_id=refund.id, because=WHY)
    assert refused.value.code == "not_settleable"


@pytest.mark.parametrize("deed", ["let_go", "settle"])
def test_RK5_a_buyer_does_not_wait_for_a_merchant_who_does_not_answer(place: Place, deed: str) -> None:
    refund = sent_back(place)
    if deed == "let_go":
        service.let_go_asked(**place.here, refund_id=refund.id)
    else:
        paid = {"settled_at": datetime.now(UTC), "evidence": "virement 12"}
        service.settle_asked(**place.here, refund_id=refund.id, **paid)
    refund.refresh_from_db()
    assert refund.state == {"let_go": "planned", "settle": "succeeded"}[deed]
    assert to_do(place) == []
    with pytest.raises(Refusal) as refused:
        again(place, refund)
    assert refused.value.code == "not_sent_back"


def test_RK5_it_says_why_and_is_answered_in_words(place: Place) -> None:
    row = asked(place)
    for because, code in (("  ", "say_why"), ("x" * 5001, "text_too_long")):
        with pytest.raises(Refusal) as refused:
            service.send_back_asked(**place.here, refund_id=row["id"], because=because)
        assert (refused.value.code, refused.value.field) == (code, "because")
    with pytest.raises(Refusal) as refused:
        service.ask_service_again(**place.there, refund_id=row["id"], answer="Voilà.")
    assert refused.value.code == "not_sent_back"
    refund = sent_back(place)
    with pytest.raises(Refusal) as refused:
        again(place, refund, " ")
    assert (refused.value.code, refused.value.field) == ("say_why", "answer")


def test_RK5_every_step_stands_in_both_histories(place: Place) -> None:
    refund = sent_back(place)
    again(place, refund)
    kinds = Step.objects.filter(marketplace=place.marketplace, subject_id=refund.id).order_by("id")
    assert list(kinds.values_list("kind", flat=True)) == ["service.sent_back", "service.asked_again"]
    told = Event.of(place.merchant.id).filter(subject_id=refund.id).order_by("id")
    assert [each for each in told.values_list("kind", flat=True) if each != "refund.planned"] == [
        "refund.asked",
        "refund.sent_back",
        "service.sent_back",
        "refund.asked",
        "service.asked_again",
    ]
    assert all(WHY not in str(facts) for facts in told.values_list("facts", flat=True))


def test_another_marketplace_and_another_merchant_find_nothing(place: Place) -> None:
    row = asked(place)
    elsewhere = {**place.here, "marketplace_id": a_marketplace("Ailleurs").id}
    with pytest.raises(Refusal) as refused:
        service.send_back_asked(**elsewhere, refund_id=row["id"], because=WHY)
    assert refused.value.code == "not_found"
    refund = sent_back(place)
    stranger = {**place.there, "merchant_id": place.marketplace.house_id}
    with pytest.raises(Refusal) as refused:
        service.ask_service_again(**stranger, refund_id=refund.id, answer="Voilà.")
    assert refused.value.code == "not_found"


def test_RK5_sent_back_and_let_go_at_once_each_happens_once_at_most(place: Place) -> None:
    row = asked(place)
    back = partial(service.send_back_asked, **place.here, refund_id=row["id"], because=WHY)
    let_go = partial(service.let_go_asked, **place.here, refund_id=row["id"])
    refused = codes(at_once(back, let_go, back, let_go))
    refund = Refund.of(place.merchant.id).get(id=row["id"])
    was_back = refund.sent_back_at is not None
    # Let go first, there is nothing to send back; sent back first, it is let go without the answer.
    assert (refund.state, refused) == ("planned", ["not_settleable"] * (2 if was_back else 3))
    assert len(place.letters("sent_back")) == was_back


def test_RK5_asked_again_at_once_it_is_asked_once(place: Place) -> None:
    refund = sent_back(place)
    asking = [partial(again, place, refund, f"Réponse {n}.") for n in range(4)]
    assert codes(at_once(*asking)) == ["not_sent_back"] * 3
    assert Event.of(place.merchant.id).filter(subject_id=refund.id, kind="refund.asked").count() == 2
