"""Whether a platform keeps its commission on what is called off, and until when its service pays (RK-5, RK-8, RK-13)."""

from datetime import date, timedelta
from typing import Any

import pytest

from countermand.cancellations.ask import Ask
from countermand.cancellations.commission import commission
from countermand.cancellations.plan import plan
from countermand.channels.presets import effective
from countermand.refusals import Refusal
from tests.rules.ledgers import NOON, a_ledger

BEFORE, AFTER = NOON - timedelta(minutes=1), NOON + timedelta(minutes=1)


def asked(**more: Any) -> Ask:
    return Ask(reason="customer_changed_mind", message="Comme demandé.", **more)


@pytest.mark.parametrize(
    ("more", "becomes"),
    [
        ({}, "kept"),
        ({"initiated_by": "buyer"}, "kept"),
        ({"official_request": True}, "reversed"),
        ({"case_reference": "SC-1", "case_at": BEFORE}, "reversed"),
        ({"case_reference": "SC-1", "case_at": NOON}, "reversed"),
        ({"case_reference": "SC-1", "case_at": AFTER}, "kept"),
        ({"case_reference": "SC-1"}, "kept"),
        ({"case_reference": " ", "case_at": BEFORE}, "kept"),
    ],
)
def test_RK8_RK13_only_a_case_that_came_before_gives_the_commission_back(
    more: dict[str, Any], becomes: str
) -> None:
    terms = effective("rakuten_france", {})
    assert commission(terms, asked(**more), at=NOON) == becomes


@pytest.mark.parametrize(
    ("terms", "becomes"), [("own_shop", ""), ("merchant_space", "reversed"), ("amazon", "reversed")]
)
def test_where_the_terms_reverse_it_no_case_is_needed(terms: str, becomes: str) -> None:
    assert commission(effective(terms, {}), asked(), at=NOON) == becomes


def test_RK5_the_service_pays_within_its_days_and_the_law_holds_where_it_has_none() -> None:
    service = plan(a_ledger(preset="rakuten_france"), asked(), at=NOON)
    assert (service.pay_by, service.when) == (date(2026, 11, 23), "platform")
    assert all(service.waits(part) for part in service.parts)
    slow = plan(a_ledger(preset="rakuten_france", service_refund_days=31), asked(), at=NOON)
    assert slow.pay_by == date(2026, 12, 4)
    platform = plan(a_ledger(preset="merchant_space"), asked(), at=NOON)
    assert (platform.pay_by, platform.carried_by) == (date(2026, 12, 4), "platform")
    assert not any(platform.waits(part) for part in platform.parts)


@pytest.mark.parametrize("preset", ["rakuten_france", "merchant_space"])
@pytest.mark.parametrize("wish", [{"when": "none"}, {"amount": "1.00"}, {"method": "manual"}])
def test_EM10_RK5_a_merchant_chooses_nothing_of_the_platforms_refund(
    preset: str, wish: dict[str, Any]
) -> None:
    with pytest.raises(Refusal) as refusal:
        plan(a_ledger(preset=preset), asked(**wish), at=NOON)
    assert refusal.value.code == "terms_forbid"


def test_what_becomes_of_the_commission_is_part_of_what_was_shown() -> None:
    shown = plan(a_ledger(preset="rakuten_france"), asked(), at=NOON).digest
    with_case = asked(case_reference="SC-1", case_at=BEFORE)
    assert plan(a_ledger(preset="rakuten_france"), with_case, at=NOON).digest != shown
