"""Whose deed a refund is, over REST: asked, shown, and not the merchant's to move where the terms say so."""

from typing import Any

import pytest

from countermand.refunds.models import Refund
from tests.actions.service_desk import SAID, a_channel, a_sale, pay_otherwise, release

from .conftest import Api, problem_of
from .test_refunds import drained

WHOLE = {"reason": "out_of_stock", "message": SAID}


def test_RK5_what_the_customer_service_was_asked_for_is_held_and_says_so(api: Api, merchant: Any) -> None:
    order = a_sale(merchant, a_channel(merchant, "rakuten_france"))
    plan = api.post(f"/orders/{order}/cancellations/preview", WHOLE).json()
    assert (plan["refund"]["when"], plan["refund"]["carried_by"]) == ("platform", "customer_service")
    assert plan["commission"] == "kept"
    made = api.post(f"/orders/{order}/cancellations", WHOLE).json()
    [part] = made["refund"]["parts"]
    assert (part["state"], made["state"], made["steps"][0]["next_at"]) == ("held", "in_progress", None)
    found = api.get(f"/cancellations/{made['id']}").json()
    assert {name: found[name] for name in ("official_request", "case_reference", "commission")} == {
        "official_request": False,
        "case_reference": None,
        "commission": "kept",
    }
    assert found["steps"] == made["steps"]
    refund = api.get(f"/refunds/{part['id']}").json()
    assert (refund["state"], refund["carried_by"], refund["next_at"]) == ("held", "customer_service", None)
    assert refund["asked_at"] is not None
    assert api.get(f"/orders/{order}").json()["payment_status"] == "refund_pending"
    said = [each["kind"] for each in api.get(f"/orders/{order}").json()["timeline"]]
    assert "refund.asked" in said
    pay_otherwise(merchant, Refund.of(merchant.id).get(id=part["id"]))
    settled = api.get(f"/refunds/{part['id']}").json()
    assert (settled["state"], settled["evidence"]) == ("succeeded", "virement 4711")


@pytest.mark.parametrize("terms", ["rakuten_france", "merchant_space"])
def test_RK5_EM10_no_token_of_the_merchant_moves_the_platforms_money(
    api: Api, merchant: Any, terms: str
) -> None:
    order = a_sale(merchant, a_channel(merchant, terms), reference="decline")
    [part] = api.post(f"/orders/{order}/cancellations", WHOLE).json()["refund"]["parts"]
    if terms == "rakuten_france":
        release(merchant, Refund.of(merchant.id).get(id=part["id"]))
    drained()
    assert api.get(f"/refunds/{part['id']}").json()["state"] == "failed"
    proof = {"at": "2026-11-20T10:00:00+01:00", "evidence": "reçu"}
    for answer in (
        api.post(f"/orders/{order}/refunds", {}),
        api.post(f"/orders/{order}/refunds/preview", {"amount": "1.00"}),
        api.post(f"/refunds/{part['id']}/retry"),
        api.post(f"/refunds/{part['id']}/settle", proof),
    ):
        problem_of(answer, 409, "terms_forbid")


def test_AZ15_articles_are_refunded_one_by_one_once_money_was_taken(api: Api, merchant: Any) -> None:
    order = a_sale(merchant, a_channel(merchant, "amazon"), verification="verified")
    made = api.post(f"/orders/{order}/refunds", {"lines": [{"line": "1", "amount": "4.00"}]})
    assert (made.status_code, made.json()["amount"]) == (201, "4.00")
    assert made.json()["refunds"][0]["carried_by"] == "merchant"
