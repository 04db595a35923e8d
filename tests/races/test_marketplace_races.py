"""What may come at once upon a merchant: two workers, two managers, the clock; each thing happens once."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from countermand.channels.models import Channel
from countermand.marketplace import deciding, service
from countermand.marketplace.judging import judge_seats
from countermand.marketplace.models import Alert, Suspension
from countermand.refunds.models import Refund
from countermand.refusals import Refusal
from tests.actions.place import Place, seated
from tests.at_once import at_once

HOUR = timedelta(hours=1)


@pytest.fixture
def place(merchant: Any) -> Place:
    made = seated(merchant)
    made.sales(20, cancelled=1)
    return made


def codes(raised: list[BaseException | None]) -> list[str]:
    assert all(error is None or isinstance(error, Refusal) for error in raised), raised
    return sorted(error.code for error in raised if isinstance(error, Refusal))


def test_RK9_several_workers_raise_an_alert_once(place: Place) -> None:
    at = datetime.now(UTC)
    assert codes(at_once(*[partial(judge_seats, at=at + n * HOUR) for n in range(6)])) == []
    assert Alert.of(place.merchant.id).count() == 1
    assert len(place.letters("alert")) == 1
    assert Suspension.of(place.merchant.id).count() == 1


def decided(place: Place) -> Suspension:
    now = datetime.now(UTC)
    made = deciding.propose(**place.here, seat_id=place.seat.id)
    span = {"starts_at": now, "ends_at": now + HOUR}
    return deciding.decide(**place.here, suspension_id=made.id, reason="trop", **span)


def test_RK10_two_managers_decide_once(place: Place) -> None:
    made = deciding.propose(**place.here, seat_id=place.seat.id)
    now = datetime.now(UTC)
    decide = partial(
        deciding.decide,
        **place.here,
        suspension_id=made.id,
        starts_at=now,
        ends_at=now + HOUR,
        reason="trop",
    )
    dismiss = partial(deciding.dismiss, **place.here, suspension_id=made.id, reason="non")
    assert codes(at_once(decide, dismiss, decide, dismiss)) == ["already_decided"] * 3
    made.refresh_from_db()
    channel = Channel.of(place.merchant.id).get(id=place.seat.channel_id)
    assert (channel.suspended_until is not None) == (made.state == "running")
    assert len(place.letters("suspension")) == (made.state == "running")


def test_RK10_lifted_answered_and_ended_at_once_it_is_over_once(place: Place) -> None:
    made = decided(place)
    deciding.appeal(**place.there, suspension_id=made.id, text="pardon")
    lift = partial(deciding.lift, **place.here, suspension_id=made.id, reason="assez")
    answer = partial(deciding.answer, **place.here, suspension_id=made.id, lifts=True, text="oui")
    end = partial(deciding.carry_suspensions, at=datetime.now(UTC) + 2 * HOUR)
    codes(at_once(lift, answer, end, lift, end))
    made.refresh_from_db()
    assert made.state in ("lifted", "ended")
    assert Channel.of(place.merchant.id).get(id=place.seat.channel_id).suspended_until is None
    # One letter says that it began, one that it is over, whoever came first.
    assert len(place.letters("suspension")) == 2


def test_RK10_an_appeal_is_taken_once(place: Place) -> None:
    made = decided(place)
    appeal = partial(deciding.appeal, **place.there, suspension_id=made.id, text="pardon")
    assert codes(at_once(*[appeal] * 4)) == ["already_appealed"] * 3


def test_RK5_a_refund_is_let_go_or_settled_once(place: Place) -> None:
    [row] = service.queue(marketplace_id=place.marketplace.id, limit=5)
    paid = {"settled_at": datetime.now(UTC), "evidence": "virement 12"}
    settle = partial(service.settle_asked, **place.here, refund_id=row["id"], **paid)
    let_go = partial(service.let_go_asked, **place.here, refund_id=row["id"])
    assert codes(at_once(settle, let_go, settle, let_go)) == ["not_settleable"] * 3
    assert Refund.of(place.merchant.id).get(id=row["id"]).state in ("succeeded", "planned")
