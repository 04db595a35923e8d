"""The audit: silent while all holds, and each check speaks when its one figure is wrong.

A shop whose money has gone every way is made once; each test spoils one thing by raw SQL in a
transaction that is rolled back, and says which checks must speak, no more and no fewer.
"""

import itertools
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from countermand import sql
from countermand.cancellations.undo import undo
from countermand.channels.actions import open_channel
from countermand.documents import jobs as papers
from countermand.documents.identity import say_identity
from countermand.merchants.actions import add_merchant
from countermand.overview.audit import CHECKS, audit, report
from countermand.refunds.actions import GiveBack, reimburse
from countermand.refunds.jobs import drain
from tests.actions.audit_spoiling import SPOILING
from tests.actions.bookkeeper import MUG
from tests.actions.overview_shop import Shop
from tests.actions.spoiling import set_order

_numbers = itertools.count(1)
CONSENT = {"text": "un avoir me convient", "at": "2026-11-20T10:00:00+01:00", "via": "phone"}


@pytest.fixture(scope="module")
def shop(database: None) -> Shop:
    """1 refunded in part · 2 owed · 3 undone · 4 in store credit · 5 in flight · 6 untouched · 7 goodwill · 8 voided."""
    now = datetime.now(UTC)
    made = add_merchant(code=f"audit{os.getpid()}-{next(_numbers)}", name="Le Petit Mug")
    open_channel(
        merchant_id=made.id,
        code="boutique",
        name="Boutique",
        terms="own_shop",
        overrides={},
        timezone="Europe/Paris",
        mode="test",
        by="test",
        at=now,
    )
    shop = Shop(made.id, now)
    orders = {number: shop.order(str(number)) for number in range(1, 8)}
    free = {"provider": "sandbox", "amount": "38.80", "state": "authorized"}
    orders[8] = shop.order("8", payments=[free])
    shop.cancel(orders[1], ("1", 2))
    shop.cancel(orders[2], when="later", reason="budget")
    undone = shop.cancel(orders[3], ("1", 1), undo_seconds=60)
    undo(merchant_id=made.id, cancellation_id=undone.id, by="marie", at=now)
    shop.cancel(orders[4], method="store_credit", consent=CONSENT, reason="doubt")
    reimburse(merchant_id=made.id, order_id=orders[7], wish=GiveBack(amount="3.00"), by="marie", at=now)
    shop.cancel(orders[8])
    drain(at=datetime.now(UTC))
    say_identity(merchant_id=made.id, identity=MUG, by="marie", at=now)
    papers.drain(at=datetime.now(UTC))
    shop.cancel(orders[5], ("1", 1))
    return shop


def heard(shop: Shop) -> set[str]:
    return {finding.check for finding in audit(merchant_id=shop.merchant_id)}


class _Undo(Exception):
    pass


@pytest.fixture
def spoiled(shop: Shop) -> Iterator[Any]:
    """Spoils the shop until the test is over."""
    try:
        with transaction.atomic():

            def spoil(*statements: str) -> set[str]:
                for statement in statements:
                    assert sql.execute(statement, {"m": shop.merchant_id}) != 0
                return heard(shop)

            yield spoil
            raise _Undo
    except _Undo:
        pass


def test_all_holds_after_money_has_gone_every_way(shop: Shop) -> None:
    assert audit(merchant_id=shop.merchant_id) == []
    states = sql.tuples(
        "SELECT DISTINCT kind, method, state FROM refund WHERE merchant_id = %s", (shop.merchant_id,)
    )
    assert set(states) == {
        *(
            ("refund", "original", "succeeded"),
            ("refund", "original", "planned"),
            ("refund", "original", "withdrawn"),
        ),
        *(("refund", "store_credit", "succeeded"), ("void", "original", "succeeded")),
    }


@pytest.mark.parametrize("what", SPOILING)
def test_the_check_of_what_was_spoiled_speaks(spoiled: Any, what: str) -> None:
    statements, checks = SPOILING[what]

    assert spoiled(*statements) == checks


def test_every_check_is_seen_to_fail() -> None:
    spoken = set().union(*(checks for _, checks in SPOILING.values()))

    assert {check.name for check in CHECKS} - spoken == set()


def test_a_finding_names_the_order_and_both_figures(spoiled: Any, shop: Shop) -> None:
    spoiled(set_order(2, "to_give_back_minor = to_give_back_minor + 1"))

    [finding] = audit(merchant_id=shop.merchant_id)

    assert (finding.subject, finding.detail) == ("order 2", "stored 38.81 EUR, by the rules 38.80 EUR")


def test_an_audit_of_one_merchant_is_silent_about_another(spoiled: Any, shop: Shop) -> None:
    spoiled(set_order(2, "to_give_back_minor = 0"))

    assert audit(merchant_id=shop.merchant_id + 100_000) == []
    assert len(audit(merchant_id=shop.merchant_id)) == 1


def test_an_audit_of_all_merchants_hears_of_one(spoiled: Any, shop: Shop) -> None:
    before = len(audit())
    spoiled(set_order(2, "to_give_back_minor = 0"))

    assert len(audit()) == before + 1


def test_all_orders_are_judged_however_many_batches_they_take(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from countermand.overview.audit import recomputed

    seen: list[str] = []
    small = recomputed.NEXT.replace(f"LIMIT {recomputed.BATCH}", "LIMIT 3")
    monkeypatch.setattr(recomputed, "NEXT", small)
    with sql.watched(seen.append):
        assert list(recomputed.findings(merchant_id=shop.merchant_id)) == []

    assert len([text for text in seen if "after_merchant" in text]) == 4  # 3 + 3 + 2 orders, and then none


def test_the_report_says_how_much_was_proven(shop: Shop) -> None:
    told = report(merchant_id=shop.merchant_id)

    assert (told["holds"], told["findings"]) == (True, [])
    assert (told["totals"]["orders"], told["totals"]["cancellations"]) == (8, 6)
    assert told["totals"]["amounts"]["EUR"] == {
        "total": "310.40",
        "captured": "271.60",
        "refunded": "63.06",
        "in_flight": "10.63",
        "to_give_back": "38.80",
    }
