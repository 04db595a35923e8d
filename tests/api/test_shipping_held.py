"""A parcel over REST of what a buyer officially asks to call off: 409 until it is said to leave all the same (AZ-5)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.actions.terms_desk import a_channel
from tests.builders import an_order

from .conftest import Api, problem_of


def test_AZ5_the_api_sends_nothing_by_the_way_of_an_official_request(api: Api, merchant: Any) -> None:
    a_channel(merchant, "amazon")
    yesterday = datetime.now(UTC) - timedelta(days=1)
    order = an_order(merchant, channel="amazon", placed_at=yesterday.isoformat())
    assert api.post(f"/orders/{order}/requests", {"route": "official"}).status_code == 201
    path = f"/orders/{order}/fulfilments"

    problem_of(api.post(path, {}), 409, "held_by_request")
    assert api.get(f"/orders/{order}").json()["status"] == "open"

    assert api.post(path, {"despite_request": True}).status_code == 201
    assert api.get(f"/orders/{order}").json()["status"] == "shipped"
