"""Payments, parcels, stock put back, contacts and notes of an order."""

from .conftest import Api, placed, problem_of


def test_a_parcel_takes_units_off_the_order_and_off_the_shelf(api: Api) -> None:
    api.put("/items/MUG-BLEU", {"on_hand": 10})
    order = placed(api)
    path = f"/orders/{order['id']}/fulfilments"
    body = {
        "reference": "f1",
        "shipped_at": "2026-11-21T10:00:00+01:00",
        "carrier": "La Poste",
        "lines": [{"line": "1", "quantity": 1}],
    }
    first = api.post(path, body)
    assert first.status_code == 201, first.content
    assert first.json()["shipped_at"] == "2026-11-21T09:00:00+00:00"
    assert api.post(path, body).status_code == 200
    problem_of(api.post(path, body | {"carrier": "Autre"}), 409, "fulfilment_exists")
    problem_of(api.post(path, {"lines": [{"line": "1", "quantity": 3}]}), 422, "quantity_too_large")
    shown = api.get(f"/orders/{order['id']}").json()
    assert (shown["status"], shown["lines"][0]["open"]) == ("partially_shipped", 2)
    item = api.get("/items/MUG-BLEU").json()
    assert (item["on_hand"], item["allocated"]) == (9, 2)


def test_cancelled_units_go_back_on_sale_once(api: Api) -> None:
    api.put("/items/MUG-BLEU", {"on_hand": 10})
    order = placed(api)
    path = f"/orders/{order['id']}/restocks"
    problem_of(api.post(path, {}), 409, "nothing_to_restock")
    api.post(f"/orders/{order['id']}/cancellations", {"reason": "budget", "restock": False})
    back = api.post(path, {"lines": [{"line": "1", "quantity": 2}]})
    assert back.status_code == 201, back.content
    assert back.json()["restocked"] == [{"line": "1", "sku": "MUG-BLEU", "quantity": 2}]
    problem_of(api.post(path, {"lines": [{"line": "1", "quantity": 2}]}), 422, "quantity_too_large")
    assert api.post(path, {}).json()["restocked"][0]["quantity"] == 1
    problem_of(api.post(path, {}), 409, "nothing_to_restock")


def test_what_was_said_and_noted_stands_on_the_order(api: Api) -> None:
    order = placed(api)
    contact = {
        "by": "phone",
        "outcome": "will_wait",
        "note": "rappeler",
        "call_again_at": "2026-11-23T09:00:00+01:00",
    }
    assert api.post(f"/orders/{order['id']}/contacts", contact).status_code == 201
    assert api.post(f"/orders/{order['id']}/notes", {"text": "Client fidèle"}).status_code == 201
    problem_of(api.post(f"/orders/{order['id']}/contacts", contact | {"by": "pigeon"}), 422, "unknown_value")
    problem_of(api.post(f"/orders/{order['id']}/notes", {"text": "x" * 5001}), 422, "text_too_long")
    shown = api.get(f"/orders/{order['id']}").json()
    assert [one["outcome"] for one in shown["contacts"]] == ["will_wait"]
    assert [one["text"] for one in shown["notes"]] == ["Client fidèle"]
    kinds = [one["kind"] for one in shown["timeline"]]
    assert kinds[0] == "order.received"
    assert "contact.logged" in kinds


def test_a_payment_comes_later_and_is_drawn(api: Api) -> None:
    order = placed(api, payments=[])
    path = f"/orders/{order['id']}/payments"
    paid = {
        "reference": "late",
        "provider": "sandbox",
        "amount": "38.80",
        "state": "authorized",
        "provider_reference": f"ok-late-{order['number']}",
    }
    first = api.post(path, paid)
    assert first.status_code == 201, first.content
    assert api.post(path, paid).status_code == 200
    problem_of(api.post(path, paid | {"amount": "38.70"}), 409, "payment_exists")
    drawn = api.post(f"{path}/late/capture")
    assert drawn.status_code == 200, drawn.content
    assert (drawn.json()["state"], drawn.json()["captured_amount"]) == ("captured", "38.80")
    problem_of(api.post(f"{path}/late/capture", {}), 409, "payment_not_capturable")
    problem_of(api.post(f"{path}/none/capture", {}), 404, "not_found")


def test_a_payment_is_drawn_under_a_key_too(api: Api) -> None:
    order = placed(
        api, payments=[{"reference": "p1", "provider": "sandbox", "amount": "38.80", "state": "authorized"}]
    )
    path = f"/orders/{order['id']}/payments/p1/capture"
    assert api.post(path, {}, Idempotency_Key="k").status_code == 202
    assert api.get(f"/orders/{order['id']}").json()["payment_status"] == "paid"
    assert api.post(path, {}, Idempotency_Key="k").headers["Idempotent-Replayed"] == "true"


def test_money_given_back_elsewhere_is_written_down(api: Api) -> None:
    order = placed(api)
    path = f"/orders/{order['id']}/payments/p1/external-refund"
    body = {"amount": "10.00", "provider_refund": "re_1", "at": "2026-11-21T10:00:00Z"}
    first = api.post(path, body)
    assert first.status_code == 201, first.content
    assert first.json()["refunded"] == "10.00"
    assert api.post(path, body).status_code == 200
    problem_of(api.post(path, {"amount": 10}), 422, "invalid_amount")
    assert api.get(f"/orders/{order['id']}").json()["money"]["refunded"] == "10.00"
