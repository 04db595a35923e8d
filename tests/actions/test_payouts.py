"""Payouts and commission as the platform counts them, with what proves each entry."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from countermand.payouts.models import PayoutAccount, PayoutEntry
from countermand.payouts.working_out import paid_out, work_out
from tests.actions.refund_desk import at_once, drain_until_quiet, give_back
from tests.actions.service_desk import a_channel, a_sale, call_off, release, the_refund
from tests.actions.webhook_desk import all_committed


def count_up(merchant: Any) -> int:
    """Works out until the history is read."""
    all_committed()
    read = 0
    places = paid_out(merchant_id=merchant.id).get(merchant.id, {})
    while more := work_out(merchant_id=merchant.id, channels=places, at=datetime.now(UTC)):
        read += more
    return read


def entries(merchant: Any, order_id: UUID) -> list[tuple[str, int]]:
    found = PayoutEntry.of(merchant.id).filter(order_id=order_id).order_by("number")
    return list(found.values_list("kind", "amount_minor"))


def test_RK5_the_payout_of_a_cancelled_sale_is_cancelled(merchant: Any) -> None:
    order = a_sale(merchant, a_channel(merchant, "rakuten_france"))
    count_up(merchant)
    assert entries(merchant, order) == [("sale", 3000), ("commission", -450)]
    made = call_off(merchant, order, lines=(("1", 1),))
    count_up(merchant)
    assert entries(merchant, order)[2:] == [("reversal", -1000), ("commission_kept", 0)]
    release(merchant, the_refund(merchant, made))
    drain_until_quiet()
    count_up(merchant)
    assert len(entries(merchant, order)) == 4
    assert count_up(merchant) == 0


def test_RK13_a_case_that_came_before_gives_the_commission_back_with_its_evidence(merchant: Any) -> None:
    order = a_sale(merchant, a_channel(merchant, "rakuten_france"))
    before = datetime.now(UTC) - timedelta(hours=2)
    made = call_off(
        merchant,
        order,
        lines=(("1", 2),),
        initiated_by="buyer",
        reason="customer_changed_mind",
        official_request=True,
        case_reference="SC-77",
        case_at=before,
    )
    late = call_off(merchant, order, case_reference="SC-78", case_at=datetime.now(UTC) + timedelta(hours=1))
    count_up(merchant)
    assert entries(merchant, order) == [
        ("sale", 3000),
        ("commission", -450),
        ("reversal", -2000),
        ("commission_back", 300),
        ("reversal", -1000),
        ("commission_kept", 0),
    ]
    back = PayoutEntry.of(merchant.id).get(cancellation_id=made.id, kind="commission_back")
    assert back.evidence["case_reference"] == "SC-77"
    assert datetime.fromisoformat(back.evidence["case_at"]) == before
    assert (back.evidence["initiated_by"], back.evidence["official"]) == ("buyer", True)
    kept = PayoutEntry.of(merchant.id).get(cancellation_id=late.id, kind="commission_kept")
    assert kept.about_minor == 150


@pytest.mark.parametrize("terms", ["merchant_space", "amazon"])
def test_what_the_terms_reverse_is_reversed_with_its_commission(merchant: Any, terms: str) -> None:
    order = a_sale(merchant, a_channel(merchant, terms), verification="verified")
    call_off(merchant, order)
    drain_until_quiet()
    count_up(merchant)
    assert entries(merchant, order) == [
        ("sale", 3000),
        ("commission", -450),
        ("reversal", -3000),
        ("commission_back", 450),
    ]


def test_AZ15_a_later_refund_is_taken_off_once(merchant: Any) -> None:
    order = a_sale(merchant, a_channel(merchant, "amazon"), verification="verified")
    call_off(merchant, order, lines=(("1", 1),), when="later")
    count_up(merchant)
    give_back(merchant, order)
    give_back(merchant, order, amount="5.00")
    drain_until_quiet()
    count_up(merchant)
    assert entries(merchant, order)[2:] == [
        ("reversal", -1000),
        ("commission_back", 150),
        ("refund", -500),
        ("commission_back", 75),
    ]


def test_what_is_within_its_undo_window_has_not_happened_yet(merchant: Any) -> None:
    order = a_sale(merchant, a_channel(merchant, "rakuten_france"))
    call_off(merchant, order, undo_seconds=60)
    count_up(merchant)
    assert entries(merchant, order) == [("sale", 3000), ("commission", -450)]


def test_a_shop_of_ones_own_has_no_payouts(merchant: Any) -> None:
    order = a_sale(merchant, "boutique")
    call_off(merchant, order)
    assert paid_out(merchant_id=merchant.id) == {}
    count_up(merchant)
    assert not PayoutAccount.of(merchant.id).filter(order_id=order).exists()


def test_a_merchants_own_rate_holds_from_the_sale_on(merchant: Any) -> None:
    order = a_sale(merchant, a_channel(merchant, "merchant_space", commission_rate="8.50"))
    count_up(merchant)
    assert entries(merchant, order) == [("sale", 3000), ("commission", -255)]


def test_two_workers_at_once_write_each_entry_once(merchant: Any) -> None:
    orders = [a_sale(merchant, a_channel(merchant, "rakuten_france")) for _ in range(5)]
    for order in orders:
        call_off(merchant, order)
    at_once([lambda: count_up(merchant)] * 3)
    count_up(merchant)
    for order in orders:
        assert len(entries(merchant, order)) == 4
