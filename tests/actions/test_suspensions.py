"""RK-10: a suspension is proposed by the desk and decided by a person, answered to, lifted, or ended by the clock."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from countermand.channels.models import Channel
from countermand.channels.selling import sells
from countermand.correspondence.models import Letter
from countermand.events.models import Event
from countermand.marketplace.deciding import (
    answer,
    appeal,
    carry_suspensions,
    decide,
    dismiss,
    lift,
    propose,
)
from countermand.marketplace.models import Step, Suspension
from countermand.refusals import Refusal
from tests.actions.place import Place, a_marketplace, seated

DAY = timedelta(days=1)


@pytest.fixture
def place(merchant: Any) -> Place:
    made = seated(merchant)
    made.sales(20, cancelled=1)
    made.judged()
    return made


def proposed(place: Place) -> Suspension:
    return Suspension.of(place.merchant.id).get(state="proposed")


def suspended(place: Place, *, days: int = 7, wait: timedelta = timedelta(0)) -> Suspension:
    start = datetime.now(UTC) + wait
    return decide(
        **place.here,
        suspension_id=proposed(place).id,
        starts_at=start,
        ends_at=start + days * DAY,
        reason="Trop d'annulations depuis un mois.",
    )


def sells_now(place: Place, *, after: timedelta = timedelta(0)) -> bool:
    channel = Channel.of(place.merchant.id).get(id=place.seat.channel_id)
    return sells(channel, at=datetime.now(UTC) + after)


def carried(*, at: datetime) -> None:
    """Other tests' suspensions are carried along: this one's state is looked at afterwards."""
    while carry_suspensions(at=at):
        pass


def code(raised: Any) -> str:
    return str(raised.value.code)


def test_RK10_a_proposal_alone_suspends_nothing(place: Place) -> None:
    assert proposed(place).state == "proposed" and sells_now(place)


def test_RK10_a_person_decides_with_start_end_and_reason(place: Place) -> None:
    made = suspended(place)
    assert (made.state, made.decided_by) == ("running", "op@halles.example")
    assert not sells_now(place)
    [letter] = place.letters("suspension")
    assert letter.subject.startswith("Vos ventes sur Les Halles en ligne sont suspendues du ")
    for said in (
        "Trop d'annulations depuis un mois.",
        "Vos commandes ouvertes restent à honorer",
        "/place-de-marche",
    ):
        assert said in letter.text.replace("\n", " ")
    # The merchant's history begins with the decision; the marketplace's own journal knows of the proposal too.
    mine = Event.of(place.merchant.id).filter(subject_id=made.id).values_list("kind", flat=True)
    assert list(mine) == ["suspension.decided"]
    journal = Step.objects.filter(subject_id=made.id).order_by("id").values_list("kind", flat=True)
    assert list(journal) == ["suspension.proposed", "suspension.decided"]


def test_RK10_it_needs_a_reason_and_an_end_after_its_start(place: Place) -> None:
    asked: dict[str, Any] = {**place.here, "suspension_id": proposed(place).id}
    now = datetime.now(UTC)
    for wrong, expected in (
        ({"starts_at": now, "ends_at": now + DAY, "reason": "  "}, "say_why"),
        ({"starts_at": now, "ends_at": now - DAY, "reason": "x"}, "wrong_period"),
        ({"starts_at": now - 3 * DAY, "ends_at": now - DAY, "reason": "x"}, "wrong_period"),
        ({"starts_at": now, "ends_at": now + 400 * DAY, "reason": "x"}, "wrong_period"),
        ({"starts_at": now, "ends_at": now + DAY, "reason": "x" * 5001}, "text_too_long"),
    ):
        with pytest.raises(Refusal) as refused:
            decide(**asked, **wrong)
        assert code(refused) == expected
    assert sells_now(place)


def test_RK10_it_ends_by_itself_at_the_very_second_and_the_worker_says_so(place: Place) -> None:
    made = suspended(place, days=7)
    assert not sells_now(place, after=7 * DAY - timedelta(minutes=1))
    assert sells_now(place, after=7 * DAY)  # before any worker came by
    carried(at=made.ends_at - timedelta(seconds=1))
    made.refresh_from_db()
    assert made.state == "running"
    carried(at=made.ends_at)
    made.refresh_from_db()
    assert made.state == "ended" and sells_now(place)
    assert len(place.letters("suspension")) == 2
    assert place.letters("suspension")[-1].subject.endswith("est terminée")


def test_RK10_one_that_begins_later_holds_from_its_start(place: Place) -> None:
    made = suspended(place, wait=2 * DAY)
    assert made.state == "decided"
    assert sells_now(place) and not sells_now(place, after=2 * DAY + timedelta(minutes=1))
    carried(at=datetime.now(UTC) + 3 * DAY)
    made.refresh_from_db()
    assert made.state == "running"


def test_RK10_it_is_lifted_early_with_a_reason(place: Place) -> None:
    made = suspended(place)
    lift(**place.here, suspension_id=made.id, reason="Stock corrigé, merci.")
    made.refresh_from_db()
    assert (made.state, made.closed_because) == ("lifted", "Stock corrigé, merci.")
    assert sells_now(place)
    assert place.letters("suspension")[-1].subject.endswith("est levée")
    with pytest.raises(Refusal) as refused:
        lift(**place.here, suspension_id=made.id, reason="encore")
    assert code(refused) == "suspension_over"


def test_RK10_a_decision_is_taken_once(place: Place) -> None:
    made = suspended(place)
    for again in (
        lambda: dismiss(**place.here, suspension_id=made.id, reason="non"),
        lambda: decide(
            **place.here,
            suspension_id=made.id,
            starts_at=datetime.now(UTC),
            ends_at=datetime.now(UTC) + DAY,
            reason="encore",
        ),
    ):
        with pytest.raises(Refusal) as refused:
            again()
        assert code(refused) == "already_decided"


def test_RK10_a_dismissed_proposal_is_not_made_again_for_the_same_crossing(place: Place) -> None:
    dismiss(**place.here, suspension_id=proposed(place).id, reason="Erreur d'un fournisseur.")
    place.judged(later=2)
    place.judged(later=4)
    assert list(Suspension.of(place.merchant.id).values_list("state", flat=True)) == ["dismissed"]
    assert place.letters("suspension") == []  # the merchant was never threatened with it


def test_RK10_a_manager_may_propose_by_hand_but_not_beside_one_that_is_open(place: Place) -> None:
    with pytest.raises(Refusal) as refused:
        propose(**place.here, seat_id=place.seat.id)
    assert code(refused) == "already_suspended"
    dismiss(**place.here, suspension_id=proposed(place).id, reason="vu")
    made = propose(**place.here, seat_id=place.seat.id)
    assert (made.state, made.proposed_by, made.alert_id) == ("proposed", "op@halles.example", None)


def test_RK10_the_merchant_appeals_once_and_a_person_answers(place: Place) -> None:
    made = suspended(place)
    with pytest.raises(Refusal) as refused:
        answer(**place.here, suspension_id=made.id, lifts=False, text="rien à dire")
    assert code(refused) == "nothing_appealed"
    appeal(**place.there, suspension_id=made.id, text="Notre fournisseur a fait faillite.")
    with pytest.raises(Refusal) as refused:
        appeal(**place.there, suspension_id=made.id, text="Et encore.")
    assert code(refused) == "already_appealed"
    answer(**place.here, suspension_id=made.id, lifts=False, text="Changez de fournisseur d'abord.")
    made.refresh_from_db()
    assert (made.state, made.answered) == ("running", "upheld") and not sells_now(place)
    assert "Changez de fournisseur" in place.letters("suspension")[-1].text
    with pytest.raises(Refusal) as refused:
        answer(**place.here, suspension_id=made.id, lifts=True, text="finalement")
    assert code(refused) == "appeal_answered"


def test_RK10_an_appeal_that_convinces_lifts_it(place: Place) -> None:
    made = suspended(place)
    appeal(**place.there, suspension_id=made.id, text="C'était une erreur de votre côté.")
    answer(**place.here, suspension_id=made.id, lifts=True, text="C'est vrai.")
    made.refresh_from_db()
    assert (made.state, made.answered, made.closed_because) == ("lifted", "lifted", "C'est vrai.")
    assert sells_now(place)
    # One letter for the decision, one for its end: the answer is not told twice.
    assert len(place.letters("suspension")) == 2


def test_RK10_what_is_over_is_not_appealed(place: Place) -> None:
    made = suspended(place)
    lift(**place.here, suspension_id=made.id, reason="ok")
    with pytest.raises(Refusal) as refused:
        appeal(**place.there, suspension_id=made.id, text="trop tard")
    assert code(refused) == "suspension_over"
    with pytest.raises(Refusal) as refused:
        appeal(**place.there, suspension_id=proposed_again(place).id, text="trop tôt")
    assert code(refused) == "suspension_over"


def proposed_again(place: Place) -> Suspension:
    return propose(**place.here, seat_id=place.seat.id)


def test_RK10_another_marketplace_decides_nothing_here(place: Place) -> None:
    stranger = {**place.here, "marketplace_id": a_marketplace("Ailleurs").id}
    made = proposed(place)
    now = datetime.now(UTC)
    for verb in (
        lambda: decide(**stranger, suspension_id=made.id, starts_at=now, ends_at=now + DAY, reason="x"),
        lambda: dismiss(**stranger, suspension_id=made.id, reason="x"),
        lambda: lift(**stranger, suspension_id=made.id, reason="x"),
        lambda: answer(**stranger, suspension_id=made.id, lifts=True, text="x"),
        lambda: propose(**stranger, seat_id=place.seat.id),
    ):
        with pytest.raises(Refusal) as refused:
            verb()
        assert code(refused) == "not_found"


def test_RK10_open_orders_are_handled_as_if_nothing_were(place: Place) -> None:
    from countermand.intake.actions import Received, receive
    from countermand.orders.actions.fulfil import fulfil
    from tests.builders import order_body

    shipped, cancelled = place.sales(2)
    suspended(place)
    common: dict[str, Any] = {"merchant_id": place.merchant.id, "by": "test", "at": datetime.now(UTC)}
    fulfil(
        **common, order_id=shipped, fulfilment={"reference": "f1", "lines": [{"line": "1", "quantity": 1}]}
    )
    assert place.call_off(cancelled).id
    # Intake never refuses: what was sold elsewhere just before still comes in.
    late = order_body(channel=place.seat.channel.code)
    assert isinstance(
        receive(merchant_id=place.merchant.id, body=late, by="t", at=datetime.now(UTC)), Received
    )


def test_RK10_letters_leave_under_the_marketplaces_name(place: Place) -> None:
    suspended(place)
    for letter in Letter.of(place.merchant.id):
        assert (letter.from_name, letter.reply_to) == ("Les Halles", "vendeurs@halles.example")


def test_RK10_while_it_runs_the_channel_lists_nothing_as_sellable(place: Place) -> None:
    from countermand.access.tokens import issue
    from countermand.stock.actions import put_item
    from tests.api.conftest import Api

    put_item(**place.there, sku="VASE", fields={"title": "Vase", "on_hand": 4})
    api = Api(issue(merchant_id=place.merchant.id, name="caisse", role="viewer"))
    suspended(place)
    here, elsewhere, plain = (
        api.get(f"/items/VASE{asked}").json() for asked in ("?channel=halles", "?channel=boutique", "")
    )
    assert (here["sellable"], here["listing"]) == (0, "suspended")
    assert (
        (elsewhere["sellable"], elsewhere["listing"])
        == (4, "on_sale")
        == (plain["sellable"], plain["listing"])
    )
    assert api.get("/channels/halles").json()["suspended_until"] is not None
    assert {row["listing"] for row in api.get("/items?channel=halles").json()["items"]} == {"suspended"}


def vases(place: Place) -> None:
    """Two of a kind, so that one can be proposed for the other."""
    from countermand.stock.actions import put_item

    for sku, colour in (("VASE-B", "bleu"), ("VASE-R", "rouge")):
        fields = {"title": sku, "on_hand": 4, "product": "VASE", "options": {"couleur": colour}}
        fields |= {"interchangeable": ["couleur"], "price": "10.00", "currency": "EUR"}
        put_item(**place.there, sku=sku, fields=fields)


def offered(place: Place) -> str:
    """What a proposal of another vase is refused with; "" when it is made."""
    from countermand.offers.actions import make_offer

    [order_id] = place.sales(1, sku="VASE-B")
    try:
        make_offer(**place.there, order_id=order_id, line="1", sku="VASE-R", quantity=1)
    except Refusal as refusal:
        return refusal.code
    return ""


def test_RK10_while_it_runs_nothing_new_is_proposed_on_the_channel(merchant: Any) -> None:
    place = seated(merchant, terms="merchant_space")
    vases(place)
    place.sales(20, cancelled=1)
    place.judged()
    assert offered(place) == ""
    suspended(place)
    assert offered(place) == "channel_suspended"


def test_EM4_where_the_platform_speaks_with_the_buyer_nothing_is_proposed(place: Place) -> None:
    vases(place)
    assert offered(place) == "terms_forbid"
