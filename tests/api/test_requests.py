"""Requests of buyers through the API: recorded, listed, approved with a cancellation, declined, withdrawn."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from countermand import sql
from tests.api.conftest import Api, placed, problem_of
from tests.api.documented import models, undeclared


@pytest.fixture
def amazon(api: Api) -> Api:
    """A shop with a channel under amazon's terms."""
    body = {"code": "amz", "name": "Amazon", "terms": "amazon", "timezone": "Europe/Paris", "mode": "test"}
    assert api.post("/channels", body).status_code == 201
    return api


def asked(api: Api, **wish: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """An order, and what its buyer asks."""
    order = placed(api, channel="amz")
    answer = api.post(f"/orders/{order['id']}/requests", {"route": "official"} | wish)
    assert answer.status_code == 201, answer.content
    return order, answer.json()


def declared(method: str, path: str, answer: Any) -> None:
    model = models()[method, path, answer.status_code]
    assert undeclared(TypeAdapter(model).validate_json(answer.content)) == []


def test_AZ9_an_official_request_is_seen_on_the_order_in_lists_and_in_the_history(amazon: Api) -> None:
    order, request = asked(amazon, comment="Commandé deux fois")
    assert (request["official"], request["state"], request["number"]) == (True, "open", order["number"])
    shown = amazon.get(f"/orders/{order['id']}").json()
    assert [each["id"] for each in shown["requests"]] == [request["id"]]
    assert shown["requests"][0]["comment"] == "Commandé deux fois"
    assert shown["open_requests"] == 1
    listed = amazon.get("/orders?q=request:open").json()["items"]
    assert [(row["id"], row["open_requests"]) for row in listed] == [(order["id"], 1)]
    assert "request.received" in [each["kind"] for each in shown["timeline"]]


def test_AZ6_approve_cancels_as_asked_and_does_not_count(amazon: Api) -> None:
    order, request = asked(amazon, lines=[{"line": "1", "quantity": 2}])
    done = amazon.post(f"/requests/{request['id']}/approve", {})
    assert done.status_code == 201, done.content
    declared("POST", "/requests/{request_id}/approve", done)
    body = done.json()
    assert (body["initiated_by"], body["counts_in_rate"]) == ("buyer", False)
    assert [(line["line"], line["quantity"]) for line in body["lines"]] == [("1", 2)]
    assert (body["request"]["state"], body["request"]["cancellation"]) == ("approved", body["id"])
    assert amazon.get(f"/orders/{order['id']}").json()["open_requests"] == 0
    problem_of(amazon.post(f"/requests/{request['id']}/approve", {}), 409, "already_decided")


def test_AZ6_a_cancellation_that_names_the_request_answers_it(amazon: Api) -> None:
    order, request = asked(amazon)
    path = f"/orders/{order['id']}/cancellations"
    wish = {"reason": "customer_changed_mind", "request": request["id"]}
    plan = amazon.post(f"{path}/preview", wish).json()
    assert (plan["counts_in_rate"], plan["initiated_by"]) == (False, "buyer")
    done = amazon.post(path, {**wish, "plan": plan["plan"]}, Idempotency_Key="k")
    assert done.status_code == 201, done.content
    again = amazon.post(path, {**wish, "plan": plan["plan"]}, Idempotency_Key="k")
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (done.json(), "true")
    assert amazon.get(f"/requests/{request['id']}").json()["state"] == "approved"
    assert amazon.get(f"/requests/{request['id']}").json()["cancellation"] == done.json()["id"]


@pytest.mark.parametrize("request_id", ["req_1", "01234567-89ab-7def-8123-456789abcdef"])
def test_AZ6_a_request_that_is_not_there_is_named(amazon: Api, request_id: str) -> None:
    order, _request = asked(amazon)
    wish = {"reason": "budget", "request": request_id}
    problem_of(amazon.post(f"/orders/{order['id']}/cancellations", wish), 422, "unknown_request")


def test_AZ6_an_open_request_holds_other_cancellations(amazon: Api) -> None:
    order, _request = asked(amazon)
    path = f"/orders/{order['id']}/cancellations"
    problem_of(amazon.post(path, {"reason": "out_of_stock"}), 409, "held_by_request")
    done = amazon.post(path, {"reason": "out_of_stock", "despite_request": True})
    assert (done.status_code, done.json()["counts_in_rate"]) == (201, True)


def test_AZ6_naming_a_request_costs_three_statements_at_most(amazon: Api) -> None:
    counts = []
    for named in (False, True):
        order = placed(amazon, channel="amz")
        wish: dict[str, Any] = {"reason": "budget"}
        if named:
            asked_for = amazon.post(f"/orders/{order['id']}/requests", {"route": "official"}).json()
            wish["request"] = asked_for["id"]
        seen: list[str] = []
        with sql.watched(seen.append):
            assert amazon.post(f"/orders/{order['id']}/cancellations", wish).status_code == 201
        counts.append(len(seen))
    assert counts[1] - counts[0] <= 3  # answered, told in the order's row, written into the history


def test_AZ5_lists_go_on_page_by_page_the_longest_waiting_first(amazon: Api) -> None:
    now = datetime.now(UTC)
    made = [
        asked(amazon, requested_at=(now - timedelta(hours=hours)).isoformat())[1]["id"] for hours in (3, 9, 6)
    ]
    expected = [made[1], made[2], made[0]]
    first = amazon.get("/requests?state=open&limit=2")
    declared("GET", "/requests", first)
    rest = amazon.get(f"/requests?state=open&limit=2&cursor={first.json()['next']}").json()
    assert [row["id"] for row in first.json()["items"] + rest["items"]] == expected
    assert rest["next"] is None
    problem_of(amazon.get(f"/requests?limit=2&cursor={first.json()['next']}"), 422, "cursor_differs")
    problem_of(amazon.get("/requests?state=offen"), 422, "unknown_state")
    assert [row["id"] for row in amazon.get("/requests").json()["items"]] == expected[::-1]


def test_AZ7_declined_with_a_reason_and_withdrawn_twice(amazon: Api) -> None:
    order, one = asked(amazon, route="message", lines=[{"line": "1", "quantity": 1}])
    two = amazon.post(f"/orders/{order['id']}/requests", {"route": "phone"}).json()
    problem_of(amazon.post(f"/requests/{one['id']}/decline", {}), 422, "reason_required")
    no = amazon.post(f"/requests/{one['id']}/decline", {"reason": "au colis", "message": "Il part ce soir."})
    assert (no.json()["state"], no.json()["answer"]) == ("declined", "au colis")
    for _ in range(2):
        assert amazon.post(f"/requests/{two['id']}/withdraw").json()["state"] == "withdrawn"
    assert amazon.get(f"/orders/{order['id']}").json()["open_requests"] == 0


def test_AZ7_a_request_becomes_official_once_it_was_asked_officially(amazon: Api) -> None:
    _order, request = asked(amazon, route="message")
    path = f"/requests/{request['id']}/official"
    problem_of(amazon.post(path, {}), 422, "still_unofficial")
    made = amazon.post(path, {"route": "official", "evidence": "e-mail du 22"})
    assert (made.status_code, made.json()["official"]) == (200, True)


def test_SH12_a_rule_holds_an_approval_and_the_request_stays_open(amazon: Api, token_of: Any) -> None:
    amazon.put("/approval-rules", {"rules": [{"kind": "amount", "above": "1"}]})
    _order, request = asked(amazon)
    agent, manager = Api(token_of("agent")), Api(token_of("manager"))
    held = agent.post(f"/requests/{request['id']}/approve", {})
    assert held.status_code == 202, held.content
    waits = held.json()["approval"]["id"]
    assert (held.json()["request"]["state"], held.json()["request"]["approval"]) == ("open", waits)
    again = agent.post(f"/requests/{request['id']}/approve", {})
    assert again.json()["approval"]["id"] == waits
    assert manager.post(f"/approvals/{waits}/approve").status_code == 200
    shown = amazon.get(f"/requests/{request['id']}").json()
    assert (shown["state"], shown["approval"]) == ("approved", None)
    done = amazon.get(f"/cancellations/{shown['cancellation']}").json()
    assert done["counts_in_rate"] is False


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "required"),
        ({"route": "pigeon"}, "unknown_route"),
        ({"route": "official", "kind": "envie"}, "unknown_kind"),
        ({"route": "official", "wann": "jetzt"}, "unknown_field"),
        ({"route": "official", "requested_at": "2026-11-20T10:00:00"}, "naive_time"),
        ({"route": "official", "lines": [{"line": "9", "quantity": 1}]}, "unknown_line"),
    ],
)
def test_AZ5_bad_input_is_named(amazon: Api, body: dict[str, Any], code: str) -> None:
    order = placed(amazon, channel="amz")
    said = problem_of(amazon.post(f"/orders/{order['id']}/requests", body), 422)
    assert code in (said["code"], *(each["code"] for each in said["errors"]))


def test_AZ11_the_buyers_words_are_hidden_as_long_as_the_buyer_is(amazon: Api) -> None:
    order = placed(amazon, channel="amz", verification="pending")
    answer = amazon.post(
        f"/orders/{order['id']}/requests", {"route": "message", "comment": "Zoé, 0612345678"}
    )
    problem_of(answer, 409, "not_verified_yet")


def test_AZ5_another_merchants_request_is_not_there(amazon: Api, stranger: Api) -> None:
    order, request = asked(amazon)
    for path in ("approve", "decline", "withdraw", "official"):
        problem_of(stranger.post(f"/requests/{request['id']}/{path}", {"reason": "x"}
                                 if path in ("decline",) else {}), 404, "not_found")  # fmt: skip
    problem_of(stranger.get(f"/requests/{request['id']}"), 404, "not_found")
    problem_of(stranger.post(f"/orders/{order['id']}/requests", {"route": "phone"}), 404, "not_found")
