"""The arithmetic of rates, with numbers that a merchant can check by hand."""

from datetime import date
from typing import Any

import pytest

from countermand.performance.rules import Rate, percentage, window

DAY = date(2026, 11, 20)


def a_rate(cancelled: int, total: int, **others: Any) -> Rate:
    values: dict[str, Any] = {
        "limit": "5.00",
        "warn": "4.00",
        "unit": "order",
        "day_from": date(2026, 10, 21),
        "day_to": DAY,
    }
    return Rate(cancelled=cancelled, total=total, **(values | others))


@pytest.mark.parametrize(
    ("cancelled", "total", "written"),
    [
        (0, 0, "0.00"),
        (0, 7, "0.00"),
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (1, 23, "4.35"),  # 4.3478…
        (5, 100, "5.00"),
        (1, 20_000, "0.01"),  # 0.005: a half goes up
        (1, 20_001, "0.00"),
        (499, 9_999, "4.99"),  # 4.9905
        (7, 7, "100.00"),
    ],
)
def test_RK10_a_rate_is_a_percentage_with_two_decimals_half_up(
    cancelled: int, total: int, written: str
) -> None:
    assert percentage(cancelled, total) == written


def test_one_more_counting_order_raises_the_rate() -> None:
    rate = a_rate(39, 1000)
    assert rate.before == "3.90"
    assert rate.after(placed_on=DAY, new_order=True, articles=3) == "4.00"


def test_AZ6_an_order_that_counts_already_does_not_count_twice() -> None:
    assert a_rate(39, 1000).after(placed_on=DAY, new_order=False, articles=3) == "3.90"


def test_RK7_where_articles_are_counted_each_unit_counts() -> None:
    rate = a_rate(39, 1000, unit="article")
    assert rate.after(placed_on=DAY, new_order=False, articles=3) == "4.20"
    assert rate.after(placed_on=DAY, new_order=True, articles=3) == "4.20"


@pytest.mark.parametrize(
    ("placed_on", "after"),
    [
        (date(2026, 10, 20), "3.90"),  # the day before the window
        (date(2026, 10, 21), "4.00"),
        (DAY, "4.00"),
        (date(2026, 11, 21), "3.90"),
    ],
)
def test_only_orders_of_the_window_count(placed_on: date, after: str) -> None:
    assert a_rate(39, 1000).after(placed_on=placed_on, new_order=True, articles=1) == after


def test_the_window_is_the_last_whole_days_and_today() -> None:
    assert window(today=DAY, days=30) == (date(2026, 10, 21), DAY)
    assert window(today=DAY, days=7) == (date(2026, 11, 13), DAY)
