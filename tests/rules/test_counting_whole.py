"""Every cancellation there can be, held against the table of docs/terms.md, Rates, as it is written there."""

import itertools

import pytest

from countermand.channels.counting import judged
from countermand.channels.models import PRESETS
from countermand.channels.presets import effective
from countermand.reasons import REASONS

# « Annulé par l'acheteur » is true of what a buyer wishes, and of an address at which the buyer cannot receive (AZ-17).
BUYERS = {
    "customer_changed_mind",
    "budget",
    "better_offer",
    "doubt",
    "ordered_by_mistake",
    "wrong_address",
}
WHO = ("merchant", "buyer", "platform")
YES_NO = (False, True)


def counts(preset: str, who: str, reason: str, official: bool, beyond: bool) -> bool:
    """The table in words: what counts under each system."""
    if preset == "own_shop":
        return True  # all, split by who asked
    if who == "merchant":
        return True  # the seller's, everywhere
    if who == "platform" and not official:
        return True  # the platform's automatic: nobody sent it (AZ-13)
    if preset == "merchant_space":
        return False  # the buyer's does not
    if not official:
        return True  # RK-8: no prior case; AZ-7: asked by a message alone
    if beyond:
        return True  # AZ-6: more units than asked
    return preset == "amazon" and reason not in BUYERS  # AZ-6: another reason


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("who", WHO)
def test_RK7_RK8_AZ6_AZ7_every_cell_of_the_table(preset: str, who: str) -> None:
    terms = effective(preset, {})
    for reason, official, beyond in itertools.product(REASONS, YES_NO, YES_NO):
        found = judged(terms, initiated_by=who, official_request=official, reason=reason, beyond=beyond)
        assert found.counts == counts(preset, who, reason, official, beyond), (reason, official, beyond)


@pytest.mark.parametrize("preset", PRESETS)
def test_RK1_AZ11_what_was_never_a_sale_counts_nowhere(preset: str) -> None:
    terms = effective(preset, {})
    for who, reason, official in itertools.product(WHO, REASONS, YES_NO):
        found = judged(terms, initiated_by=who, official_request=official, reason=reason, entered=False)
        assert found == (False, "not_in_rate")
