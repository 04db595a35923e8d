"""What a page says may be done is what the verb would say: held against each other in every state."""

import itertools
from types import SimpleNamespace
from typing import Any

import pytest

from countermand.cancellations.may_cancel import judge_order
from countermand.lifecycle import ORDER
from countermand.overview.orders.possible import Sums, actions, row_action, why_no_cancel
from countermand.refusals import Refusal

UNITS = [(3, 0, 0, 0), (3, 3, 0, 0), (3, 1, 2, 0), (3, 0, 3, 0), (3, 1, 1, 0), (3, 0, 3, 3), (3, 1, 2, 2)]
CASES = list(itertools.product(ORDER, ("verified", "pending"), UNITS))


def verb_says(sums: Sums) -> str:
    facts: Any = SimpleNamespace(status=sums.status, verification=sums.verification)
    line: Any = SimpleNamespace(open=sums.open, cancelled=sums.cancelled)
    try:
        judge_order(facts, [line])
    except Refusal as refusal:
        return refusal.code
    return ""


@pytest.mark.parametrize(("status", "verification", "units"), CASES)
def test_AZ1_the_page_permits_what_the_verb_permits(status: str, verification: str, units: Any) -> None:
    sums = Sums(status, verification, *units)

    assert why_no_cancel(sums) == verb_says(sums)
    assert ("cancel" in actions(sums, preset="own_shop")["actions"]) == (row_action(sums)["verb"] == "cancel")


def test_RK1_a_sale_that_waits_to_be_accepted_is_refused_not_cancelled() -> None:
    waiting = Sums("awaiting_acceptance", "verified", 1, 0, 0, 0)

    assert row_action(waiting)["verb"] == "refuse"
    assert actions(waiting, preset="rakuten_france")["actions"] == ["accept", "refuse", "contact", "note"]


def test_AZ12_once_verified_an_order_can_be_shipped_or_cancelled() -> None:
    pending, verified = (Sums("pending", "pending", 1, 0, 0, 0), Sums("open", "verified", 1, 0, 0, 0))

    assert actions(pending, preset="amazon")["actions"] == ["verify", "note"]
    assert actions(verified, preset="amazon")["actions"] == ["cancel", "fulfil", "contact", "note"]


def test_AZ10_an_order_is_not_placed_again_for_the_buyer_on_amazon() -> None:
    cancelled = Sums("cancelled", "verified", 1, 1, 0, 0)

    assert actions(cancelled, preset="amazon")["actions_refused"]["reorder"] == "terms_forbid"
    assert "reorder" in actions(cancelled, preset="own_shop")["actions"]
    untouched = Sums("open", "verified", 1, 0, 0, 0)
    assert actions(untouched, preset="own_shop")["actions_refused"]["reorder"] == "nothing_cancelled"


def test_SH16_what_has_left_is_returned() -> None:
    assert row_action(Sums("shipped", "verified", 2, 0, 2, 0)) == {"verb": "return", "why": ""}
    assert row_action(Sums("closed", "verified", 2, 0, 2, 2)) == {"verb": "", "why": "already_shipped"}
