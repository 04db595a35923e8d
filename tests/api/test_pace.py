"""How fast a token may ask, and what is answered when something else holds what is asked for."""

import threading
from uuid import UUID

import pytest
from django.db import connection, transaction

from countermand import sql
from countermand.api.pace import Buckets
from countermand.api.problems import Problem

from .conftest import Api, placed, problem_of

ONE, OTHER = UUID(int=1), UUID(int=2)


def test_a_token_may_ask_two_seconds_worth_at_once_and_then_at_its_rate() -> None:
    buckets = Buckets(10)
    for _ in range(20):
        buckets.check(ONE, now=100.0)
    with pytest.raises(Problem) as refused:
        buckets.check(ONE, now=100.0)
    assert (refused.value.status, refused.value.headers["Retry-After"]) == (429, "1")
    buckets.check(OTHER, now=100.0)
    buckets.check(ONE, now=100.125)
    with pytest.raises(Problem):
        buckets.check(ONE, now=100.125)


def test_a_rate_of_0_is_none() -> None:
    buckets = Buckets(0)
    for _ in range(10_000):
        buckets.check(ONE, now=100.0)


def test_an_order_that_something_else_holds_is_in_progress(api: Api) -> None:
    order = placed(api)
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                sql.tuples('SELECT 1 FROM "order" WHERE id = %s FOR UPDATE', (order["id"],))
                holding.set()
                done.wait(30)
        finally:
            connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    holding.wait(10)
    try:
        answer = api.post(f"/orders/{order['id']}/cancellations", {"reason": "other"})
        problem_of(answer, 409, "in_progress")
        assert int(answer.headers["Retry-After"]) > 0
    finally:
        done.set()
        holder.join()
    assert api.post(f"/orders/{order['id']}/cancellations", {"reason": "other"}).status_code == 201
