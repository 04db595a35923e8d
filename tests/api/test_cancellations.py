"""Calling off over REST, with the worked example of the contract."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from countermand import sql

from .conftest import Api, placed, problem_of


def test_the_worked_example_two_of_three_units_are_worth_21_26(api: Api) -> None:
    order = placed(api)
    assert order["lines"][0]["unit_amounts"] == ["10.63", "10.63", "10.64"]
    body = {"lines": [{"line": "1", "quantity": 2}], "reason": "out_of_stock"}

    plan = api.post(f"/orders/{order['id']}/cancellations/preview", body)
    assert plan.status_code == 200, plan.content
    assert plan.json()["refund"]["amount"] == "21.26"

    sure = body | {"plan": plan.json()["plan"], "expected_refund": "21.26"}
    done = api.post(f"/orders/{order['id']}/cancellations", sure)
    assert done.status_code == 201, done.content
    said = done.json()
    assert said["refund"]["amount"] == "21.26"
    assert said["order"] == {"status": "open", "payment_status": "refund_pending"}
    assert api.get(f"/cancellations/{said['id']}").json()["refund"]["amount"] == "21.26"


def test_a_cancellation_costs_at_most_ten_statements(api: Api) -> None:
    order = placed(api)
    raw: list[str] = []
    with sql.watched(raw.append), CaptureQueriesContext(connection) as orm:
        done = api.post(
            f"/orders/{order['id']}/cancellations", {"reason": "out_of_stock"}, Idempotency_Key="k1"
        )
    assert done.status_code == 201, done.content
    others = [
        query["sql"] for query in orm.captured_queries if not query["sql"].startswith(("BEGIN", "COMMIT"))
    ]
    assert not others
    assert len(raw) <= 8, raw


def test_what_moved_since_the_preview_is_answered_with_the_new_plan(api: Api) -> None:
    order: dict[str, Any] = placed(api)
    path = f"/orders/{order['id']}/cancellations"
    old = api.post(f"{path}/preview", {"reason": "out_of_stock"}).json()
    assert api.post(path, {"reason": "budget", "lines": [{"line": "1", "quantity": 1}]}).status_code == 201
    said = problem_of(api.post(path, {"reason": "out_of_stock", "plan": old["plan"]}), 409, "plan_changed")
    assert said["plan"]["plan"] != old["plan"]
    again = api.post(path, {"reason": "out_of_stock", "plan": said["plan"]["plan"]})
    assert again.status_code == 201, again.content
    assert again.json()["refund"]["amount"] == said["plan"]["refund"]["amount"]
