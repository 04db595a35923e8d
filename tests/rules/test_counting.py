"""What counts in the rate under each terms, and why: the table of docs/terms.md, case by case."""

import pytest

from countermand.channels.counting import COUNT, WHYS, entered, judged
from countermand.channels.presets import effective

CASES = [
    # terms, who, official, reason, beyond -> why
    ("own_shop", "merchant", False, "out_of_stock", False, "all"),
    ("own_shop", "buyer", True, "budget", False, "all"),
    ("merchant_space", "merchant", False, "out_of_stock", False, "seller"),
    ("merchant_space", "buyer", False, "budget", False, "buyer"),
    ("rakuten_france", "merchant", False, "out_of_stock", False, "seller"),
    ("rakuten_france", "buyer", False, "budget", False, "no_case"),
    ("rakuten_france", "buyer", True, "budget", False, "case_before"),
    ("rakuten_france", "buyer", True, "delay", False, "case_before"),
    ("rakuten_france", "buyer", True, "budget", True, "more_units"),
    ("rakuten_france", "platform", True, "budget", False, "case_before"),
    ("rakuten_france", "platform", False, "other", False, "automatic"),
    ("amazon", "merchant", False, "customer_changed_mind", False, "seller"),
    ("amazon", "buyer", True, "customer_changed_mind", False, "official_request"),
    ("amazon", "buyer", True, "wrong_address", False, "official_request"),
    ("amazon", "buyer", True, "out_of_stock", False, "other_reason"),
    ("amazon", "buyer", True, "delay", False, "other_reason"),
    ("amazon", "buyer", True, "customer_changed_mind", True, "more_units"),
    ("amazon", "buyer", False, "customer_changed_mind", False, "no_official_request"),
    ("amazon", "platform", False, "delay", False, "automatic"),
]


@pytest.mark.parametrize(("preset", "who", "official", "reason", "beyond", "why"), CASES)
def test_RK7_RK8_AZ6_AZ7_what_counts_and_why(
    preset: str, who: str, official: bool, reason: str, beyond: bool, why: str
) -> None:
    found = judged(
        effective(preset, {}), initiated_by=who, official_request=official, reason=reason, beyond=beyond
    )
    assert found == (why in COUNT, why)


def test_every_why_comes_about() -> None:
    assert {case[-1] for case in CASES} | {"not_in_rate"} == set(WHYS)


def test_RK1_AZ12_an_order_enters_the_rate_once_it_is_accepted_or_verified() -> None:
    for preset, accepted, verified in (
        ("own_shop", False, "pending"),
        ("merchant_space", True, "pending"),
        ("rakuten_france", True, "pending"),
        ("amazon", False, "verified"),
    ):
        assert entered(effective(preset, {}), accepted=accepted, verification=verified)
    assert not entered(effective("rakuten_france", {}), accepted=False, verification="verified")
    assert not entered(effective("merchant_space", {}), accepted=False, verification="verified")
    assert not entered(effective("amazon", {}), accepted=True, verification="pending")
    found = judged(
        effective("rakuten_france", {}), initiated_by="merchant", official_request=False, entered=False
    )
    assert found == (False, "not_in_rate")
