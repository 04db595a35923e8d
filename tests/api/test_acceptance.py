"""RK-1 to RK-3 through the API: accepted with 202, refused at once, and what a second decision is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

from countermand.payments import jobs
from tests.api.conftest import Api
from tests.builders import order_body

LINES = (("MUG-BLEU", 3, "12.30"), ("BOL-VERT", 1, "18.90"))


def sale(api: Api, **more: Any) -> dict[str, Any]:
    """This will open a channel whose sales are accepted, and take one in."""
    channel = {
        "code": "rk",
        "name": "RK",
        "terms": "rakuten_france",
        "timezone": "Europe/Paris",
        "mode": "test",
    }
    api.post("/channels", channel)
    body = order_body(lines=LINES, channel="rk", paid="authorized", accepted=False, **more)
    made = api.post("/orders", body)
    assert made.status_code == 201, made.json()
    return made.json()


def drain() -> None:
    jobs.drain(at=datetime.now(UTC))


def test_RK3_accepting_answers_202_and_the_order_opens_when_the_money_came(api: Api) -> None:
    order = sale(api)
    assert (order["status"], order["payment_status"]) == ("awaiting_acceptance", "authorized")
    assert {"accept", "refuse"} <= set(order["actions"]) and "cancel" not in order["actions"]

    answer = api.post(f"/orders/{order['id']}/accept")
    assert (answer.status_code, answer.json()["status"]) == (202, "accepting")
    drain()

    order = api.get(f"/orders/{order['id']}").json()
    assert (order["status"], order["payment_status"], order["accepted"]) == ("open", "paid", True)
    assert order["money"]["captured"] == "55.80"
    assert "order.accepted" in [each["kind"] for each in order["timeline"]]
    assert order["clocks"] == []


def test_RK3_declined_money_is_in_the_timeline(api: Api) -> None:
    order = sale(api, reference="decline")
    api.post(f"/orders/{order['id']}/accept")
    drain()
    order = api.get(f"/orders/{order['id']}").json()
    assert order["status"] == "awaiting_acceptance"
    assert any(each["kind"].endswith("capture_failed") for each in order["timeline"])


def test_RK1_units_are_refused_and_stand_on_their_lines(api: Api) -> None:
    order = sale(api)
    answer = api.post(f"/orders/{order['id']}/refuse", {"lines": [{"line": "1", "quantity": 2}]})
    assert answer.status_code == 200
    [mugs, bowl] = answer.json()["lines"]
    assert (mugs["ordered"], mugs["cancelled"], mugs["refused"], mugs["open"]) == (3, 2, 2, 1)
    assert bowl["refused"] == 0
    assert answer.json()["status"] == "awaiting_acceptance"

    whole = api.post(f"/orders/{order['id']}/refuse").json()
    assert (whole["status"], whole["cancellations"]) == ("refused", [])
    assert [(each["kind"], each["amount"]) for each in whole["refunds"]] == [("void", "55.80")]


def test_RK1_cancelling_is_not_offered_before(api: Api) -> None:
    order = sale(api)
    answer = api.post(f"/orders/{order['id']}/cancellations", {"reason": "out_of_stock", "message": "désolé"})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_accepted_yet")


def test_a_second_decision_is_named(api: Api) -> None:
    order = sale(api)
    path = f"/orders/{order['id']}"
    key = {"Idempotency_Key": "a-1"}
    assert api.post(f"{path}/accept", **key).status_code == 202
    again = api.post(f"{path}/accept", **key)
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (202, "true")
    for verb in ("accept", "refuse"):
        answer = api.post(f"{path}/{verb}")
        assert (answer.status_code, answer.json()["code"]) == (409, "in_progress")
    drain()
    for verb in ("accept", "refuse"):
        assert api.post(f"{path}/{verb}").json()["code"] == "already_accepted"

    gone = sale(api)
    api.post(f"/orders/{gone['id']}/refuse")
    for verb in ("accept", "refuse"):
        assert api.post(f"/orders/{gone['id']}/{verb}").json()["code"] == "already_cancelled"


def test_units_that_are_not_there(api: Api) -> None:
    order = sale(api)
    for lines, code in (
        ([{"line": "7", "quantity": 1}], "unknown_line"),
        ([{"line": "1", "quantity": 4}], "quantity_too_large"),
    ):
        answer = api.post(f"/orders/{order['id']}/accept", {"lines": lines})
        assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_until_when_a_sale_is_to_be_decided_stands_among_the_clocks(api: Api) -> None:
    placed = datetime.now(UTC).replace(microsecond=0)
    order = sale(api, placed_at=placed.isoformat())
    [clock] = order["clocks"]
    assert clock["kind"] == "acceptance"
    assert datetime.fromisoformat(clock["due_at"]) == placed + timedelta(hours=72)
