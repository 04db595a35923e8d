"""What a page says may be done is what the verb would say: held against each other in every state."""

import itertools
from types import SimpleNamespace
from typing import Any

import pytest

from countermand.cancellations.may_cancel import judge_order
from countermand.channels.presets import effective
from countermand.lifecycle import ORDER
from countermand.overview.orders.possible import Sums, actions, row_action, why_not
from countermand.refusals import Refusal

UNITS = [(3, 0, 0, 0), (3, 3, 0, 0), (3, 1, 2, 0), (3, 0, 3, 0), (3, 1, 1, 0), (3, 0, 3, 3), (3, 1, 2, 2)]
CASES = list(itertools.product(ORDER, ("verified", "pending"), UNITS))


def verb_says(sums: Sums) -> str:
    facts: Any = SimpleNamespace(status=sums.status, verification=sums.verification)
    line: Any = SimpleNamespace(open=sums.open, cancelled=sums.cancelled)
    try:
        judge_order(facts, [line], effective("own_shop", {}))
    except Refusal as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize(("status", "verification", "units"), CASES)
def test_AZ1_the_page_permits_what_the_verb_permits(status: str, verification: str, units: Any) -> None:
    sums = Sums(status, verification, *units)

    terms = effective("own_shop", {})
    assert why_not(sums, "cancel", terms=terms) == verb_says(sums)
    may = "cancel" in actions(sums, terms=terms)["actions"]
    assert may == (row_action(sums, terms=terms)["verb"] == "cancel")


def test_RK1_a_sale_that_waits_to_be_accepted_is_refused_not_cancelled() -> None:
    waiting = Sums("awaiting_acceptance", "verified", 1, 0, 0, 0)

    assert row_action(waiting, terms=effective("rakuten_france", {}))["verb"] == "refuse"
    assert actions(waiting, terms=effective("rakuten_france", {}))["actions"] == [
        "note",
        "accept",
        "refuse",
        "contact",
        "message",
        "request",
    ]


def test_AZ12_once_verified_an_order_can_be_shipped_or_cancelled() -> None:
    pending, verified = (Sums("pending", "pending", 1, 0, 0, 0), Sums("open", "verified", 1, 0, 0, 0))

    assert actions(pending, terms=effective("amazon", {}))["actions"] == ["note", "verify"]
    assert actions(verified, terms=effective("amazon", {}))["actions"] == [
        "note",
        "cancel",
        "fulfil",
        "contact",
        "message",
        "request",
    ]


def test_AZ10_an_order_is_not_placed_again_for_the_buyer_on_amazon() -> None:
    cancelled = Sums("cancelled", "verified", 1, 1, 0, 0)

    assert actions(cancelled, terms=effective("amazon", {}))["actions_refused"]["reorder"] == "terms_forbid"
    assert "reorder" in actions(cancelled, terms=effective("own_shop", {}))["actions"]
    untouched = Sums("open", "verified", 1, 0, 0, 0)
    assert (
        actions(untouched, terms=effective("own_shop", {}))["actions_refused"]["reorder"]
        == "nothing_cancelled"
    )


def test_SH16_what_has_left_is_returned() -> None:
    terms = effective("own_shop", {})
    assert row_action(Sums("shipped", "verified", 2, 0, 2, 0), terms=terms) == {"verb": "return", "why": ""}
    assert row_action(Sums("closed", "verified", 2, 0, 2, 2), terms=terms) == {
        "verb": "",
        "why": "already_shipped",
    }
