"""The order of docs/api.md from intake to the last cent, over HTTP only: what another program sees and relies on.

The line is worth 36.90 - 5.00 = 31.90, its units 10.63, 10.63, 10.64; two of three = 21.26; the order 38.80.
"""

from typing import Any

from countermand.worker.drains import DRAINS

from .conftest import Api, order_body, problem_of

MONEY = ("captured", "refunded", "in_flight", "waived", "to_give_back", "due")
NOTHING = "0.00"


def work_off() -> None:
    """The worker's rounds, as far as money, mail and what hangs on them go."""
    wanted = {"undo windows", "captures", "refunds", "messages"}
    for _ in range(3):
        for drain in DRAINS:
            if drain.name in wanted:
                drain.take(lambda: True)


def sums(order: dict[str, Any]) -> tuple[str, ...]:
    """The money of an order, in the order of `MONEY`."""
    assert order["money"]["total"] == order["total"] == "38.80"
    return tuple(order["money"][name] for name in MONEY)


def units(order: dict[str, Any]) -> tuple[int, ...]:
    """The units of its line, once they are known to add up."""
    [line] = order["lines"]
    assert line["ordered"] == line["cancelled"] + line["shipped"] + line["open"]
    assert line["returned"] <= line["shipped"]
    return tuple(line[name] for name in ("ordered", "cancelled", "shipped", "returned", "open"))


