"""What a buyer's request means for a cancellation, and when the terms take one for official: pure, on facts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from countermand import ids
from countermand.buyer_requests import rules
from countermand.cancellations.ask import Ask
from countermand.cancellations.plan import plan
from countermand.channels.presets import effective
from countermand.orders import requested
from countermand.orders.facts import Requested
from countermand.refusals import Refusal
from tests.rules.ledgers import NOON, a_ledger

PRESETS = ("own_shop", "merchant_space", "rakuten_france", "amazon")


def a_request(**changes: object) -> Requested:
    known = Requested(
        id=ids.new(),
        kind="cancellation",
        route="official",
        official=True,
        units=None,
        reason="budget",
        case_reference="",
        case_at=None,
        asked_at=NOON - timedelta(days=1),
    )
    return replace(known, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("units", "beyond"), [(1, False), (2, False), (3, True)])
def test_AZ6_beyond_is_more_of_a_line_than_was_asked(units: int, beyond: bool) -> None:
    assert requested.beyond(a_request(units={"1": 2}), {"1": units}) is beyond
    assert not requested.beyond(a_request(), {"1": units})
    assert requested.beyond(a_request(units={"1": 2}), {"2": 1})


@pytest.mark.parametrize(("minutes", "stands"), [(-1, True), (0, True), (1, False)])
def test_RK8_a_case_stands_from_its_own_minute_on(minutes: int, stands: bool) -> None:
    request = a_request(case_reference="CS-1", case_at=NOON + timedelta(minutes=minutes))
    assert requested.stands(request, at=NOON) is stands
    assert not requested.stands(replace(request, official=False), at=NOON)


@pytest.mark.parametrize(
    ("initiated_by", "despite", "held"),
    [
        ("merchant", False, True),
        ("buyer", False, True),
        ("platform", False, False),
        ("merchant", True, False),
    ],
)
def test_AZ6_who_is_held_by_an_open_request(initiated_by: str, despite: bool, held: bool) -> None:
    ledger = a_ledger()
    ledger.order.requests = (a_request(),)
    ask = Ask(reason="budget", initiated_by=initiated_by, despite_request=despite)
    if not held:
        assert plan(ledger, ask, at=NOON).lines
        return
    with pytest.raises(Refusal) as refused:
        plan(ledger, ask, at=NOON)
    assert refused.value.code == "held_by_request"


@pytest.mark.parametrize(
    ("preset", "official", "counts"),
    [
        ("own_shop", True, True),
        ("own_shop", False, True),
        ("merchant_space", True, False),
        ("merchant_space", False, False),
        ("rakuten_france", True, False),
        ("rakuten_france", False, True),
        ("amazon", True, False),
        ("amazon", False, True),
    ],
)
def test_AZ6_RK8_what_counts_under_each_preset(preset: str, official: bool, counts: bool) -> None:
    ledger = a_ledger(preset=preset)
    request = a_request(official=official)
    ledger.order.requests = (request,)
    ask = Ask(reason="budget", initiated_by="buyer", request_id=request.id, message="Selon votre demande.")
    assert plan(ledger, ask, at=NOON).counts_in_rate is counts


def test_AZ6_a_withdrawal_has_the_clock_of_its_own_law() -> None:
    ledger = a_ledger()
    request = a_request(kind="withdrawal")
    ledger.order.requests = (request,)
    made = plan(ledger, Ask(reason="budget", initiated_by="buyer", request_id=request.id), at=NOON)
    assert made.clock is not None
    assert made.clock.article == "C. conso L221-24"
    assert (made.clock.due_on - request.asked_at.date()).days == 14


def test_AZ6_what_of_a_request_can_still_be_called_off() -> None:
    ledger = a_ledger()
    line = ledger.lines[0]
    assert requested.left(a_request(), ledger.lines) == {"1": 3}
    line.cancelled = 2
    assert requested.left(a_request(units={"1": 2}), ledger.lines) == {"1": 1}
    line.cancelled = 3
    assert requested.left(a_request(), ledger.lines) == {}
    assert requested.is_over(a_request(), ledger.lines)
    line.cancelled, line.shipped = 2, 1
    assert not requested.is_over(a_request(), ledger.lines)  # it comes back as a return first


@pytest.mark.parametrize("route", rules.ROUTES)
@pytest.mark.parametrize("preset", PRESETS)
def test_AZ5_RK8_SH19_which_routes_are_official(preset: str, route: str) -> None:
    terms = effective(preset, {})
    alone = {"own_shop": True, "merchant_space": True, "rakuten_france": False, "amazon": route == "official"}
    assert rules.official(terms, route=route, case_reference="") is alone[preset]
    with_case = alone | {"rakuten_france": True}
    assert rules.official(terms, route=route, case_reference="CS-1") is with_case[preset]


@pytest.mark.parametrize(
    ("preset", "minutes"), [("rakuten_france", 60), ("amazon", 30), ("own_shop", 0), ("merchant_space", 0)]
)
def test_AZ5_the_grace_ends_with_its_last_minute(preset: str, minutes: int) -> None:
    terms = effective(preset, {})
    common = {"kind": "cancellation", "route": "official", "placed_at": NOON}
    last = NOON + timedelta(minutes=minutes)
    assert not rules.within_grace(terms, requested_at=last, **common)  # type: ignore[arg-type]
    before = rules.within_grace(terms, requested_at=last - timedelta(seconds=1), **common)  # type: ignore[arg-type]
    assert before is (minutes > 0)
    assert not rules.within_grace(
        terms, kind="withdrawal", route="official", placed_at=NOON, requested_at=NOON
    )
