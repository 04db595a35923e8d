"""A cancellation file from a shop's true months, run from end to end: every unit, every penny, every row."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from countermand import money
from countermand.cancellations.models import Cancellation, CancellationRow
from countermand.correspondence.models import Message
from countermand.files.apply_cancellations import Outcome, apply_cancellations
from countermand.files.cancellation_rows import COLUMNS, open_cancellations
from countermand.files.import_online_retail import import_retail_items, import_retail_orders, write_credits
from countermand.files.online_retail import CreditMatching, OrderSummary, open_online_retail
from countermand.intake.actions import receive
from countermand.orders.models import Line, Order
from countermand.refunds import jobs
from countermand.refunds.models import Refund

EXCERPT = Path(__file__).parents[2] / "countermand" / "demo" / "online_retail_excerpt.csv.gz"
PLACED = "2026-11-20T10:00:00+01:00"


class Shop:
    """A merchant, and what files do to it."""

    def __init__(self, merchant: Any, folder: Path, now: datetime) -> None:
        self.id: int = merchant.id
        self.folder = folder
        self.now = now

    def load_excerpt(self) -> CreditMatching:
        source = open_online_retail(path=EXCERPT)
        by: dict[str, Any] = {"by": "test", "at": self.now}
        items = Counter(one.state for one in import_retail_items(merchant_id=self.id, source=source, **by))
        summary = OrderSummary()
        orders = Counter(
            one.state
            for one in import_retail_orders(
                merchant_id=self.id, source=source, channel="retail", summary=summary, **by
            )
        )
        assert (items, orders) == ({"done": 1738}, {"done": 300})
        return write_credits(source=source, channel="retail", path=self.folder / "credits.csv")

    def order(self, number: str, *lines: tuple[str, int, str], shipping: str = "0.00", **more: Any) -> None:
        total = sum(money.parse(price, currency="EUR") * quantity for _, quantity, price in lines)
        paid = money.plain(total + money.parse(shipping, currency="EUR"), "EUR")
        body = {
            "channel": "boutique",
            "number": number,
            "placed_at": PLACED,
            "currency": "EUR",
            "customer": {"name": "Anne Petit", "email": "anne@example.test", "language": "fr"},
            "lines": [
                {"sku": sku, "quantity": quantity, "unit_price": price} for sku, quantity, price in lines
            ],
            "shipping": {"amount": shipping},
            "payments": [{"provider": "sandbox", "amount": paid, "state": "captured"}],
        } | more
        receive(merchant_id=self.id, body=body, by="test", at=self.now)

    def run(self, path: Path, *, dry_run: bool = False, channel: str = "boutique") -> list[Outcome]:
        file = open_cancellations(path=path, channel=channel)
        return list(
            apply_cancellations(merchant_id=self.id, file=file, by="file:test", at=self.now, dry_run=dry_run)
        )

    def cancel(self, *rows: dict[str, str], dry_run: bool = False, name: str = "rows.csv") -> list[Outcome]:
        path = self.folder / name
        with path.open("w", newline="") as text:
            writer = csv.DictWriter(text, COLUMNS)
            writer.writeheader()
            writer.writerows({"reason": "other", **row} for row in rows)
        return self.run(path, dry_run=dry_run)

    def refunded_by_customer(self) -> dict[str, int]:
        refunds = Refund.of(self.id).filter(state="succeeded").values_list("order_id", "amount_minor")
        emails = dict(Order.of(self.id).values_list("id", "customer_email"))
        amounts: Counter[str] = Counter()
        for order, amount in refunds:
            amounts[emails[order].removeprefix("c").partition("@")[0]] += amount
        return dict(amounts)


@pytest.fixture
def shop(merchant: Any, tmp_path: Path, now: datetime) -> Iterator[Shop]:
    yield Shop(merchant, tmp_path, now)


def said(outcomes: list[Outcome]) -> list[tuple[str, str, int | None]]:
    return [(one.state, one.code, one.amount_minor) for one in outcomes]


def test_AZ2_what_is_refunded_equals_the_credits_to_the_penny_customer_by_customer(shop: Shop) -> None:
    credits = shop.load_excerpt()
    path = shop.folder / "credits.csv"

    tried = shop.run(path, dry_run=True)
    assert not Cancellation.of(shop.id).exists()

    rows = shop.run(path)
    assert said(rows) == said(tried)
    assert [(one.state, one.amount_minor) for one in rows] == [
        ("done", part.amount_minor) for part in credits.parts
    ]

    again = shop.run(path)
    assert {one.state for one in again} == {"already_done"}
    made = [(one.cancellation, one.amount_minor, one.currency) for one in rows]
    assert [(one.cancellation, one.amount_minor, one.currency) for one in again] == made

    while jobs.drain(at=datetime.now(UTC)).claimed:
        pass
    assert shop.refunded_by_customer() == credits.amount_minor_by_customer()
    assert sum(shop.refunded_by_customer().values()) == 334_791
    units = sum(part.quantity for part in credits.parts)
    assert sum(Line.of(shop.id).values_list("cancelled", flat=True)) == units == 1_312
    assert not Message.of(shop.id).exists()  # notify no: a loaded history is no news


def test_bad_rows_are_refused_by_name_and_hold_up_no_other(shop: Shop) -> None:
    for number in range(100):
        shop.order(str(number), ("MUG", 3, "10.00"), ("BOL", 1, "5.00"))
    shop.order("shipped", ("MUG", 1, "10.00"), fulfilments=[
        {"shipped_at": PLACED, "lines": [{"line": "1", "quantity": 1}]}])  # fmt: skip
    bad: list[tuple[dict[str, str], str]] = [
        ({"order": "nowhere"}, "not_found"),
        ({"order": "1", "channel": "elsewhere"}, "unknown_channel"),
        ({"order": "2", "line": "9"}, "unknown_line"),
        ({"order": "3", "sku": "VASE"}, "unknown_line"),
        ({"order": "4", "line": "1", "quantity": "4"}, "quantity_too_large"),
        ({"order": "5", "line": "1", "quantity": "0"}, "quantity_too_small"),
        ({"order": "6", "quantity": "1"}, "line_required"),
        ({"order": "7", "reason": "mood"}, "unknown_reason"),
        ({"order": "8", "reason": ""}, "reason_required"),
        ({"order": "9", "refund": "none"}, "refund_owed"),
        ({"order": "10", "restock": "perhaps"}, "invalid_value"),
        ({"order": "shipped"}, "already_shipped"),
        ({"order": "11", "line": "1", "sku": "BOL"}, "unknown_line"),
    ]
    good = [{"order": str(number)} for number in range(20, 100)]
    rows = [row for row, _ in bad[:6]] + good + [row for row, _ in bad[6:]]
    outcomes = shop.cancel(*rows)
    refused = [(one.raw["order"], one.code) for one in outcomes if one.state == "refused"]
    assert refused == [(row["order"], code) for row, code in bad]
    assert [said([one]) for one in outcomes if one.state != "refused"] == [[("done", "", 3500)]] * 80
    assert [one.row_number for one in outcomes] == list(range(2, len(rows) + 2))


def test_rows_of_one_order_that_want_the_same_become_one_cancellation_with_one_mail(shop: Shop) -> None:
    shop.order("1", ("MUG", 3, "10.00"), ("BOL", 2, "5.00"), shipping="4.90")
    first, bad, last = shop.cancel(
        {"order": "1", "line": "1"},
        {"order": "1", "line": "2", "quantity": "9"},
        {"order": "1", "sku": "BOL"},
    )
    # The run calls everything off, so the carriage goes back: with its last row.
    assert said([first, bad, last]) == [
        ("done", "", 3000),
        ("refused", "quantity_too_large", None),
        ("done", "", 1490),
    ]
    assert first.cancellation == last.cancellation
    assert Cancellation.of(shop.id).get().refund_minor == 4490
    assert CancellationRow.of(shop.id).count() == 2
    assert Message.of(shop.id).count() == Refund.of(shop.id).count() == 1


def test_rows_that_want_different_things_stay_apart(shop: Shop) -> None:
    shop.order("1", ("MUG", 3, "10.00"), ("BOL", 2, "5.00"))
    outcomes = shop.cancel(
        {"order": "1", "line": "1", "quantity": "1"},
        {"order": "1", "line": "1", "quantity": "1"}
        | {"reference": "again"},  # the same line: another decision
        {"order": "1", "line": "2", "reason": "damaged"},
        {"order": "1"},
    )
    assert said(outcomes) == [("done", "", 1000), ("done", "", 1000), ("done", "", 1000), ("done", "", 1000)]
    assert len({one.cancellation for one in outcomes}) == 4


def test_an_article_on_several_lines_is_taken_from_the_first_lines_first(shop: Shop) -> None:
    shop.order("1", ("MUG", 2, "10.00"), ("BOL", 1, "1.00"), ("MUG", 2, "8.00"))
    shop.order("2", ("MUG", 2, "10.00"), ("MUG", 2, "8.00"))
    some, rest, too_many = shop.cancel(
        {"order": "1", "sku": "MUG", "quantity": "3"},
        {"order": "1", "sku": "MUG"},
        {"order": "2", "sku": "MUG", "quantity": "5"},
    )
    assert said([some, rest]) == [("done", "", 2800), ("done", "", 800)]
    assert (too_many.state, too_many.code) == ("refused", "quantity_too_large")


def test_a_dry_run_sees_what_earlier_rows_would_have_done_even_far_up_the_file(shop: Shop) -> None:
    for number in range(80):
        shop.order(str(number), ("MUG", 2, "10.00"))
    rows = [
        {"order": "0", "line": "1", "quantity": "1", "reference": "a"},
        *({"order": str(number)} for number in range(1, 80)),
        {"order": "0", "line": "1", "quantity": "1", "reference": "b"},
        {"order": "0", "line": "1", "quantity": "1", "reference": "c"},
    ]
    tried = shop.cancel(*rows, dry_run=True)
    assert said([tried[0], *tried[-2:]]) == [
        ("done", "", 1000), ("done", "", 1000), ("refused", "already_cancelled", None)
    ]  # fmt: skip
    assert said(tried) == said(shop.cancel(*rows))


def test_a_reference_is_done_once_in_whatever_file_it_stands(shop: Shop) -> None:
    shop.order("1", ("MUG", 3, "10.00"), ("BOL", 2, "5.00"))
    [first] = shop.cancel({"order": "1", "line": "1", "quantity": "1", "reference": "r1"})
    again, new = shop.cancel(
        {"order": "1", "line": "1", "quantity": "1", "reference": "r1"},
        {"order": "1", "line": "2", "reference": "r2"},
        name="mended.csv",
    )
    assert (again.state, again.cancellation, again.amount_minor) == ("already_done", first.cancellation, 1000)
    assert said([new]) == [("done", "", 1000)]


def test_a_row_that_says_nothing_of_the_refund_gives_back_now(shop: Shop) -> None:
    shop.order("1", ("MUG", 3, "10.00"))
    for place, refund in enumerate(("", "now", "later")):
        shop.cancel({"order": "1", "line": "1", "quantity": "1", "refund": refund}, name=f"{place}.csv")
    made = Cancellation.of(shop.id).order_by("at", "id").values_list("refund_when", flat=True)
    assert list(made) == ["now", "now", "later"]


def test_where_less_goes_back_than_units_are_worth_the_rows_still_sum_to_it(shop: Shop) -> None:
    paid = [{"provider": "sandbox", "amount": "12.00", "state": "captured"}]
    shop.order("1", ("MUG", 1, "10.00"), ("BOL", 1, "5.00"), payments=paid)
    outcomes = shop.cancel({"order": "1", "line": "1"}, {"order": "1", "line": "2"})
    assert said(outcomes) == [("done", "", 1000), ("done", "", 200)]
    assert Cancellation.of(shop.id).get().refund_minor == 1200


def test_an_order_that_is_being_changed_elsewhere_fails_alone(shop: Shop) -> None:
    from django.db import connection

    shop.order("1", ("MUG", 1, "10.00"))
    shop.order("2", ("MUG", 1, "10.00"))
    other = connection.copy()
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '200ms'")
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(
                'SELECT id FROM "order" WHERE merchant_id = %s AND number = %s FOR UPDATE', [shop.id, "1"]
            )
        held, free = shop.cancel({"order": "1"}, {"order": "2"})
    finally:
        other.rollback()
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("RESET lock_timeout")
    assert (held.state, held.code) == ("error", "in_progress")
    assert said([free]) == [("done", "", 1000)]
    assert [one.state for one in shop.run(shop.folder / "rows.csv")] == ["done", "already_done"]
