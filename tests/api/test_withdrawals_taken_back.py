"""A withdrawal from what has left, through the API: approving it opens the return that it names."""

from pydantic import TypeAdapter

from tests.api.conftest import Api, placed
from tests.api.documented import models, undeclared


def test_SH16_approving_a_withdrawal_from_what_left_opens_its_return(api: Api) -> None:
    order = placed(api)
    assert api.post(f"/orders/{order['id']}/fulfilments", {"reference": "f1"}).status_code == 201
    wish = {"route": "email", "kind": "withdrawal", "comment": "Je renonce au contrat."}
    request = api.post(f"/orders/{order['id']}/requests", wish).json()
    done = api.post(f"/requests/{request['id']}/approve", {})
    assert done.status_code == 201, done.content
    model = models()["POST", "/requests/{request_id}/approve", 201]
    assert undeclared(TypeAdapter(model).validate_json(done.content)) == []
    said = done.json()["request"]
    assert (said["state"], said["cancellation"]) == ("approved", None)
    found = api.get(f"/returns/{said['return']}").json()
    assert (found["kind"], found["state"], found["order_id"]) == ("withdrawal", "asked", order["id"])
    assert found["informed_at"] == request["requested_at"]
    assert api.get(f"/orders/{order['id']}").json()["status"] == "shipped"


def test_SH16_of_a_part_shipped_order_the_answer_is_the_cancellation_and_the_return(api: Api) -> None:
    order = placed(api)
    parcel = {"reference": "f1", "lines": [{"line": "1", "quantity": 1}]}
    assert api.post(f"/orders/{order['id']}/fulfilments", parcel).status_code == 201
    request = api.post(f"/orders/{order['id']}/requests", {"route": "email", "kind": "withdrawal"}).json()
    done = api.post(f"/requests/{request['id']}/approve", {})
    assert done.status_code == 201, done.content
    body = done.json()
    assert body["request"]["cancellation"] == body["id"]
    found = api.get(f"/returns/{body['request']['return']}").json()
    assert [(line["line"], line["asked"]) for line in found["lines"]] == [("1", 1)]
    assert body["order"]["status"] == "shipped"
