"""Returns and parcels called back through the API (SH-16, AZ-4, AZ-18)."""

from typing import Any

from tests.api.conftest import Api, placed, problem_of


def sent(api: Api, *, confirmed: bool = True) -> dict[str, Any]:
    """An order of three mugs, all sent in one parcel."""
    order: dict[str, Any] = placed(api)
    parcel = {"reference": "f1", "confirmed": confirmed, "carrier": "Colissimo", "tracking": "6A1"}
    assert api.post(f"/orders/{order['id']}/fulfilments", parcel).status_code == 201
    return order


def money_of(api: Api, order: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = api.get(f"/orders/{order['id']}").json()["money"]
    return found


def test_SH16_asked_received_and_given_back(api: Api) -> None:
    order = sent(api)
    made = api.post(
        f"/orders/{order['id']}/returns", {"lines": [{"line": "1", "quantity": 2}], "reason": "doubt"}
    )
    assert made.status_code == 201, made.json()
    there = f"/returns/{made.json()['id']}"
    assert (made.json()["state"], made.json()["lines"][0]["asked"]) == ("asked", 2)
    body = {"lines": [{"line": "1", "quantity": 2}], "condition": "as_new", "restocking_fee": "1.00"}
    came = api.post(f"{there}/receive", body)
    assert came.status_code == 200, came.json()
    found = came.json()
    assert (found["state"], found["refund"]["when"]) == ("inspected", "later")
    assert found["restocking_fee"] == "1.00"
    # Owed, and moved only when somebody says so.
    assert money_of(api, order)["to_give_back"] == found["refund"]["amount"]
    assert api.post(f"/orders/{order['id']}/refunds").status_code == 201
    again = api.post(f"{there}/receive", body)
    problem_of(again, 409, "return_over")
    line = api.get(f"/orders/{order['id']}").json()["lines"][0]
    assert (line["returned"], line["restocked"]) == (2, 2 if line["stock_kept"] else 0)
    assert api.get("/returns?state=open").json()["items"][0]["id"] == found["id"]
    assert api.get(there).json() == found


def test_SH16_refund_now_goes_at_once(api: Api) -> None:
    order = sent(api)
    made = api.post(f"/orders/{order['id']}/returns").json()
    found = api.post(f"/returns/{made['id']}/receive", {"condition": "damaged", "refund": "now"}).json()
    assert (found["state"], found["refund"]["when"]) == ("done", "now")
    assert money_of(api, order)["to_give_back"] == "0.00"


def test_SH16_counted_in_now_and_inspected_later(api: Api) -> None:
    order = sent(api)
    made = api.post(f"/orders/{order['id']}/returns", {"kind": "withdrawal"}).json()
    there = f"/returns/{made['id']}"
    problem_of(api.post(f"{there}/inspect", {"condition": "used"}), 409, "not_received")
    assert api.post(f"{there}/receive").json()["state"] == "received"
    found = api.post(
        f"{there}/inspect", {"condition": "used", "restocking_fee": "2.00", "refund": "now"}
    ).json()
    assert (found["state"], found["fee_ground"]) == ("done", "loss_of_value")


def test_SH16_bad_input_is_refused_by_name(api: Api) -> None:
    order = placed(api)
    problem_of(api.post(f"/orders/{order['id']}/returns"), 409, "nothing_shipped")
    order = sent(api)
    there = f"/orders/{order['id']}/returns"
    problem_of(api.post(there, {"lines": [{"line": "9"}]}), 422, "unknown_line")
    problem_of(api.post(there, {"lines": [{"line": "1", "quantity": 9}]}), 422, "quantity_too_large")
    problem_of(api.post(there, {"reason": "weather"}), 422, "unknown_reason")
    problem_of(api.post(there, {"lines": []}), 422, "invalid_lines")
    made = api.post(there).json()
    came = f"/returns/{made['id']}/receive"
    problem_of(api.post(came, {"lines": [{"line": "1", "quantity": 9}]}), 422, "quantity_too_large")
    problem_of(api.post(came, {"condition": "as_new", "restocking_fee": "999.00"}), 422, "fee_not_allowed")
    problem_of(api.post("/returns/nothing/receive"), 404, "not_found")
    problem_of(api.get("/returns?state=lost_forever"), 422, "unknown_state")


def test_SH16_withdrawn_lost_and_proved(api: Api) -> None:
    order = sent(api)
    there = f"/orders/{order['id']}/returns"
    made = api.post(there, {"kind": "withdrawal"}).json()
    assert made["due_on"] is None
    proved = api.post(
        f"/returns/{made['id']}/proof", {"proof": "reçu 12", "at": "2026-11-20T10:00:00+01:00"}
    ).json()
    assert proved["due_article"] == "C. conso L221-24"
    problem_of(api.post(f"/returns/{made['id']}/lost", {"give_back": False}), 409, "refund_owed")
    assert api.post(f"/returns/{made['id']}/withdraw").json()["state"] == "withdrawn"
    made = api.post(there).json()
    assert api.post(f"/returns/{made['id']}/lost", {"give_back": True}).json()["state"] == "inspected"


def test_AZ4_an_unconfirmed_parcel_back_is_a_cancellation(api: Api) -> None:
    order = sent(api, confirmed=False)
    problem_of(api.post(f"/orders/{order['id']}/returns"), 409, "shipment_unconfirmed")
    called = api.post(f"/orders/{order['id']}/intercepts", {"parcel": "f1", "asked_of": "buyer"})
    assert called.status_code == 201, called.json()
    there = f"/intercepts/{called.json()['id']}"
    assert api.post(f"{there}/answer", {"answer": "accepted"}).json()["state"] == "accepted"
    home = api.post(f"{there}/back", {"reason": "customer_changed_mind", "initiated_by": "buyer"}).json()
    assert home["return"] is None and home["cancellation"]
    assert api.get(f"/orders/{order['id']}").json()["status"] == "cancelled"


def test_AZ18_a_confirmed_parcel_back_is_a_return_to_inspect(api: Api) -> None:
    order = sent(api)
    called = api.post(f"/orders/{order['id']}/intercepts", {"parcel": "f1", "reason": "wrong_address"}).json()
    home = api.post(f"/intercepts/{called['id']}/back").json()
    assert (home["return"]["kind"], home["return"]["state"]) == ("intercepted", "received")
