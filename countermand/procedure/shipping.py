"""« Expédier 2, annuler 1 » in one go: what is called off and what leaves, both or neither (EM-9, EM-11)."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from countermand import sql
from countermand.cancellations.actions import Confirmed
from countermand.orders.actions.fulfil import fulfil
from countermand.payments import ledger as ledgers
from countermand.refusals import Refusal

Answer = TypeVar("Answer")


@sql.verb
def cancel_and_ship(
    *,
    merchant_id: int,
    order_id: UUID,
    cancel: Callable[[], Answer],
    carrier: str = "",
    tracking: str = "",
    by: str,
    at: datetime,
) -> Answer:
    """This will call units off by `cancel`, and in the same transaction ship all that is then open of the order.

    Nothing is shipped where nothing was called off just now: done before, or waiting for a second person.
    Refuses what the cancel and `fulfil` refuse (`nothing_to_ship`), and then has done neither.
    """
    if order_id not in ledgers.lock(merchant_id=merchant_id, order_ids=[order_id]):
        raise Refusal("not_found", "no such order")
    answer = cancel()
    if isinstance(answer, Refusal):
        raise answer
    if isinstance(answer, Confirmed):
        parcel = {"reference": f"avec-{answer.id.hex[-12:]}", "carrier": carrier, "tracking": tracking}
        if answer.plan.empties:
            raise Refusal("nothing_to_ship", "nothing is left to send")
        fulfil(merchant_id=merchant_id, order_id=order_id, fulfilment=parcel, by=by, at=at)
    return answer
