"""Giving back over REST, outside a cancellation."""

from typing import Any

from countermand.worker.drains import DRAINS

from .conftest import Api, placed, problem_of


def drained() -> None:
    """The worker's round, as far as money is concerned."""
    for drain in DRAINS:
        if drain.name == "refunds":
            drain.take(lambda: True)


def test_what_is_owed_goes_back_on_asking(api: Api) -> None:
    order = placed(api)
    later = {"reason": "budget", "lines": [{"line": "1", "quantity": 1}], "refund": {"when": "later"}}
    assert api.post(f"/orders/{order['id']}/cancellations", later).status_code == 201
    assert api.get(f"/orders/{order['id']}").json()["money"]["to_give_back"] == "10.63"
    path = f"/orders/{order['id']}/refunds"
    plan = api.post(f"{path}/preview", {})
    assert (plan.status_code, plan.json()["amount"]) == (200, "10.63")
    made = api.post(path)
    assert made.status_code == 201, made.content
    [refund] = made.json()["refunds"]
    assert (made.json()["amount"], refund["amount"], refund["state"]) == ("10.63", "10.63", "planned")
    assert api.get(f"/refunds/{refund['id']}").json() == refund
    assert api.get(f"/refunds?state=in_flight&order={order['id']}").json()["items"] == [refund]
    assert api.get("/refunds?state=failed").json()["items"] == []
    problem_of(api.post(path, {}), 409, "nothing_to_refund")


def test_lines_shipping_and_a_free_amount_are_given_back_up_to_what_is_left(api: Api) -> None:
    order = placed(api)
    path = f"/orders/{order['id']}/refunds"
    lines: dict[str, Any] = {"lines": [{"line": "1", "quantity": 2}], "shipping": "1.00"}
    assert api.post(path, lines).json()["amount"] == "22.26"
    assert api.post(path, {"shipping": "all"}).json()["amount"] == "3.90"
    assert api.post(path, {"lines": [{"line": "1", "amount": "0.64"}]}).json()["amount"] == "0.64"
    problem_of(api.post(path, {"amount": "12.01"}), 422, "amount_too_large")
    assert api.post(path, {"amount": "12.00", "reason": "geste"}).json()["amount"] == "12.00"
    assert api.get(f"/orders/{order['id']}").json()["money"]["in_flight"] == "38.80"


def test_wrong_wishes_are_refused_by_name(api: Api) -> None:
    path = f"/orders/{placed(api)['id']}/refunds"
    for body, status, code in (
        ({"lines": [{"line": "9", "quantity": 1}]}, 422, "unknown_line"),
        ({"lines": [{"line": "1", "quantity": 4}]}, 422, "quantity_too_large"),
        ({"lines": [{"line": "1"}]}, 422, "invalid_lines"),
        ({"lines": [{"line": "1", "quantity": 1, "amount": "1.00"}]}, 422, "invalid_lines"),
        ({"lines": [{"line": "1", "amount": "31.91"}]}, 422, "amount_too_large"),
        ({"shipping": "4.91"}, 422, "amount_too_large"),
        ({"shipping": "half"}, 422, "invalid_amount"),
        ({"shipping": 4.9}, 422, "invalid_amount"),
        ({"shipping": []}, 422, "invalid_amount"),
        ({"amount": "38.81"}, 422, "amount_too_large"),
        ({"amount": "1.001"}, 422, "too_many_decimals"),
        ({"amount": "1.00", "method": "bitcoin"}, 422, "unknown_value"),
        ({"amount": "1.00", "method": "store_credit"}, 422, "consent_required"),
        ({"amount": "1.00", "colour": "red"}, 422, "unknown_field"),
    ):
        problem_of(api.post(path, body), status, code)
        problem_of(api.post(f"{path}/preview", body), status, code)


def test_a_refund_by_hand_waits_for_who_settles_it(api: Api) -> None:
    paid = {
        "reference": "p1",
        "provider": "manual",
        "method": "transfer",
        "amount": "38.80",
        "state": "captured",
    }
    order = placed(api, payments=[paid])
    done = api.post(f"/orders/{order['id']}/cancellations", {"reason": "budget"}).json()
    [part] = done["refund"]["parts"]
    path = f"/refunds/{part['id']}"
    problem_of(api.post(f"{path}/settle", {"at": "2026-11-20T10:00:00"}), 422)
    settled = api.post(f"{path}/settle", {"at": "2026-11-22T10:00:00+01:00", "evidence": "virement 12"})
    assert settled.status_code == 200, settled.content
    assert (settled.json()["state"], settled.json()["evidence"]) == ("succeeded", "virement 12")
    assert settled.json()["settled_at"] == "2026-11-22T09:00:00+00:00"
    problem_of(api.post(f"{path}/settle", {"evidence": "x"}), 409, "not_settleable")
    problem_of(api.post(f"{path}/retry"), 409, "not_retryable")
    assert api.get(f"/orders/{order['id']}").json()["payment_status"] == "refunded"


def test_store_credit_is_listed_and_spent(api: Api) -> None:
    order = placed(api)
    consent = {"text": "Je préfère un avoir", "at": "2026-11-20T10:00:00+01:00", "via": "email"}
    body = {"reason": "budget", "refund": {"method": "store_credit", "consent": consent}}
    assert api.post(f"/orders/{order['id']}/cancellations", body).status_code == 201
    drained()
    [credit] = api.get("/store-credits?customer_email=ZOE@example.org").json()["items"]
    assert (credit["balance"], credit["live"]) == ("38.80", False)
    path = f"/store-credits/{credit['id']}/redeem"
    spent = api.post(path, {"amount": "30.00", "order_number": "2002"}).json()
    assert (spent["redeemed"], spent["balance"]) == ("30.00", "8.80")
    problem_of(api.post(path, {"amount": "8.81", "order_number": "2003"}), 422, "amount_too_large")
    problem_of(api.post(path, {"amount": "0.00", "order_number": "2003"}), 422, "invalid_amount")


def test_the_provider_is_asked_once_and_shows_it(api: Api) -> None:
    order = placed(api)
    done = api.post(f"/orders/{order['id']}/cancellations", {"reason": "budget"}).json()
    drained()
    [part] = done["refund"]["parts"]
    believed = api.get(f"/sandbox/payments/ok-{order['number']}").json()
    assert [(one["id"], one["amount"]) for one in believed["refunds"]] == [(part["id"], "38.80")]
    assert api.get(f"/refunds/{part['id']}").json()["state"] == "succeeded"
