"""A buyer withdraws from what has left: a return on legal ground, its clock running since the buyer said so."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from countermand.buyer_requests.actions import approve_request
from countermand.buyer_requests.models import BuyerRequest
from countermand.cancellations.actions import Confirmed
from countermand.cancellations.ask import Ask
from countermand.cancellations.undo import undo
from countermand.correspondence.models import Message
from countermand.orders.actions import fulfil
from countermand.orders.models import Order
from countermand.refunds.models import Refund
from countermand.refusals import Refusal
from countermand.returns.actions import Arrived, Both, Verdict, receive_return
from countermand.returns.models import Return, ReturnLine
from tests.actions.asking import BY, Asking
from tests.actions.refund_desk import at_once, drain_until_quiet

LINES = [("MUG-BLEU", 3, "10.00"), ("BOL-VERT", 1, "20.00")]


def sent(merchant: Any, *units: tuple[str, int], **request: Any) -> tuple[Asking, Any, BuyerRequest]:
    """An order of 3 mugs and a bowl of which some left, and the buyer's withdrawal from it."""
    asking = Asking(merchant, "own_shop")
    order = asking.order(days_ago=4, lines=LINES)
    if units:
        parcel = {
            "shipped_at": datetime.now(UTC) - timedelta(days=3),
            "lines": [{"line": line, "quantity": quantity} for line, quantity in units],
        }
        fulfil(merchant_id=merchant.id, order_id=order, fulfilment=parcel, by=BY, at=datetime.now(UTC))
    return asking, order, asking.asks(order, kind="withdrawal", route="email", **request)


def approved(merchant: Any, request: BuyerRequest, **ask: Any) -> Any:
    ask.setdefault("reason", "")
    at = datetime.now(UTC)
    return approve_request(merchant_id=merchant.id, request_id=request.id, ask=Ask(**ask), by=BY, at=at)


def units_back(merchant: Any) -> list[int]:
    """How many units of each line are asked back."""
    return list(ReturnLine.of(merchant.id).order_by("id").values_list("asked", flat=True))


def test_SH16_a_withdrawal_from_what_left_becomes_a_return_at_one_press(merchant: Any) -> None:
    said = datetime.now(UTC) - timedelta(days=1)
    asking, order, request = sent(merchant, ("1", 3), ("2", 1), requested_at=said)
    done = approved(merchant, request)
    assert isinstance(done, Both)
    assert done.cancelled is None
    made = Return.of(merchant.id).get()
    assert (made.kind, made.state, made.reason) == ("withdrawal", "asked", "customer_changed_mind")
    assert made.informed_at == said
    again = asking.now(request)
    assert (again.state, again.return_id, again.cancellation_id) == ("approved", made.id, None)
    assert asking.open_requests(order) == 0
    assert Order.of(merchant.id).get(id=order).to_give_back_minor == 0
    mail = Message.of(merchant.id).get(order_id=order, kind="return")
    assert [line["quantity"] for line in mail.facts["lines"]] == [3, 1]


def test_SH16_once_it_is_back_the_money_is_due_fourteen_days_after_the_buyer_said_so(merchant: Any) -> None:
    said = datetime.now(UTC) - timedelta(days=2)
    _asking, order, request = sent(merchant, ("1", 3), ("2", 1), requested_at=said)
    approved(merchant, request)
    made = Return.of(merchant.id).get()
    assert made.due_on is None
    receive_return(
        merchant_id=merchant.id,
        return_id=made.id,
        arrived=Arrived(),
        verdict=Verdict(condition="as_new"),
        by=BY,
        at=datetime.now(UTC),
    )
    made.refresh_from_db()
    assert made.due_article == "C. conso L221-24"
    assert made.due_on is not None
    assert abs((made.due_on - (said + timedelta(days=14)).date()).days) <= 1
    drain_until_quiet()
    assert Order.of(merchant.id).get(id=order).refunded_minor == 5000


def test_SH16_of_a_part_shipped_order_the_rest_is_called_off_and_the_sent_asked_back(merchant: Any) -> None:
    asking, order, request = sent(merchant, ("1", 2))
    done = approved(merchant, request)
    assert isinstance(done.cancelled, Confirmed)
    assert [(line.reference, line.cancelled) for line in done.cancelled.plan.ledger.lines] == [
        ("1", 1),
        ("2", 1),
    ]
    again, made = asking.now(request), Return.of(merchant.id).get()
    assert (again.state, again.cancellation_id, again.return_id) == ("approved", done.cancelled.id, made.id)
    assert units_back(merchant) == [2]
    assert Refund.of(merchant.id).get(order_id=order).amount_minor == 3000


def test_SH16_only_the_units_that_the_buyer_names_come_back(merchant: Any) -> None:
    _asking, _order, request = sent(merchant, ("1", 3), lines=(("1", 1),))
    done = approved(merchant, request)
    assert done.cancelled is None
    assert units_back(merchant) == [1]


def test_SH16_what_has_not_left_is_cancelled_as_before(merchant: Any) -> None:
    asking, _order, request = sent(merchant)
    assert isinstance(approved(merchant, request), Confirmed)
    assert not Return.of(merchant.id).exists()
    assert asking.now(request).return_id is None


def test_SH16_a_wish_to_cancel_what_left_is_no_withdrawal(merchant: Any) -> None:
    asking, order, _request = sent(merchant, ("1", 3), ("2", 1))
    wish = asking.asks(order, route="email")
    with pytest.raises(Refusal) as refusal:
        approved(merchant, wish)
    assert refusal.value.code == "already_shipped"


def test_SH16_pressed_twice_at_once_there_is_one_return(merchant: Any) -> None:
    _asking, _order, request = sent(merchant, ("1", 3))
    answers = at_once([partial(approved, merchant, request)] * 4)
    assert sum(isinstance(each, Both) for each in answers) == 1
    assert {each.code for each in answers if isinstance(each, Refusal)} == {"already_decided"}
    assert Return.of(merchant.id).count() == 1


def test_SH16_undone_the_request_asks_again_and_the_return_stays(merchant: Any) -> None:
    asking, _order, request = sent(merchant, ("1", 2))
    done = approved(merchant, request, undo_seconds=60)
    undo(merchant_id=merchant.id, cancellation_id=done.cancelled.id, by=BY, at=datetime.now(UTC))
    assert asking.now(request).state == "open"
    again = approved(merchant, request)
    assert isinstance(again, Confirmed)
    assert Return.of(merchant.id).count() == 1
    assert asking.now(request).state == "approved"
