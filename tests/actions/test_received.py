"""« Reçu par le client »: since when the buyer has a parcel, and what then runs out (RK-4, docs/terms)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from countermand.events.models import Event
from countermand.orders.actions.bring_back import bring_back
from countermand.orders.actions.fulfil import fulfil
from countermand.orders.actions.received import say_received
from countermand.orders.models import Fulfilment
from countermand.refusals import Refusal
from countermand.threads.actions import write_message
from countermand.threads.queries import writing
from tests.actions.terms_desk import a_channel
from tests.builders import an_order

NOW = datetime.now(UTC)
LINES = (("MUG-BLEU", 2, "12.30"), ("BOL-VERT", 1, "18.90"))


def ago(**long: int) -> datetime:
    return NOW - timedelta(**long)


def here(merchant: Any, order: UUID, at: datetime = NOW) -> dict[str, Any]:
    return {"merchant_id": merchant.id, "order_id": order, "by": "léa", "at": at}


def sent(merchant: Any, *parcels: dict[str, Any], terms: str = "rakuten_france") -> UUID:
    """An order of thirty days ago whose parcels left twenty-five days ago."""
    a_channel(merchant, terms)
    order = an_order(merchant, channel=terms, lines=LINES, placed_at=ago(days=30).isoformat())
    for parcel in parcels or ({"reference": "f1"},):
        fulfil(**here(merchant, order, ago(days=25)), fulfilment=parcel)
    return order


def received(merchant: Any, order: UUID, since: datetime | None, parcel: str = "f1") -> Fulfilment:
    return say_received(**here(merchant, order), reference=parcel, received_at=since)


def because_of(merchant: Any, order: UUID) -> str:
    try:
        write_message(**here(merchant, order), kind="free", text="Tout va bien avec votre mug ?")
    except Refusal as refusal:
        assert refusal.code == "terms_forbid"
        return str(refusal.facts["because"])
    return ""


def test_RK4_fifteen_days_after_it_was_received_no_message_leaves(merchant: Any) -> None:
    order = sent(merchant)
    received(merchant, order, ago(days=15, seconds=1))
    assert because_of(merchant, order) == "after_received"


def test_RK4_on_the_fifteenth_day_a_message_still_leaves(merchant: Any) -> None:
    order = sent(merchant)
    received(merchant, order, ago(days=15))
    assert because_of(merchant, order) == ""


def test_RK4_where_a_parcel_is_still_to_come_the_days_do_not_run(merchant: Any) -> None:
    one = [{"line": "1", "quantity": 2}]
    order = sent(merchant, {"reference": "f1", "lines": one}, {"reference": "f2"})
    received(merchant, order, ago(days=20))
    assert because_of(merchant, order) == ""
    # The latest of them begins the days.
    received(merchant, order, ago(days=16), parcel="f2")
    assert because_of(merchant, order) == "after_received"


def test_RK4_where_an_article_has_not_left_the_days_do_not_run(merchant: Any) -> None:
    order = sent(merchant, {"reference": "f1", "lines": [{"line": "1", "quantity": 2}]})
    received(merchant, order, ago(days=20))
    assert writing(merchant_id=merchant.id, order_id=order, at=NOW).facts.received_at is None
    assert because_of(merchant, order) == ""


def test_RK4_other_terms_do_not_count_from_there(merchant: Any) -> None:
    order = sent(merchant, terms="own_shop")
    received(merchant, order, ago(days=24))
    assert because_of(merchant, order) == ""


def test_RK4_received_is_told_once_corrected_and_taken_back(merchant: Any) -> None:
    order = sent(merchant)
    for since in (ago(days=20), ago(days=20), ago(days=2), None, None):
        received(merchant, order, since)
    told = Event.of(merchant.id).filter(order_id=order, kind__startswith="order.parcel_").order_by("id")
    assert sorted(told.values_list("kind", flat=True)) == [
        "order.parcel_not_received",
        "order.parcel_received",
        "order.parcel_received",
    ]
    assert because_of(merchant, order) == ""


@pytest.mark.parametrize(
    ("since", "parcel", "code"),
    [
        (NOW + timedelta(minutes=6), "f1", "in_future"),
        (NOW - timedelta(days=26), "f1", "before_shipment"),
        (NOW.replace(tzinfo=None), "f1", "naive_time"),
        (NOW, "f7", "unknown_parcel"),
    ],
)
def test_RK4_what_cannot_be_is_refused(merchant: Any, since: datetime, parcel: str, code: str) -> None:
    order = sent(merchant)
    with pytest.raises(Refusal) as refused:
        received(merchant, order, since, parcel=parcel)
    assert refused.value.code == code
    assert Fulfilment.of(merchant.id).get(order_id=order).received_at is None


def test_AZ4_a_parcel_that_came_back_was_received_by_nobody(merchant: Any) -> None:
    order = sent(merchant, {"reference": "f1", "confirmed": False}, terms="amazon")
    parcel = received(merchant, order, ago(days=1))
    bring_back(**here(merchant, order), fulfilment_id=parcel.id)
    assert Fulfilment.of(merchant.id).get(id=parcel.id).received_at is None
    with pytest.raises(Refusal) as refused:
        received(merchant, order, NOW)
    assert refused.value.code == "parcel_back"
