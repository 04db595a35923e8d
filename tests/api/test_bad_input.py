"""Bad input, one by one: each is refused by its name, and nothing is written."""

from typing import Any

import pytest

from .conftest import Api, order_body, placed, problem_of

LINE = {"sku": "A", "quantity": 1, "unit_price": "1.00"}
PAID = {"provider": "sandbox", "state": "captured", "amount": "38.80"}


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"placed_at": "2026-11-20T10:00:00"}, "naive_time", "placed_at"),
        ({"placed_at": "2026-11-20 10:00"}, "invalid_time", "placed_at"),
        ({"placed_at": 1763629200}, "invalid_time", "placed_at"),
        ({"placed_at": "9999-12-31T23:59:59-14:00"}, "invalid_time", "placed_at"),
        ({"placed_at": "0001-01-01T00:00:00+14:00"}, "invalid_time", "placed_at"),
        ({"ship_by": "2026-11-23T00:00:00Z"}, "invalid_date", "ship_by"),
        ({"ship_by": "2026-02-30"}, "invalid_date", "ship_by"),
        ({"currency": "eur"}, "unknown_currency", "currency"),
        ({"currency": "EUX"}, "unknown_currency", "currency"),
        ({"number": "x" * 65}, "text_too_long", "number"),
        ({"number": ""}, "required", "number"),
        ({"number": 1001}, "invalid_type", "number"),
        ({"channel": "nowhere"}, "unknown_channel", "channel"),
        ({"total": "38.81"}, "total_differs", "total"),
        ({"total": 38.8}, "invalid_amount", "total"),
        ({"prices_include_tax": 1}, "invalid_type", "prices_include_tax"),
        ({"accepted": "yes"}, "invalid_type", "accepted"),
        ({"lines": []}, "required", "lines"),
        ({"lines": [LINE] * 2001}, "too_many_lines", "lines"),
        ({"lines": [LINE | {"quantity": 0}]}, "invalid_quantity", "lines.0.quantity"),
        ({"lines": [LINE | {"quantity": -1}]}, "invalid_quantity", "lines.0.quantity"),
        ({"lines": [LINE | {"quantity": 1.0}]}, "invalid_quantity", "lines.0.quantity"),
        ({"lines": [LINE | {"quantity": True}]}, "invalid_quantity", "lines.0.quantity"),
        ({"lines": [LINE | {"quantity": "1"}]}, "invalid_quantity", "lines.0.quantity"),
        ({"lines": [LINE | {"quantity": 10**30}]}, "invalid_quantity", "lines.0.quantity"),
        ({"lines": [LINE | {"unit_price": 1.0}]}, "invalid_amount", "lines.0.unit_price"),
        ({"lines": [LINE | {"unit_price": "-1.00"}]}, "invalid_amount", "lines.0.unit_price"),
        ({"lines": [LINE | {"unit_price": "1,00"}]}, "invalid_amount", "lines.0.unit_price"),
        ({"lines": [LINE | {"unit_price": "１.00"}]}, "invalid_amount", "lines.0.unit_price"),
        ({"lines": [LINE | {"unit_price": "1e3"}]}, "invalid_amount", "lines.0.unit_price"),
        ({"lines": [LINE | {"unit_price": "1.005"}]}, "too_many_decimals", "lines.0.unit_price"),
        ({"lines": [LINE | {"tax_rate": 20}]}, "invalid_rate", "lines.0.tax_rate"),
        ({"lines": [LINE | {"tax_rate": "101"}]}, "invalid_rate", "lines.0.tax_rate"),
        ({"lines": [LINE | {"sku": "x" * 65}]}, "text_too_long", "lines.0.sku"),
        ({"lines": [LINE | {"discount": "1.01"}]}, "amount_too_large", "lines.0.discount"),
        ({"lines": [LINE | {"reference": "1"}, LINE | {"reference": "1"}]}, "duplicate_reference", "lines.1.reference"),
        ({"lines": [LINE | {"colour": "red"}]}, "unknown_field", "lines.0.colour"),
        ({"fees": [{"amount": "1.20", "tax_rate": "20", "tax_amount": "0.50"}]}, "total_differs", "fees.0.tax_amount"),
        ({"discounts": [], "lines": [LINE | {"tax_rate": "20", "tax_amount": "2.50"}]}, "total_differs", "lines.0.tax_amount"),
        ({"lines": [LINE | {"unit_price": "1.0000000000"}]}, "too_many_decimals", "lines.0.unit_price"),
        ({"discounts": [{"amount": "500.00"}]}, "amount_too_large", "discounts.0.amount"),
        ({"discounts": [{"amount": "1.00", "target": "fees"}]}, "unknown_value", "discounts.0.target"),
        ({"payments": [PAID | {"provider": "stripe"}]}, "unknown_provider", "payments.0.provider"),
        ({"payments": [PAID | {"state": "paid"}]}, "unknown_state", "payments.0.state"),
        ({"payments": [PAID | {"currency": "USD"}]}, "currency_differs", "payments.0.currency"),
        ({"payments": [PAID | {"refunded": "38.81"}]}, "amount_too_large", "payments.0.refunded"),
        ({"customer": {"email": "x" * 255}}, "text_too_long", "customer.email"),
        ({"shipping_address": {"street": "x"}}, "unknown_field", "shipping_address.street"),
        ({"fulfilments": [{"shipped_at": "2026-11-21T10:00:00", "lines": [{"line": "1", "quantity": 1}]}]}, "naive_time", "fulfilments.0.shipped_at"),
        ({"fulfilments": [{"shipped_at": "2026-11-21T10:00:00Z", "lines": [{"line": "9", "quantity": 1}]}]}, "unknown_line", "fulfilments.0.lines.0.line"),
        ({"fulfilments": [{"shipped_at": "2026-11-21T10:00:00Z", "lines": [{"line": "1", "quantity": 4}]}]}, "quantity_too_large", "fulfilments.0.lines.0.quantity"),
    ],
)  # fmt: skip
def test_an_order_is_refused_by_name(api: Api, change: dict[str, Any], code: str, field: str) -> None:
    body = order_body() | change
    if "total" not in change:
        body.pop("total")
    said = problem_of(api.post("/orders", body), 422, code)
    assert [error["field"] for error in said["errors"]] == [field]
    assert api.get(f"/orders?channel=boutique&number={body['number']}").json()["items"] == []


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "reason_required"),
        ({"reason": None}, 422, "reason_required"),
        ({"reason": "weather"}, 422, "unknown_reason"),
        ({"reason": 3}, 422, "invalid_type"),
        ({"reason": "other", "lines": []}, 422, "invalid_lines"),
        ({"reason": "other", "lines": [{"line": "9", "quantity": 1}]}, 422, "unknown_line"),
        ({"reason": "other", "lines": [{"line": "1", "quantity": 0}]}, 422, "invalid_quantity"),
        ({"reason": "other", "lines": [{"line": "1", "quantity": -1}]}, 422, "invalid_quantity"),
        ({"reason": "other", "lines": [{"line": "1", "quantity": 4}]}, 422, "quantity_too_large"),
        ({"reason": "other", "lines": [{"line": "1", "quantity": 10**40}]}, 422, "quantity_too_large"),
        ({"reason": "other", "lines": [{"line": 1, "quantity": 1}]}, 422, "invalid_type"),
        ({"reason": "other", "message": "x" * 5001}, 422, "text_too_long"),
        ({"reason": "other", "note": "x" * 5001}, 422, "text_too_long"),
        ({"reason": "other", "expected_refund": 38.8}, 422, "invalid_amount"),
        ({"reason": "other", "expected_refund": "38.801"}, 422, "too_many_decimals"),
        ({"reason": "other", "expected_refund": "1.00"}, 409, "plan_changed"),
        ({"reason": "other", "plan": "sha256:0"}, 409, "plan_changed"),
        ({"reason": "other", "refund": {"amount": "38.81"}}, 422, "amount_too_large"),
        ({"reason": "other", "refund": {"fee": "1.00"}}, 422, "fee_not_allowed"),
        ({"reason": "budget", "refund": {"fee": "100.00"}}, 422, "amount_too_large"),
        ({"reason": "other", "refund": {"shipping_amount": "4.91"}}, 422, "amount_too_large"),
        ({"reason": "other", "refund": {"when": "never"}}, 422, "unknown_value"),
        ({"reason": "other", "refund": {"when": "none"}}, 409, "refund_owed"),
        ({"reason": "other", "refund": {"method": "store_credit"}}, 422, "consent_required"),
        ({"reason": "other", "refund": {"method": "store_credit", "consent": {"text": "oui"}}}, 422, "consent_required"),
        ({"reason": "other", "refund": {"method": "store_credit", "consent": {"text": "oui", "at": "2026-11-20T10:00:00", "via": "page"}}}, 422, "naive_time"),
        ({"reason": "other", "restock": 1}, 422, "invalid_type"),
        ({"reason": "other", "restock": [{"line": "1", "quantity": 4}]}, 422, "quantity_too_large"),
        ({"reason": "other", "restock": [{"line": "1"}]}, 422, "required"),
        ({"reason": "other", "notify": "no"}, 422, "invalid_type"),
        ({"reason": "other", "undo_seconds": 3601}, 422, "invalid_undo_seconds"),
        ({"reason": "other", "initiated_by": "nobody"}, 422, "unknown_initiator"),
        ({"reason": "other", "request": "req_1"}, 422, "unknown_request"),
        ({"reason": "other", "currency": "USD"}, 422, "unknown_field"),
    ],
)  # fmt: skip
def test_a_cancellation_is_refused_by_name(api: Api, body: dict[str, Any], status: int, code: str) -> None:
    path = f"/orders/{placed(api)['id']}/cancellations"
    problem_of(api.post(f"{path}/preview", body), status, code)
    problem_of(api.post(path, body), status, code)
    assert api.get("/refunds").json()["items"] == []


