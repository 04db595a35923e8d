"""The platform verifies the payment of an order, or ends it: what opens, what is called off, and what counts."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from countermand.cancellations.models import Cancellation
from countermand.events.models import Event
from countermand.orders.models import Order
from countermand.overview.orders import order_list, order_page
from countermand.payments.models import Payment
from countermand.performance.queries import rate_of
from countermand.refusals import Refusal
from countermand.verification.actions import fail, verify
from countermand.verification.jobs import end_verifications
from countermand.verification.models import Verdict
from tests.actions.terms_desk import a_pending_order


def said(merchant: Any, order_id: UUID, **more: Any) -> dict[str, Any]:
    return {"merchant_id": merchant.id, "order_id": order_id, "by": "test", "at": datetime.now(UTC), **more}


def found(merchant: Any, q: str) -> list[str]:
    return [row["id"] for row in order_list(merchant_id=merchant.id, q=q)["items"]]


def test_AZ12_once_verified_an_order_is_open_found_and_shown_with_its_buyer(merchant: Any) -> None:
    order_id = a_pending_order(merchant, email="zelda@example.org")
    assert found(merchant, "zelda") == []

    verify(**said(merchant, order_id))

    page = order_page(merchant_id=merchant.id, order_id=order_id)
    assert page["status"] == "open" and page["customer"]["email"] == "zelda@example.org"
    assert {"cancel", "fulfil"} <= set(page["actions"])
    assert found(merchant, "zelda") == [str(order_id)]


def test_AZ12_a_second_verdict_is_refused_and_changes_nothing(merchant: Any) -> None:
    order_id = a_pending_order(merchant)
    verify(**said(merchant, order_id))

    for verb in (verify, fail):
        with pytest.raises(Refusal) as refused:
            verb(**said(merchant, order_id))
        assert refused.value.code == "already_verified"
    assert Verdict.of(merchant.id).filter(order_id=order_id).count() == 1


def test_AZ11_what_failed_is_called_off_by_the_platform_and_its_buyer_stays_hidden(merchant: Any) -> None:
    order_id = a_pending_order(merchant, email="zelda@example.org")

    fail(**said(merchant, order_id))

    page = order_page(merchant_id=merchant.id, order_id=order_id)
    assert page["status"] == "cancelled" and page["customer_hidden"] and page["customer"]["email"] == ""
    cancelled = Cancellation.of(merchant.id).get(order_id=order_id)
    assert (cancelled.initiated_by, cancelled.reason) == ("platform", "payment_declined")
    assert not cancelled.counts_in_rate and not cancelled.notify
    assert found(merchant, "zelda") == []


def test_AZ11_what_never_was_verified_leaves_the_rate_as_it_was(merchant: Any) -> None:
    order_id = a_pending_order(merchant)
    from countermand.payments import ledger

    book = ledger.read(merchant_id=merchant.id, order_ids=[order_id], locked=False)[order_id]

    def rate() -> str:
        at = datetime.now(UTC)
        return rate_of(merchant_id=merchant.id, channel=book.channel, terms=book.terms, at=at).before

    before = rate()
    fail(**said(merchant, order_id))
    assert rate() == before


def test_AZ11_authorised_money_is_let_go(merchant: Any) -> None:
    order_id = a_pending_order(merchant)
    fail(**said(merchant, order_id))

    from countermand.refunds.jobs import drain

    drain(at=datetime.now(UTC))
    assert Payment.of(merchant.id).get(shares__order_id=order_id).state == "voided"


def test_AZ14_on_the_last_day_the_platform_calls_it_off_and_not_before(merchant: Any) -> None:
    now = datetime.now(UTC)
    last = a_pending_order(merchant, placed_at=(now - timedelta(days=21)).isoformat())
    day_before = a_pending_order(merchant, placed_at=(now - timedelta(days=20, hours=23)).isoformat())

    end_verifications(at=now)

    assert Order.of(merchant.id).get(id=last).status == "cancelled"
    assert Order.of(merchant.id).get(id=day_before).status == "pending"
    assert Verdict.of(merchant.id).get(order_id=last).how == "ran_out"
    told = Event.of(merchant.id).get(order_id=last, kind="order.verification_failed")
    assert told.facts["how"] == "ran_out"


def test_AZ14_ended_twice_it_is_called_off_once(merchant: Any) -> None:
    old = (datetime.now(UTC) - timedelta(days=30)).isoformat()
    order_id = a_pending_order(merchant, placed_at=old)

    for _ in range(2):
        end_verifications(at=datetime.now(UTC))

    assert Cancellation.of(merchant.id).filter(order_id=order_id).count() == 1


def test_AZ14_where_the_terms_know_no_verification_nothing_runs_out(merchant: Any) -> None:
    old = (datetime.now(UTC) - timedelta(days=200)).isoformat()
    order_id = a_pending_order(merchant, "own_shop", placed_at=old)

    end_verifications(at=datetime.now(UTC))

    assert Order.of(merchant.id).get(id=order_id).status == "pending"


def test_AZ14_the_page_says_until_when(merchant: Any) -> None:
    order_id = a_pending_order(merchant, placed_at="2026-11-20T10:00:00+01:00")

    [clock] = [
        each
        for each in order_page(merchant_id=merchant.id, order_id=order_id)["clocks"]
        if each["kind"] == "verification"
    ]
    assert datetime.fromisoformat(clock["due_at"]) == datetime(2026, 12, 11, 9, tzinfo=UTC)


def test_RK1_verified_but_not_accepted_an_order_waits_for_its_acceptance(merchant: Any) -> None:
    order_id = a_pending_order(merchant, "rakuten_france", accepted=False)

    verify(**said(merchant, order_id))

    assert Order.of(merchant.id).get(id=order_id).status == "awaiting_acceptance"


def test_a_note_that_is_too_long_and_an_order_that_is_not_there_are_refused(merchant: Any) -> None:
    order_id = a_pending_order(merchant)
    with pytest.raises(Refusal) as refused:
        verify(**said(merchant, order_id, note="x" * 5001))
    assert refused.value.code == "text_too_long" and refused.value.field == "note"
    with pytest.raises(Refusal) as refused:
        fail(**said(merchant, UUID(int=1)))
    assert refused.value.code == "not_found"
