"""« Received » over REST: who knows that a parcel has come says so, corrects it, takes it back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from countermand.orders.actions.fulfil import fulfil
from tests.builders import an_order

from .conftest import Api, problem_of


def test_RK4_a_parcel_is_said_to_be_received_and_not(api: Api, merchant: Any) -> None:
    order, at = an_order(merchant), datetime.now(UTC)
    left = at - timedelta(days=3)
    fulfil(merchant_id=merchant.id, order_id=order, fulfilment={"reference": "f1"}, by="t", at=left)
    path = f"/orders/{order}/fulfilments/f1/received"
    since = (at - timedelta(days=1)).isoformat()

    answer = api.post(path, {"received_at": since})
    assert answer.status_code == 200
    assert datetime.fromisoformat(answer.json()["received_at"]) == datetime.fromisoformat(since)
    [shown] = api.get(f"/orders/{order}").json()["fulfilments"]
    assert datetime.fromisoformat(shown["received_at"]) == datetime.fromisoformat(since)
    # Said again without a time it is since now.
    assert datetime.fromisoformat(api.post(path, {}).json()["received_at"]) >= at

    assert api.delete(path).json()["received_at"] is None
    [shown] = api.get(f"/orders/{order}").json()["fulfilments"]
    assert shown["received_at"] is None


def test_RK4_what_cannot_be_received_is_a_problem(api: Api, merchant: Any) -> None:
    order, at = an_order(merchant), datetime.now(UTC)
    fulfil(merchant_id=merchant.id, order_id=order, fulfilment={"reference": "f1"}, by="t", at=at)
    early = {"received_at": (at - timedelta(days=1)).isoformat()}
    refused = api.post(f"/orders/{order}/fulfilments/f1/received", early)
    problem_of(refused, 422, "before_shipment")
    problem_of(api.post(f"/orders/{order}/fulfilments/f9/received", {}), 422, "unknown_parcel")