def test_a_whole_order_is_cancelled_once(api: Api) -> None:
    path = f"/orders/{placed(api)['id']}/cancellations"
    assert api.post(path, {"reason": "other"}).status_code == 201
    problem_of(api.post(path, {"reason": "other"}), 409, "already_cancelled")


def test_what_has_left_is_not_cancelled(api: Api) -> None:
    order = placed(api)
    shipped = api.post(f"/orders/{order['id']}/fulfilments", {})
    assert shipped.status_code == 201, shipped.content
    problem_of(api.post(f"/orders/{order['id']}/cancellations", {"reason": "other"}), 409, "already_shipped")


def test_an_order_that_is_not_there_is_a_404(api: Api) -> None:
    for order in ("01a200d6-6e80-764d-aa61-0a5c92344152", "nothing", "1", "%00", "é", "x" * 300):
        problem_of(api.get(f"/orders/{order}"), 404, "not_found")
        problem_of(api.post(f"/orders/{order}/cancellations", {"reason": "other"}), 404, "not_found")


def test_the_same_order_again_is_the_same_and_another_content_is_refused(api: Api) -> None:
    body = order_body()
    first = api.post("/orders", body)
    again = api.post("/orders", body | {"placed_at": "2026-11-20T09:00:00Z", "billing_address": None})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    body["lines"][0]["quantity"] = 2
    body.pop("total")
    problem_of(api.post("/orders", body), 409, "order_differs")


