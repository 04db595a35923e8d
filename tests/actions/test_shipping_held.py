"""« Ne pas expédier »: what a buyer officially asks to call off does not leave by the way (AZ-5, AZ-9, RK-12)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from countermand.buyer_requests.actions import decline_request, record_request
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.orders.actions.fulfil import fulfil
from countermand.orders.models import Line
from countermand.overview.orders.to_ship import to_ship
from countermand.procedure.shipping import cancel_and_ship
from countermand.refusals import Refusal
from tests.actions.terms_desk import a_channel
from tests.builders import an_order

NOW = datetime.now(UTC)
LINES = (("MUG-BLEU", 2, "12.30"), ("BOL-VERT", 1, "18.90"))


def here(merchant: Any, order: UUID) -> dict[str, Any]:
    return {"merchant_id": merchant.id, "order_id": order, "by": "léa", "at": NOW}


def asked(merchant: Any, *, route: str = "official", terms: str = "amazon", **more: Any) -> tuple[UUID, Any]:
    """An order of yesterday, and what its buyer asked for an hour ago."""
    a_channel(merchant, terms)
    order = an_order(merchant, channel=terms, lines=LINES, placed_at=(NOW - timedelta(days=1)).isoformat())
    said = {"route": route, "requested_at": NOW - timedelta(hours=1), **more}
    return order, record_request(**here(merchant, order), **said)


def send(merchant: Any, order: UUID, **parcel: Any) -> Any:
    return fulfil(**here(merchant, order), fulfilment={"reference": "f1", **parcel})


def shipped(merchant: Any, order: UUID) -> int:
    return sum(line.shipped for line in Line.of(merchant.id).filter(order_id=order))


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("amazon", {"route": "official"}),
        ("rakuten_france", {"route": "customer_service", "case_reference": "SC-7"}),
        ("own_shop", {"route": "phone"}),
    ],
)
def test_AZ5_what_is_officially_asked_back_does_not_leave(
    merchant: Any, terms: str, said: dict[str, Any]
) -> None:
    order, request = asked(merchant, terms=terms, **said)
    with pytest.raises(Refusal) as refused:
        send(merchant, order)
    assert (refused.value.code, refused.value.field) == ("held_by_request", "despite_request")
    assert refused.value.facts == {"request": str(request.id), "official": True}
    assert shipped(merchant, order) == 0


def test_AZ5_who_says_so_ships_it_all_the_same(merchant: Any) -> None:
    order, _ = asked(merchant)
    assert send(merchant, order, despite_request=True).created
    assert shipped(merchant, order) == 3


def test_AZ22_what_is_not_official_may_leave(merchant: Any) -> None:
    order, _ = asked(merchant, route="message")
    assert send(merchant, order).created


def test_AZ5_an_answered_request_holds_nothing(merchant: Any) -> None:
    order, request = asked(merchant)
    decline_request(merchant_id=merchant.id, request_id=request.id, reason="too_late", by="léa", at=NOW)
    assert send(merchant, order).created


def test_AZ5_other_articles_leave(merchant: Any) -> None:
    order, _ = asked(merchant, lines=[("1", 1)])
    assert send(merchant, order, lines=[{"line": "2", "quantity": 1}]).created
    # One of two mugs is asked for: the other may go, not both.
    with pytest.raises(Refusal, match="held_by_request"):
        send(merchant, order, reference="f2")
    assert send(merchant, order, reference="f3", lines=[{"line": "1", "quantity": 1}]).created


def test_AZ4_what_had_left_before_it_was_asked_for_is_written_down(merchant: Any) -> None:
    order, _ = asked(merchant)
    left = (NOW - timedelta(hours=1, seconds=1)).isoformat()
    assert send(merchant, order, shipped_at=left).created


def test_AZ4_a_parcel_that_has_left_is_confirmed(merchant: Any) -> None:
    a_channel(merchant, "amazon")
    order = an_order(merchant, channel="amazon", lines=LINES)
    send(merchant, order, confirmed=False)
    record_request(**here(merchant, order), route="official")
    assert send(merchant, order).fulfilment.confirmed


def test_EM9_calling_off_what_was_asked_and_sending_the_rest_in_one_go(merchant: Any) -> None:
    order, request = asked(merchant, lines=[("1", 2)])

    def cancel(ask: Ask) -> Any:
        return lambda: confirm(**here(merchant, order), ask=ask)

    both = here(merchant, order)
    past = Ask(reason="out_of_stock", lines=(("2", 1),), despite_request=True)
    with pytest.raises(Refusal, match="held_by_request"):
        cancel_and_ship(cancel=cancel(past), **both)
    answer = Ask(
        reason="customer_changed_mind", initiated_by="buyer", lines=(("1", 2),), request_id=request.id
    )
    cancel_and_ship(cancel=cancel(answer), **both)
    assert shipped(merchant, order) == 1


def test_AZ9_the_list_for_the_packers_says_what_is_official(merchant: Any) -> None:
    official, _ = asked(merchant)
    other = an_order(merchant, channel="amazon", lines=LINES)
    record_request(**here(merchant, other), route="message")
    held = {row["id"]: row["hold"] for row in to_ship(merchant_id=merchant.id)}
    assert held == {official: "request", other: "unofficial"}
