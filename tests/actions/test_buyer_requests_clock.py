"""Requests that nobody answers, requests of orders that are over, and answers that meet each other."""

import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection

from countermand import sql
from countermand.buyer_requests.actions import approve_request, decline_request, withdraw_request
from countermand.buyer_requests.jobs import drain, end_requests
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation
from countermand.correspondence.models import Letter
from countermand.orders.models import Order
from countermand.refusals import Refusal
from tests.actions.asking import BY, Asking

DAY = timedelta(days=1)


def events(merchant: Any, kind: str) -> int:
    statement = "SELECT count(*) FROM event WHERE merchant_id = %s AND kind = %s"
    return int(sql.tuples(statement, (merchant.id, kind))[0][0])


@pytest.mark.parametrize(("terms", "days"), [("own_shop", 2), ("merchant_space", 2), ("amazon", 2)])
def test_AZ22_a_request_that_nobody_answers_is_brought_up_again_once(
    merchant: Any, terms: str, days: int
) -> None:
    merchant.reply_to = "boutique@example.org"
    merchant.save()
    asking = Asking(merchant, terms)
    order = asking.order()
    request = asking.asks(order, route="message")
    assert request.due_at == request.requested_at + days * DAY
    before = Letter.of(merchant.id).count()
    drain(at=request.due_at - timedelta(seconds=1))
    assert asking.now(request).reminded_at is None
    for _ in range(3):
        drain(at=request.due_at)
    again = asking.now(request)
    assert (again.state, again.reminded_at, again.due_at) == ("open", request.due_at, None)
    assert events(merchant, "request.reminded") == 1
    assert Letter.of(merchant.id).count() == before + 1
    assert Order.of(merchant.id).get(id=order).status == "open"


@pytest.mark.parametrize(("case", "counts"), [("", True), ("CS-9", False)])
def test_RK8_under_rakuten_three_days_without_an_answer_call_it_off(
    merchant: Any, case: str, counts: bool
) -> None:
    asking = Asking(merchant, "rakuten_france")
    order = asking.order()
    request = asking.asks(order, route="customer_service" if case else "message", case_reference=case)
    assert request.due_at == request.requested_at + 3 * DAY
    for _ in range(2):
        drain(at=request.due_at)
    again = asking.now(request)
    assert (again.state, again.answered_by) == ("approved", "clock")
    done = Cancellation.of(merchant.id).get(order_id=order)
    assert (done.id, done.initiated_by, done.counts_in_rate) == (again.cancellation_id, "buyer", counts)
    assert done.message  # what this channel wants to be told to the buyer


def test_AZ22_what_can_no_longer_be_called_off_is_brought_up(merchant: Any) -> None:
    from countermand.orders.actions.fulfil import fulfil

    asking = Asking(merchant, "rakuten_france")
    order = asking.order()
    request = asking.asks(order, route="message")
    fulfil(
        merchant_id=merchant.id,
        order_id=order,
        fulfilment={"reference": "f1", "lines": [{"line": "1", "quantity": 3}]},
        by=BY,
        at=datetime.now(UTC),
    )
    drain(at=request.due_at)
    again = asking.now(request)
    assert (again.state, again.reminded_at) == ("open", request.due_at)


def test_AZ5_requests_of_a_refused_sale_are_over(merchant: Any) -> None:
    asking = Asking(merchant)
    order, other = asking.order(), asking.order()
    request, stays = asking.asks(order), asking.asks(other)
    Order.of(merchant.id).filter(id=order).update(status="refused")
    try:
        for _ in range(2):
            end_requests(at=datetime.now(UTC))
        assert (asking.now(request).state, asking.now(stays).state) == ("expired", "open")
        assert (asking.open_requests(order), asking.open_requests(other)) == (0, 1)
        assert events(merchant, "request.expired") == 1
    finally:
        Order.of(merchant.id).filter(id=order).update(status="open")


def test_AZ5_of_many_answers_at_once_one_is_given(merchant: Any) -> None:
    asking = Asking(merchant)
    for _ in range(8):
        order = asking.order()
        request = asking.asks(order)
        common: dict[str, Any] = {"merchant_id": merchant.id, "by": BY, "at": datetime.now(UTC)}
        about = {"request_id": request.id, **common}
        wish = Ask(reason="budget", initiated_by="buyer", request_id=request.id)
        runs = [
            partial(approve_request, ask=Ask(reason=""), **about),
            partial(approve_request, ask=Ask(reason=""), **about),
            partial(confirm, order_id=order, ask=wish, **common),
            partial(confirm, order_id=order, ask=Ask(reason="out_of_stock"), **common),
            partial(decline_request, reason="parti", **about),
            partial(withdraw_request, **about),
        ]
        answers = at_once(runs)
        again = asking.now(request)
        standing = Cancellation.of(merchant.id).filter(order_id=order)
        if again.state == "approved":
            assert [each.request_id for each in standing] == [request.id]
        else:
            # The merchant's own cancel may come after the answer that freed it.
            assert again.state in ("declined", "withdrawn", "expired")
            assert standing.filter(request_id=request.id).count() == 0
        assert asking.open_requests(order) == 0
        assert all(isinstance(each, Refusal) or each is None for each in answers), Counter(map(repr, answers))


def at_once(runs: list[Any]) -> list[BaseException | None]:
    start, raised = threading.Barrier(len(runs)), [None] * len(runs)

    def go(i: int) -> None:
        try:
            start.wait(10)
            runs[i]()
        except BaseException as error:
            raised[i] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(i,)) for i in range(len(runs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return list(raised)
