"""Webhooks over REST."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from countermand.webhooks.models import Delivery
from tests.actions.webhook_desk import planned

from .conftest import Api, placed, problem_of

BODY = {"url": "https://shop.example/hooks", "events": ["refund.*", "cancellation.confirmed"]}


def test_a_subscription_is_made_read_changed_and_ended(api: Api) -> None:
    made = api.post("/webhooks", BODY)
    assert made.status_code == 201
    said = made.json()
    assert said["secret"].startswith("whsec_") and said["events"] == sorted(BODY["events"])
    path = f"/webhooks/{said['id']}"
    shown = api.get(path).json()
    assert "secret" not in shown and api.get("/webhooks").json()["items"] == [shown]
    changed = api.patch(path, {"events": ["*"], "active": False}).json()
    assert (changed["events"], changed["active"], changed["disabled_because"]) == (["*"], False, "by_hand")
    assert api.patch(path, {"active": True}).json()["disabled_because"] is None
    assert api.delete(path).status_code == 204
    problem_of(api.get(path), 404, "not_found")
    problem_of(api.delete(path), 404, "not_found")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"url": "http://shop.example/"}, "not_https"),
        ({"url": "https://10.0.0.1/"}, "blocked_address"),
        ({"url": "https://[::ffff:169.254.169.254]/"}, "blocked_address"),
        ({"url": "https://a:b@shop.example/"}, "invalid_url"),
        ({"url": "shop"}, "invalid_url"),
        ({"events": []}, "required"),
        ({"events": ["refund.snet"]}, "unknown_event"),
        ({"events": "refund.sent"}, "invalid_type"),
        ({"secret": "mine"}, "unknown_field"),
    ],
)
def test_what_cannot_be_told_is_refused_by_name(api: Api, change: dict[str, object], code: str) -> None:
    problem_of(api.post("/webhooks", BODY | change), 422, code)


def test_deliveries_are_listed_with_what_was_sent(api: Api) -> None:
    made = api.post("/webhooks", BODY).json()
    order = placed(api)
    api.post(f"/orders/{order['id']}/cancellations", {"reason": "other"})
    planned()
    path = f"/webhooks/{made['id']}/deliveries"
    found = api.get(path).json()["items"]
    assert {one["kind"] for one in found} == {"cancellation.confirmed", "refund.planned"}
    assert all(one["webhook_id"].startswith("msg_") and one["state"] == "planned" for one in found)
    first = api.get(f"{path}?limit=1").json()
    second = api.get(f"{path}?limit=1&cursor={first['next']}").json()
    assert [first["items"][0]["id"], second["items"][0]["id"]] == [one["id"] for one in found][:2]
    problem_of(api.get(f"/webhooks/{UUID(int=7)}/deliveries"), 404, "not_found")


def test_a_delivery_is_sent_once_more_and_an_address_tried_out(api: Api) -> None:
    made = api.post("/webhooks", BODY).json()
    sent = api.post(f"/webhooks/{made['id']}/ping")
    assert sent.status_code == 202 and sent.json()["kind"] == "webhook.ping"
    Delivery.across_merchants.filter(id=sent.json()["id"]).update(
        state="failed", not_before=datetime(2026, 1, 1, tzinfo=UTC)
    )
    again = api.post(f"/webhooks/{made['id']}/deliveries/{sent.json()['id']}/resend")
    assert again.status_code == 202 and again.json()["webhook_id"] == sent.json()["webhook_id"]
    problem_of(api.post(f"/webhooks/{made['id']}/deliveries/{UUID(int=7)}/resend"), 404, "not_found")


def test_a_new_secret_is_another_one(api: Api) -> None:
    made = api.post("/webhooks", BODY).json()
    fresh = api.post(f"/webhooks/{made['id']}/secret")
    assert fresh.status_code == 201 and fresh.json()["secret"] != made["secret"]


def test_no_merchant_sees_another_ones_webhooks(api: Api, stranger: Api) -> None:
    made = api.post("/webhooks", BODY).json()
    delivery = api.post(f"/webhooks/{made['id']}/ping").json()
    path = f"/webhooks/{made['id']}"
    assert stranger.get("/webhooks").json()["items"] == []
    for method, place in (
        ("GET", path),
        ("PATCH", path),
        ("DELETE", path),
        ("GET", f"{path}/deliveries"),
        ("POST", f"{path}/ping"),
        ("POST", f"{path}/secret"),
        ("POST", f"{path}/deliveries/{delivery['id']}/resend"),
    ):
        problem_of(stranger(method, place, {} if method == "PATCH" else None), 404, "not_found")
