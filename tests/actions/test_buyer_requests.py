"""Requests of buyers, recorded by staff: official or not, what a cancellation for one counts, and how one ends."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from countermand.buyer_requests.actions import (
    approve_request,
    decline_request,
    make_official,
    withdraw_request,
)
from countermand.cancellations.actions import Confirmed, confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation
from countermand.cancellations.undo import undo
from countermand.correspondence.models import Letter, Message
from countermand.orders.models import Order
from countermand.refusals import Refusal
from tests.actions.asking import BY, Asking


def approved(asking: Asking, request: Any, **ask: Any) -> Confirmed:
    ask.setdefault("reason", "")
    done = approve_request(
        merchant_id=asking.merchant.id,
        request_id=request.id,
        ask=Ask(**ask),
        by=BY,
        at=datetime.now(UTC),
    )
    assert isinstance(done, Confirmed)
    return done


def test_AZ6_an_official_request_with_the_buyers_reason_does_not_count(merchant: Any) -> None:
    asking = Asking(merchant)
    order = asking.order()
    request = asking.asks(order)
    assert request.official
    assert asking.open_requests(order) == 1
    done = approved(asking, request)
    assert (done.plan.counts_in_rate, done.plan.counts_why) == (False, "official_request")
    assert done.plan.ask.initiated_by == "buyer"
    again = asking.now(request)
    assert (again.state, again.cancellation_id, again.answered_by) == ("approved", done.id, BY)
    assert asking.open_requests(order) == 0
    assert Order.of(merchant.id).get(id=order).counted_cancellations == 0


def test_AZ6_another_reason_counts(merchant: Any) -> None:
    asking = Asking(merchant)
    done = approved(asking, asking.asks(asking.order()), reason="out_of_stock")
    assert (done.plan.counts_in_rate, done.plan.counts_why) == (True, "other_reason")


@pytest.mark.parametrize(("units", "counts"), [(1, False), (2, False), (3, True)])
def test_AZ6_more_units_than_were_asked_for_count(merchant: Any, units: int, counts: bool) -> None:
    asking = Asking(merchant)
    request = asking.asks(asking.order(), lines=(("1", 2),))
    done = approved(asking, request, lines=(("1", units),))
    assert done.plan.counts_in_rate is counts


def test_AZ7_a_message_alone_is_unofficial_and_counts(merchant: Any) -> None:
    asking = Asking(merchant)
    request = asking.asks(asking.order(), route="message", comment="Je ne la veux plus")
    assert not request.official
    done = approved(asking, request)
    assert (done.plan.counts_in_rate, done.plan.counts_why) == (True, "no_official_request")


def test_AZ7_once_asked_officially_it_no_longer_counts(merchant: Any) -> None:
    asking = Asking(merchant)
    request = asking.asks(asking.order(), route="message")
    at = datetime.now(UTC)
    made = make_official(merchant_id=merchant.id, request_id=request.id, route="official", by=BY, at=at)
    assert made.official
    assert not approved(asking, request).plan.counts_in_rate


@pytest.mark.parametrize(
    ("route", "case", "official"),
    [
        ("customer_service", "CS-1", True),
        ("customer_service", "", False),
        ("message", "CS-1", True),
        ("message", "", False),
    ],
)
def test_RK8_official_is_what_customer_service_has_a_case_for(
    merchant: Any, route: str, case: str, official: bool
) -> None:
    asking = Asking(merchant, "rakuten_france")
    request = asking.asks(asking.order(), route=route, kind="withdrawal", case_reference=case)
    assert request.official is official
    done = approved(asking, request, message="Selon votre demande.")
    assert done.plan.counts_in_rate is not official
    assert done.plan.commission == ("reversed" if official else "kept")


def test_RK8_a_case_that_comes_after_the_cancellation_does_not_precede_it(merchant: Any) -> None:
    asking = Asking(merchant, "rakuten_france")
    at = datetime.now(UTC)
    request = asking.asks(
        asking.order(),
        route="customer_service",
        case_reference="CS-2",
        case_at=at + timedelta(minutes=4),
        at=at,
    )
    done = approved(asking, request, message="Selon votre demande.")
    assert (done.plan.counts_in_rate, done.plan.counts_why) == (True, "no_case")


def test_RK8_the_case_stays_with_the_cancellation_as_evidence(merchant: Any) -> None:
    asking = Asking(merchant, "rakuten_france")
    opened = datetime.now(UTC) - timedelta(hours=5)
    request = asking.asks(asking.order(), route="customer_service", case_reference="CS-3", case_at=opened)
    done = approved(asking, request, message="Selon votre demande.")
    kept = Cancellation.of(merchant.id).get(id=done.id)
    assert (kept.case_reference, kept.case_at, kept.request_id) == ("CS-3", opened, request.id)


def test_SH19_in_a_shop_of_ones_own_the_buyer_asks_and_staff_answer(merchant: Any) -> None:
    asking = Asking(merchant, "own_shop")
    order = asking.order(days_ago=0)
    request = asking.asks(order, route="phone", comment="Trop cher finalement")
    assert (request.state, request.official) == ("open", True)
    assert Order.of(merchant.id).get(id=order).status == "open"


@pytest.mark.parametrize(("minutes", "state"), [(29, "approved"), (30, "open")])
def test_AZ5_within_the_grace_it_is_called_off_at_once(merchant: Any, minutes: int, state: str) -> None:
    asking = Asking(merchant)
    placed = datetime.now(UTC) - timedelta(hours=1)
    order = asking.order(placed_at=placed.isoformat())
    asked = placed + timedelta(minutes=minutes)
    request = asking.asks(order, requested_at=asked)
    assert request.state == state
    found = Cancellation.of(merchant.id).filter(order_id=order).first()
    if state == "approved":
        assert found is not None and not found.counts_in_rate
    else:
        assert found is None


def test_AZ7_a_message_within_the_grace_is_read_by_people(merchant: Any) -> None:
    asking = Asking(merchant)
    assert asking.asks(asking.order(days_ago=0), route="message").state == "open"


def test_AZ6_the_merchants_own_cancel_is_held_by_an_open_request(merchant: Any) -> None:
    asking = Asking(merchant)
    order = asking.order()
    request = asking.asks(order)
    common: dict[str, Any] = {
        "merchant_id": merchant.id, "order_id": order, "by": BY, "at": datetime.now(UTC)
    }  # fmt: skip
    with pytest.raises(Refusal) as refused:
        confirm(ask=Ask(reason="out_of_stock"), **common)
    assert (refused.value.code, refused.value.status) == ("held_by_request", 409)
    assert refused.value.facts == {"request": str(request.id), "official": True}
    done = confirm(ask=Ask(reason="out_of_stock", despite_request=True), **common)
    assert done.plan.counts_in_rate
    # Nothing of it is left to ask for.
    assert (asking.now(request).state, asking.open_requests(order)) == ("expired", 0)


def test_AZ6_a_part_called_off_besides_leaves_the_request_open(merchant: Any) -> None:
    asking = Asking(merchant)
    order = asking.order()
    request = asking.asks(order)
    confirm(
        merchant_id=merchant.id,
        order_id=order,
        ask=Ask(reason="out_of_stock", lines=(("1", 1),), despite_request=True),
        by=BY,
        at=datetime.now(UTC),
    )
    assert (asking.now(request).state, asking.open_requests(order)) == ("open", 1)


def test_AZ5_an_undone_cancellation_opens_its_request_again(merchant: Any) -> None:
    asking = Asking(merchant, "own_shop")
    order = asking.order()
    first, second = asking.asks(order), asking.asks(order, route="message")
    done = approved(asking, first, undo_seconds=60)
    assert [asking.now(each).state for each in (first, second)] == ["approved", "expired"]
    undo(merchant_id=merchant.id, cancellation_id=done.id, by=BY, at=datetime.now(UTC))
    assert [asking.now(each).state for each in (first, second)] == ["open", "open"]
    assert asking.open_requests(order) == 2


def test_AZ5_an_answer_is_given_once(merchant: Any) -> None:
    asking = Asking(merchant)
    request = asking.asks(asking.order())
    approved(asking, request)
    with pytest.raises(Refusal) as refused:
        approved(asking, request)
    assert refused.value.code == "already_decided"
    with pytest.raises(Refusal):
        withdraw_request(merchant_id=merchant.id, request_id=request.id, by=BY, at=datetime.now(UTC))


def test_AZ5_declined_and_withdrawn_leave_the_order_as_it_is(merchant: Any) -> None:
    asking = Asking(merchant)
    order = asking.order()
    one, two = asking.asks(order, lines=(("1", 1),)), asking.asks(order, lines=(("1", 2),))
    common: dict[str, Any] = {"merchant_id": merchant.id, "by": BY, "at": datetime.now(UTC)}
    decline_request(request_id=one.id, reason="Déjà au colis", message="Il part.", **common)
    withdraw_request(request_id=two.id, **common)
    withdraw_request(request_id=two.id, **common)
    assert [asking.now(each).state for each in (one, two)] == ["declined", "withdrawn"]
    assert asking.open_requests(order) == 0
    assert Order.of(merchant.id).get(id=order).status == "open"


def test_AZ9_an_official_request_is_written_to_the_shop(merchant: Any) -> None:
    merchant.reply_to = "boutique@example.org"
    merchant.save()
    asking = Asking(merchant)
    asking.asks(asking.order(), route="message")
    assert not Letter.of(merchant.id).filter(kind="request").exists()
    request = asking.asks(asking.order(number="AZ-77"), comment="Commandé deux fois")
    letter = Letter.of(merchant.id).get(kind="request")
    assert (letter.recipient, letter.subject_id) == ("boutique@example.org", request.id)
    assert "AZ-77" in letter.subject and "n'expédiez pas" in letter.subject
    assert "Commandé deux fois" in letter.text


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"route": "pigeon"}, "unknown_route"),
        ({"kind": "return"}, "unknown_kind"),
        ({"reason": "humeur"}, "unknown_reason"),
        ({"lines": (("9", 1),)}, "unknown_line"),
        ({"lines": (("1", 4),)}, "quantity_too_large"),
        ({"lines": ()}, "invalid_lines"),
        ({"comment": "x" * 5001}, "text_too_long"),
        ({"case_at": datetime.now(UTC)}, "case_reference_required"),
        ({"requested_at": datetime.now(UTC) + timedelta(days=1)}, "in_future"),
    ],
)
def test_AZ5_what_cannot_be_read_is_refused(merchant: Any, wish: dict[str, Any], code: str) -> None:
    asking = Asking(merchant)
    order = asking.order()
    with pytest.raises(Refusal) as refused:
        asking.asks(order, **wish)
    assert refused.value.code == code
    assert asking.open_requests(order) == 0


@pytest.mark.parametrize("terms", ["own_shop", "merchant_space", "rakuten_france", "amazon"])
def test_AZ20_a_no_is_written_to_the_buyer_once(merchant: Any, terms: str) -> None:
    asking = Asking(merchant, terms)
    order = asking.order()
    request = asking.asks(order, route="message")
    for _ in range(2):
        decline_request(
            merchant_id=merchant.id,
            request_id=request.id,
            reason="Déjà au colis",
            message="Votre colis part ce soir. Refusez-le, et nous vous remboursons.",
            by=BY,
            at=datetime.now(UTC),
        )
    sent = Message.of(merchant.id).get(order_id=order)
    assert (sent.kind, sent.state) == ("reply", "planned")
    assert sent.facts["text"].startswith("Votre colis part ce soir.")


def test_RK4_a_no_that_is_too_long_for_the_channel_is_not_given(merchant: Any) -> None:
    asking = Asking(merchant, "rakuten_france")
    request = asking.asks(asking.order(), route="message")
    with pytest.raises(Refusal) as refused:
        decline_request(
            merchant_id=merchant.id,
            request_id=request.id,
            reason="Déjà au colis",
            message="x" * 401,
            by=BY,
            at=datetime.now(UTC),
        )
    assert (refused.value.code, refused.value.field) == ("message_too_long", "message")
    assert asking.now(request).state == "open"