@pytest.mark.parametrize("path", ["fulfilments", "restocks", "cancellations", "refunds", "returns"])
def test_a_list_of_no_lines_is_not_all_of_them(api: Api, path: str) -> None:
    order = placed(api)
    half = {
        "reason": "other",
        "lines": [{"line": "1", "quantity": 1}],
        "refund": {"when": "later"},
        "restock": False,
    }
    assert api.post(f"/orders/{order['id']}/cancellations", half).status_code == 201
    if path == "returns":
        assert api.post(f"/orders/{order['id']}/fulfilments", {}).status_code == 201
    before = api.get(f"/orders/{order['id']}").json()
    body = {"lines": []} | ({"reason": "other"} if path == "cancellations" else {})
    problem_of(api.post(f"/orders/{order['id']}/{path}", body), 422, "invalid_lines")
    assert api.get(f"/orders/{order['id']}").json() == before


@pytest.mark.parametrize(
    ("sent", "kind", "status", "code"),
    [
        (b'{"lines":[{"line":"1","quantity":1}]}', "application/json", 422, "unknown_field"),
        (b'{"foo":', "application/json", 400, "malformed_json"),
        (b"lines=1", "text/plain", 415, ""),
        (b"[]", "application/json", 422, "invalid_type"),
    ],
)
def test_a_body_where_none_is_taken_is_not_passed_over(
    api: Api, sent: bytes, kind: str, status: int, code: str
) -> None:
    order = placed(api)
    done = api.post(f"/orders/{order['id']}/cancellations", {"reason": "other", "undo_seconds": 600}).json()
    there = f"/cancellations/{done['id']}/undo"
    problem_of(api("POST", there, raw=sent, Content_Type=kind), status, code)
    assert api.get(f"/cancellations/{done['id']}").json()["state"] == "held"
    assert api.post(there, {}, Idempotency_Key="u1").status_code == 200
    again = api.post(there, Idempotency_Key="u1")
    assert again.status_code == 200 and again.headers["Idempotent-Replayed"] == "true"


