"""A reference names one row for ever: for another order, line or quantity it is refused, not taken for done."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from countermand.cancellations.models import Cancellation
from countermand.channels.actions import open_channel
from tests.files.test_cancel_file_end_to_end import Shop


@pytest.fixture
def shop(merchant: Any, tmp_path: Path, now: datetime) -> Iterator[Shop]:
    shop = Shop(merchant, tmp_path, now)
    shop.order("T1", ("MUG", 3, "10.00"), ("BOL", 2, "5.00"), ("MUG", 1, "8.00"))
    shop.order("T2", ("MUG", 3, "10.00"))
    yield shop


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_reference_that_was_used_for_another_order_is_refused_and_names_it(
    shop: Shop, dry_run: bool
) -> None:
    shop.cancel({"order": "T1", "reference": "r1"})
    reused, good = shop.cancel(
        {"order": "T2", "line": "1", "quantity": "1", "reference": "r1"},
        {"order": "T2", "line": "1", "quantity": "2", "reference": "r2"},
        dry_run=dry_run,
    )
    assert (reused.state, reused.code, reused.detail, reused.cancellation, reused.amount_minor) == (
        "refused", "reference_reused", "r1 cancelled order T1 before", "", None
    )  # fmt: skip
    assert (good.state, good.amount_minor) == ("done", 2000)


WHOLE: dict[str, str] = {}
ONE_MUG = {"line": "1", "quantity": "1"}


@pytest.mark.parametrize(
    ("first", "then"),
    [
        (ONE_MUG, {"line": "1", "quantity": "2"}),
        (ONE_MUG, {"line": "1"}),
        (ONE_MUG, {"line": "2", "quantity": "1"}),
        (ONE_MUG, {"sku": "BOL", "quantity": "1"}),
        (ONE_MUG, WHOLE),
        (WHOLE, {"line": "1"}),
        (WHOLE, {"line": "1", "quantity": "3"}),
        ({"sku": "MUG"}, {"line": "1"}),
        ({"sku": "MUG", "quantity": "4"}, {"sku": "MUG", "quantity": "3"}),
    ],
)
def test_a_reference_that_was_used_for_other_lines_or_units_is_refused(
    shop: Shop, first: dict[str, str], then: dict[str, str]
) -> None:
    shop.cancel({"order": "T1", "reference": "r1"} | first)
    [reused] = shop.cancel({"order": "T1", "reference": "r1"} | then, name="then.csv")
    assert (reused.state, reused.code) == ("refused", "reference_reused")
    assert reused.detail == "r1 cancelled other lines or units of order T1 before"
    assert Cancellation.of(shop.id).count() == 1


@pytest.mark.parametrize(
    "rows",
    [
        [WHOLE],
        [ONE_MUG, WHOLE],
        [ONE_MUG, {"line": "1", "reason": "damaged"}, {"line": "2"}],
        [{"sku": "MUG"}],
        [{"sku": "MUG", "quantity": "4"}, {"sku": "BOL"}],
        [{"line": "3"}, {"sku": "MUG", "quantity": "2"}],
        [{"line": "1", "sku": "MUG"}, {"line": "2", "quantity": "2"}],
    ],
)
def test_the_same_rows_again_are_already_done(shop: Shop, rows: list[dict[str, str]]) -> None:
    named = [{"order": "T1", "reference": f"r{place}"} | row for place, row in enumerate(rows)]
    first = shop.cancel(*named)
    assert {one.state for one in first} == {"done"}
    again = shop.cancel(*named, name="again.csv")
    assert [(one.state, one.cancellation) for one in again] == [
        ("already_done", one.cancellation) for one in first
    ]


def test_rows_that_were_done_together_are_told_apart_by_their_lines(shop: Shop) -> None:
    shop.cancel(
        {"order": "T1", "line": "1", "reference": "a"}, {"order": "T1", "line": "2", "reference": "b"}
    )
    assert Cancellation.of(shop.id).count() == 1
    other, same, whole = shop.cancel(
        {"order": "T1", "line": "3", "reference": "a"},
        {"order": "T1", "line": "2", "quantity": "2", "reference": "b"},
        {"order": "T1", "reference": "c"},
        name="then.csv",
    )
    assert [(one.state, one.code) for one in (other, same, whole)] == [
        ("refused", "reference_reused"), ("already_done", ""), ("done", "")
    ]  # fmt: skip


def test_a_file_without_channel_is_another_file_on_another_channel(shop: Shop, now: datetime) -> None:
    second = "m" * 64
    open_channel(
        merchant_id=shop.id, code=second, name="Marché", terms="own_shop", timezone="Europe/Paris",
        mode="test", overrides={}, by="test", at=now,
    )  # fmt: skip
    paid = {"provider": "sandbox", "amount": "7.00", "state": "captured", "provider_reference": "ok-second"}
    shop.order("T1", ("MUG", 1, "7.00"), channel=second, payments=[paid])
    path = shop.folder / "plain.csv"
    path.write_text("order,reason\nT1,other\n")
    outcomes = [shop.run(path, channel=channel) for channel in ("boutique", second, second, "boutique")]
    assert [(one.state, one.amount_minor) for [one] in outcomes] == [
        ("done", 4800), ("done", 700), ("already_done", 700), ("already_done", 4800)
    ]  # fmt: skip
    assert outcomes[1][0].cancellation == outcomes[2][0].cancellation != outcomes[0][0].cancellation


def test_a_reference_as_long_as_allowed_is_done_once(shop: Shop) -> None:
    rows = [
        {"order": "T2", "line": "1", "quantity": "1", "reference": "r" * 254 + end, "reason": reason}
        for end, reason in (("a", "other"), ("b", "damaged"))
    ]
    assert [one.state for one in shop.cancel(*rows)] == ["done", "done"]
    assert [one.state for one in shop.cancel(*rows, name="again.csv")] == ["already_done", "already_done"]
