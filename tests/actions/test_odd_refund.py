"""One refund whose outcome cannot be written holds up no other refund of its merchant."""

from datetime import UTC, datetime, timedelta
from typing import Any

from countermand import sql
from countermand.refunds.jobs import drain
from countermand.refunds.models import Refund
from tests.actions.test_worker import cancelled

IN_FLIGHT = 'UPDATE "order" SET in_flight_minor = in_flight_minor + %s WHERE merchant_id = %s AND id = %s'


def test_an_odd_refund_holds_up_no_other(merchant: Any) -> None:
    made = [cancelled(merchant, number=str(n)) for n in range(4)]
    odd = Refund.of(merchant.id).get(cancellation_id=made[1])
    # As no program of ours leaves it: nothing of its order is on its way, so that its success breaks the books' rules.
    sql.execute(IN_FLIGHT, (-odd.amount_minor, merchant.id, odd.order_id))
    at = datetime.now(UTC) + timedelta(seconds=1)
    drain(at=at)
    states = dict(Refund.of(merchant.id).values_list("cancellation_id", "state"))
    assert [states[one] for one in made] == ["succeeded", "sent", "succeeded", "succeeded"]
    # Put right, it goes on: the look-up finds what the provider did the first time.
    sql.execute(IN_FLIGHT, (odd.amount_minor, merchant.id, odd.order_id))
    drain(at=at + timedelta(minutes=5))
    assert set(Refund.of(merchant.id).values_list("state", flat=True)) == {"succeeded"}
