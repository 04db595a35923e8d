"""Orders over REST: in once, whole, found, and placed again."""

from .conftest import Api, order_body, placed, problem_of


def test_an_order_is_read_back_as_it_came(api: Api) -> None:
    body = order_body(shipping_address={"line1": "1 rue de la Paix", "city": "Paris", "country": "FR"})
    made = api.post("/orders", body).json()
    shown = api.get(f"/orders/{made['id']}").json()
    assert made == shown
    for name in ("channel", "number", "ship_by", "currency", "prices_include_tax", "invoice_number", "total"):
        assert shown[name] == body[name], name
    assert shown["shipping_address"]["city"] == "Paris"
    assert (shown["status"], shown["payment_status"]) == ("open", "paid")
    line = shown["lines"][0]
    assert (line["ordered"], line["cancelled"], line["shipped"], line["returned"], line["open"]) == (
        3,
        0,
        0,
        0,
        3,
    )
    assert line["amount"] == "31.90"
    assert shown["money"] == {
        "currency": "EUR",
        "total": "38.80",
        "captured": "38.80",
        "refunded": "0.00",
        "in_flight": "0.00",
        "waived": "0.00",
        "to_give_back": "0.00",
        "due": "0.00",
    }


def test_a_plain_order_needs_little(api: Api) -> None:
    little = {
        "channel": "boutique",
        "number": "K1",
        "placed_at": "2026-11-20T10:00:00.123456789Z",
        "currency": "JPY",
        "lines": [
            {"sku": "A", "quantity": 2, "unit_price": "500"},
            {"sku": "B", "quantity": 1, "unit_price": "1"},
        ],
    }
    made = api.post("/orders", little)
    assert made.status_code == 201, made.content
    assert [line["reference"] for line in made.json()["lines"]] == ["1", "2"]
    assert (made.json()["total"], made.json()["money"]["due"], made.json()["payment_status"]) == (
        "1001",
        "1001",
        "unpaid",
    )
    problem_of(api.post("/orders", little | {"number": "K2", "total": "1001.0"}), 422, "too_many_decimals")


def test_orders_are_found_by_number_words_and_filters(api: Api) -> None:
    first, second = placed(api), placed(api, customer={"name": "Paul Durand", "email": "paul@example.org"})
    found = api.get(f"/orders?channel=boutique&number={first['number']}").json()
    assert [one["id"] for one in found["items"]] == [first["id"]]
    assert found["next"] is None
    assert api.get("/orders?channel=boutique&number=none").json()["items"] == []
    for q in ("durand", "paul%40example.org", "status:open+durand", "total:>50+durand"):
        ids = [one["id"] for one in api.get(f"/orders?q={q}").json()["items"]]
        assert ids == ([] if "total" in q else [second["id"]]), q
    problem_of(api.get("/orders?q=colour:red"), 422, "unknown_filter")


def test_pages_follow_each_other_and_hold_to_their_filters(api: Api) -> None:
    made = [placed(api)["id"] for _ in range(5)]
    seen, cursor = [], ""
    while True:
        page = api.get(f"/orders?limit=2{cursor}").json()
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert sorted(seen) == sorted(made)
    problem_of(api.get(f"/orders?q=status:open{cursor}"), 422, "cursor_differs")


def test_an_order_called_off_by_mistake_is_placed_again(api: Api) -> None:
    order = placed(api)
    path = f"/orders/{order['id']}/reorder"
    problem_of(api.post(path), 409, "nothing_cancelled")
    api.post(f"/orders/{order['id']}/cancellations", {"reason": "ordered_by_mistake"})
    again = api.post(path)
    assert again.status_code == 201, again.content
    assert (again.json()["total"], again.json()["status"]) == ("38.80", "open")
    assert api.post(path).status_code == 200


def test_a_cancellation_can_be_undone_within_its_window(api: Api) -> None:
    api.put("/items/MUG-BLEU", {"on_hand": 5})
    order = placed(api)
    path = f"/orders/{order['id']}/cancellations"
    held = api.post(path, {"reason": "budget", "undo_seconds": 600}).json()
    assert held["state"] == "held"
    assert held["undo_until"]
    assert api.get("/items/MUG-BLEU").json()["allocated"] == 0
    undone = api.post(f"/cancellations/{held['id']}/undo")
    assert (undone.status_code, undone.json()["state"]) == (200, "undone")
    shown = api.get(f"/orders/{order['id']}").json()
    assert (shown["status"], shown["payment_status"], shown["lines"][0]["open"]) == ("open", "paid", 3)
    assert api.get("/items/MUG-BLEU").json()["allocated"] == 3
    problem_of(api.post(f"/cancellations/{held['id']}/undo"), 409, "already_undone")
    at_once = api.post(path, {"reason": "budget"}).json()
    problem_of(api.post(f"/cancellations/{at_once['id']}/undo"), 409, "too_late")