def test_the_order_of_the_contract_from_intake_to_the_last_refund(api: Api) -> None:
    # The article is described before it is sold: 10 on hand.
    mug = {"title": "Mug bleu", "price": "12.30", "currency": "EUR", "on_hand": 10}
    assert api.put("/items/MUG-BLEU", mug).status_code == 201

    # The order comes in, once.
    body = order_body(number="1001", shipping_address={"line1": "1 rue de la Paix", "city": "Paris"})
    came = api.post("/orders", body, Idempotency_Key="order-1001")
    assert came.status_code == 201, came.content
    order = came.json()
    again = api.post("/orders", body)
    assert (again.status_code, again.json()["id"]) == (200, order["id"])
    replayed = api.post("/orders", body, Idempotency_Key="order-1001")
    assert (replayed.status_code, replayed.headers["Idempotent-Replayed"]) == (201, "true")
    assert replayed.content == came.content
    problem_of(api.post("/orders", body | {"invoice_number": "F-78"}), 409, "order_differs")

    # What it is worth is frozen.
    [line] = order["lines"]
    assert (line["amount"], line["unit_amounts"]) == ("31.90", ["10.63", "10.63", "10.64"])
    assert (order["status"], order["payment_status"]) == ("open", "paid")
    assert sums(order) == ("38.80", NOTHING, NOTHING, NOTHING, NOTHING, NOTHING)
    assert units(order) == (3, 0, 0, 0, 3)
    stock = api.get("/items/MUG-BLEU").json()
    assert (stock["on_hand"], stock["allocated"], stock["sellable"]) == (10, 3, 7)
    [row] = api.get("/orders?channel=boutique&number=1001").json()["items"]
    assert (row["id"], row["money"], row["customer"]["email"]) == (
        order["id"],
        order["money"],
        "zoe@example.org",
    )

    # Two of three are called off, as previewed and no other way.
    path = f"/orders/{order['id']}/cancellations"
    wish = {
        "lines": [{"line": "1", "quantity": 2}],
        "reason": "out_of_stock",
        "initiated_by": "merchant",
        "refund": {"when": "now", "method": "original", "shipping": "terms", "fee": "0.00"},
        "restock": False,
        "notify": True,
        "message": "Nous en sommes désolés.",
        "note": "casier vide",
    }
    plan = api.post(f"{path}/preview", wish).json()
    assert (plan["refund"]["amount"], plan["lines"][0]["amount"]) == ("21.26", "21.26")
    assert (plan["shipping_refund"], plan["fee"], plan["counts_in_rate"]) == (NOTHING, NOTHING, True)
    problem_of(api.post(path, wish | {"expected_refund": "21.27"}), 409, "plan_changed")
    sure = wish | {"plan": plan["plan"], "expected_refund": "21.26"}
    done = api.post(path, sure, Idempotency_Key="cancel-1")
    assert done.status_code == 201, done.content
    first = done.json()
    for name in set(plan) - {"plan", "refund", "rate", "steps"}:
        assert first[name] == plan[name], name
    assert [step | {"next_at": None} for step in first["steps"]] == plan["steps"]
    assert first["state"] == "in_progress"
    [part] = first["refund"]["parts"]
    assert {**part, "id": "", "state": ""} == {**plan["refund"]["parts"][0], "id": "", "state": ""}
    assert api.post(path, sure, Idempotency_Key="cancel-1").json() == first
    said = problem_of(api.post(path, sure), 422, "quantity_too_large")
    assert said["errors"][0]["field"] == "lines.0.quantity"

    order = api.get(f"/orders/{order['id']}").json()
    assert order["payment_status"] == "refund_pending"
    assert sums(order) == ("38.80", NOTHING, "21.26", NOTHING, NOTHING, NOTHING)
    assert units(order) == (3, 2, 0, 0, 1)

    # The worker carries it through: money, mail, the end.
    work_off()
    order = api.get(f"/orders/{order['id']}").json()
    assert (order["status"], order["payment_status"]) == ("open", "partially_refunded")
    assert sums(order) == ("38.80", "21.26", NOTHING, NOTHING, NOTHING, NOTHING)
    assert api.get(f"/cancellations/{first['id']}").json()["state"] == "done"
    believed = api.get(f"/sandbox/payments/{body['payments'][0]['provider_reference']}").json()
    assert (believed["captured"], believed["refunded"]) == ("38.80", "21.26")
    assert [one["id"] for one in believed["refunds"]] == [part["id"]]
    assert api.get(f"/refunds/{part['id']}").json()["state"] == "succeeded"
    mails = [
        mail
        for mail in api.get("/sandbox/mails?to=zoe@example.org").json()["items"]
        if mail["order_id"] == order["id"]
    ]
    assert len(mails) == 1
    assert "21,26" in mails[0]["text"]
    assert "Nous en sommes désolés." in mails[0]["text"]
    assert "casier vide" not in mails[0]["text"]

    # The last unit goes later, and takes carriage and wrapping along: 10.64 + 4.90 + 2.00.
    rest = api.post(path, {"reason": "customer_changed_mind", "refund": {"when": "later"}, "restock": True})
    assert rest.status_code == 201, rest.content
    assert (rest.json()["refund"]["amount"], rest.json()["refund"]["parts"]) == ("17.54", [])
    assert (rest.json()["shipping_refund"], rest.json()["restocked"]) == (
        "4.90",
        [{"sku": "MUG-BLEU", "quantity": 1}],
    )
    problem_of(api.post(path, {"reason": "other"}), 409, "already_cancelled")
    order = api.get(f"/orders/{order['id']}").json()
    assert (order["status"], order["payment_status"]) == ("cancelled", "partially_refunded")
    assert sums(order) == ("38.80", "21.26", NOTHING, NOTHING, "17.54", NOTHING)
    stock = api.get("/items/MUG-BLEU").json()
    assert (stock["on_hand"], stock["allocated"], stock["sellable"]) == (8, 0, 8)

    # What is owed is given back on asking, once.
    given = api.post(f"/orders/{order['id']}/refunds", {})
    assert (given.status_code, given.json()["amount"]) == (201, "17.54")
    problem_of(api.post(f"/orders/{order['id']}/refunds", {}), 409, "nothing_to_refund")
    work_off()
    order = api.get(f"/orders/{order['id']}").json()
    assert (order["status"], order["payment_status"]) == ("cancelled", "refunded")
    assert sums(order) == ("38.80", "38.80", NOTHING, NOTHING, NOTHING, NOTHING)
    assert [one["state"] for one in order["cancellations"]] == ["done", "done"]
    assert sorted(one["amount"] for one in order["refunds"]) == ["17.54", "21.26"]

    # The two units left on the shelf after all: put back once, and no more than were called off.
    back = api.post(f"/orders/{order['id']}/restocks", {"lines": [{"line": "1", "quantity": 2}]})
    assert (back.status_code, api.get("/items/MUG-BLEU").json()["sellable"]) == (201, 10)
    problem_of(
        api.post(f"/orders/{order['id']}/restocks", {"lines": [{"line": "1", "quantity": 1}]}),
        409,
        "nothing_to_restock",
    )

    # All of it can be read afterwards, in the order in which it happened.
    told = [one["kind"] for one in order["timeline"]]
    assert told[0] == "order.received"
    assert told.count("cancellation.confirmed") == told.count("cancellation.done") == 2
    assert told.count("refund.planned") == told.count("refund.sent") == told.count("refund.succeeded") == 2
    assert api.get("/audit").json()["holds"] is True
