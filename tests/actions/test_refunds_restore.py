"""After a restore the books are older than the world: look up first, and never pay twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

from countermand.correspondence.models import Message
from countermand.payments.models import Payment
from countermand.refunds.models import Refund
from countermand.worker.after_restore import hold_outgoing
from tests.actions.refund_desk import (
    drain_until_quiet,
    give_back,
    one_refund,
    provider_says,
    state_of,
)
from tests.builders import an_order


def test_a_refund_that_was_paid_after_the_backup_is_found_and_not_paid_again(merchant: Any) -> None:
    paid = one_refund(merchant, an_order(merchant), amount="5.00", notify=False)
    drain_until_quiet(rounds=1)
    # As the backup has it: planned, with nothing called yet.
    at = datetime.now(UTC)
    Refund.of(merchant.id).filter(id=paid.id).update(state="planned", tries=0, settled_at=None)
    paid.refresh_from_db()
    order = paid.order
    order.refunded_minor, order.in_flight_minor, order.payment_status = 0, 500, "refund_pending"
    order.save()
    asked = one_refund(merchant, an_order(merchant), amount="3.00", notify=False)
    Refund.of(merchant.id).filter(id=asked.id).update(
        state="sent", lease_until=at + timedelta(minutes=5), tries=1
    )
    hold_outgoing()
    assert state_of(asked) == "unknown"
    assert Payment.of(merchant.id).filter(confirmed_at=None).count() == 2
    drain_until_quiet()
    assert (state_of(paid), state_of(asked)) == ("succeeded", "succeeded")
    assert provider_says(paid)["refunded"] == "5.00"
    assert provider_says(paid)["calls"] == 1


def test_a_refund_that_the_backup_never_knew_stops_the_next_one(merchant: Any) -> None:
    order = an_order(merchant)
    lost = one_refund(merchant, order, amount="5.00", notify=False)
    drain_until_quiet(rounds=1)
    known = Payment.of(merchant.id).get()
    # As if the first refund had never been in these books: its money is unaccounted for.
    Payment.of(merchant.id).update(reserved_minor=0)
    hold_outgoing()
    again = one_refund(merchant, order, amount="4.00", notify=False)
    drain_until_quiet(rounds=2)
    assert (state_of(again), again.error) == ("failed", "refunded_elsewhere")
    Payment.of(merchant.id).update(reserved_minor=known.reserved_minor)
    assert state_of(lost) == "succeeded"


def test_mails_that_may_have_left_wait_for_a_person(merchant: Any) -> None:
    give_back(merchant, an_order(merchant), amount="1.00")
    drain_until_quiet(rounds=1)
    hold_outgoing()
    mail = Message.of(merchant.id).get()
    assert (mail.state, mail.error) == ("failed", "restored")
