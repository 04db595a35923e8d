"""Vouchers through the API: spent once, by whoever asks first (SH-11)."""

import re

from tests.api.conftest import Api, placed, problem_of

TEN = {"kind": "percent", "value": "10", "currency": "EUR", "expires_on": "2029-12-31"}


def test_SH11_a_code_is_made_looked_up_and_spent_once(api: Api) -> None:
    made = api.post("/vouchers", TEN)
    code = made.json()["code"]
    assert made.status_code == 201 and re.fullmatch(r"BA-[A-Z2-9]{4}-[A-Z2-9]{4}", code)
    assert api.get(f"/vouchers/{code.lower()}").json()["state"] == "open"
    spent = api.post(f"/vouchers/{code}/redeem", {"order_number": "2001", "total": "58.40"})
    assert spent.json() == {
        "code": code,
        "taken_off": "5.84",
        "currency": "EUR",
        "order_number": "2001",
        "live": True,
    }
    again = api.post(f"/vouchers/{code}/redeem", {"order_number": "2002", "total": "58.40"})
    problem_of(again, 409, "voucher_redeemed")


def test_SH11_the_same_key_again_hears_the_same_answer(api: Api) -> None:
    code = api.post("/vouchers", TEN).json()["code"]
    body = {"order_number": "2001", "total": "10.00"}
    first, second = (
        api.post(f"/vouchers/{code}/redeem", body, Idempotency_Key="till-1-2001") for _ in range(2)
    )
    assert first.json() == second.json() and second.headers["Idempotent-Replayed"] == "true"


def test_SH11_one_for_an_order_is_its_buyers(api: Api) -> None:
    order = placed(api)
    made = api.post(
        "/vouchers", {"kind": "amount", "value": "5.00", "expires_on": "2029-12-31", "order_id": order["id"]}
    )
    assert made.json()["amount"] == "5.00" and made.json()["order_id"] == order["id"]
    assert made.json()["customer_email"] == order["customer"]["email"]
    found = api.get(f"/vouchers?customer_email={order['customer']['email']}").json()["items"]
    assert [each["id"] for each in found] == [made.json()["id"]]


def test_SH11_what_is_no_voucher_is_named(api: Api) -> None:
    for change, code in (
        ({"value": "101"}, "invalid_percent"),
        ({"kind": "gift"}, "unknown_kind"),
        ({"expires_on": "2019-01-01"}, "invalid_expiry"),
        ({"kind": "amount", "value": "1.005"}, "too_many_decimals"),
    ):
        problem_of(api.post("/vouchers", {**TEN, **change}), 422, code)


def test_SH11_lists_go_on_where_they_stopped(api: Api) -> None:
    made = [api.post("/vouchers", TEN).json()["id"] for _ in range(3)]
    first = api.get("/vouchers?limit=2").json()
    second = api.get(f"/vouchers?limit=2&cursor={first['next']}").json()
    assert [each["id"] for each in first["items"] + second["items"]] == made[::-1] and second["next"] is None