def test_a_name_that_stands_twice_in_an_object_is_refused(api: Api) -> None:
    path = f"/orders/{placed(api)['id']}/refunds/preview"
    twice = b'{"amount":"1.00","amount":"9.00"}'
    problem_of(api("POST", path, raw=twice), 400, "malformed_json")


def test_what_cannot_be_done_is_said_before_a_message_is_asked_for(api: Api) -> None:
    api.post(
        "/channels", {"code": "priceminister", "name": "Rakuten", "terms": "rakuten_france", "mode": "test"}
    )
    order = placed(api, channel="priceminister", accepted=False)
    assert order["status"] == "awaiting_acceptance"
    path = f"/orders/{order['id']}/cancellations"
    problem_of(api.post(path, {"reason": "out_of_stock"}), 409, "not_accepted_yet")


def test_a_preview_says_the_steps_that_would_follow(api: Api) -> None:
    path = f"/orders/{placed(api)['id']}/cancellations"
    shown = api.post(f"{path}/preview", {"reason": "other"}).json()
    done = api.post(path, {"reason": "other"}).json()
    assert set(done) - set(shown) == {"id", "state", "undo_until"}
    kinds = [(step["kind"], step["tries"], step["next_at"]) for step in shown["steps"]]
    assert kinds == [("refund", 0, None), ("message", 0, None)]
    assert [step["kind"] for step in done["steps"]] == ["refund", "message"]


def test_a_refund_by_hand_is_not_settled_before_it_was_paid(api: Api) -> None:
    order = placed(api, payments=[PAID | {"provider": "manual", "method": "transfer"}])
    assert api.post(f"/orders/{order['id']}/cancellations", {"reason": "other"}).status_code == 201
    [refund] = api.get(f"/refunds?order={order['id']}").json()["items"]
    later = {"evidence": "virement 12", "at": "2099-01-01T00:00:00Z"}
    problem_of(api.post(f"/refunds/{refund['id']}/settle", later), 422, "settled_in_future")
