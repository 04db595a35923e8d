"""One table says what may be done: every cell of terms, state, action and role is answered, and page and verb obey it."""

import itertools

import pytest

from countermand.channels.models import PRESETS
from countermand.channels.presets import effective
from countermand.lifecycle import ORDER
from countermand.merchants.roles import ROLES, allows
from countermand.orders import permitted
from countermand.orders.permitted import ACTIONS, STATES, WHO, state_of, why
from countermand.refusals import STATE_CODES, Refusal

CELLS = list(itertools.product(PRESETS, STATES, ACTIONS, WHO))


def says(preset: str, state: str, action: str, role: str = "owner") -> str:
    return why(effective(preset, {}), state, action, role)


def test_AZ1_the_table_knows_every_state_of_an_order_and_one_more() -> None:
    assert {*ORDER, "shipped_unconfirmed"} == set(STATES)
    assert all(set(cells) == set(STATES) for cells in permitted.TABLE.values())
    assert set(permitted.PERMISSION) == set(ACTIONS)


def test_AZ1_every_cell_is_answered_with_nothing_or_a_refusal_that_says_the_state_forbids_it() -> None:
    for cell in CELLS:
        code = says(*cell)
        assert code in ("", "forbidden") or code in STATE_CODES, cell


def test_AZ1_a_role_below_the_permission_gets_no_other_answer_than_forbidden() -> None:
    for preset, state, action in itertools.product(PRESETS, STATES, ACTIONS):
        for role in ROLES:
            lower = not allows(role, permitted.PERMISSION[action])
            assert (says(preset, state, action, role) == "forbidden") == lower, (state, action, role)


def test_AZ11_a_pending_order_can_only_be_read_noted_and_verified() -> None:
    may = [action for action in ACTIONS if not says("amazon", "pending", action)]

    assert may == ["read", "note", "verify", "restock"]
    assert says("amazon", "pending", "see_buyer") == "not_verified_yet"


def test_AZ14_only_the_platform_cancels_what_it_could_not_verify() -> None:
    assert says("amazon", "pending", "cancel", "platform") == ""
    assert says("amazon", "pending", "cancel", "owner") == "not_verified_yet"
    assert says("amazon", "shipped", "cancel", "platform") == "already_shipped"


def test_RK5_where_the_platform_gives_money_back_nobody_of_the_merchant_does() -> None:
    assert says("rakuten_france", "cancelled", "refund", "owner") == "terms_forbid"
    assert says("rakuten_france", "cancelled", "refund", "platform") == ""
    assert says("own_shop", "cancelled", "refund", "owner") == ""
    assert says("own_shop", "cancelled", "refund", "platform") == "terms_forbid"


def test_AZ10_nobody_places_an_order_again_where_only_the_buyer_may() -> None:
    assert {preset: says(preset, "cancelled", "reorder") for preset in PRESETS} == {
        "own_shop": "",
        "merchant_space": "",
        "rakuten_france": "terms_forbid",
        "amazon": "terms_forbid",
    }


def test_AZ17_no_address_is_changed_in_any_state_by_anybody() -> None:
    found = {says(p, s, "change_address", role) for p, s, role in itertools.product(PRESETS, STATES, WHO)}

    assert found == {"address_fixed", "forbidden"}


def test_AZ4_sent_but_not_confirmed_is_a_state_of_its_own() -> None:
    assert state_of(status="shipped", unconfirmed=True) == "shipped_unconfirmed"
    assert state_of(status="shipped") == "shipped"
    assert says("amazon", "shipped_unconfirmed", "cancel") == "already_shipped"
    assert says("amazon", "shipped_unconfirmed", "confirm_shipment") == ""
    assert says("amazon", "shipped", "confirm_shipment") == "already_confirmed"
    assert says("amazon", "shipped_unconfirmed", "intercept") == ""
    assert says("rakuten_france", "shipped_unconfirmed", "intercept") == "terms_forbid"


def test_AZ11_what_is_being_verified_is_pending_whatever_else_it_is() -> None:
    assert state_of(status="shipped", verification="pending") == "pending"
    assert state_of(status="cancelled", verification="pending") == "cancelled"


def test_RK1_before_acceptance_a_sale_is_refused_not_cancelled() -> None:
    assert says("rakuten_france", "awaiting_acceptance", "refuse") == ""
    assert says("rakuten_france", "awaiting_acceptance", "cancel") == "not_accepted_yet"
    assert says("rakuten_france", "open", "refuse") == "already_accepted"


def test_AZ1_a_verb_refuses_with_the_word_of_the_table() -> None:
    with pytest.raises(Refusal) as refused:
        permitted.judge(effective("amazon", {}), "pending", "fulfil")
    assert refused.value.code == "not_verified_yet" and refused.value.status == 409
