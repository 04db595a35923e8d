"""Until which day a parcel may leave: calendar days, or business days with the public holidays of France."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermand.overdue.days import easter, holidays, is_business_day, last_day, latest_ship_by


def test_AZ13_seven_calendar_days_after_the_ship_by_day() -> None:
    assert last_day(date(2026, 11, 23), days=7, basis="calendar") == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("ship_by", "until"),
    [
        (date(2026, 11, 23), date(2026, 12, 2)),  # a Monday, one week-end between
        (date(2026, 11, 21), date(2026, 12, 1)),  # a Saturday counts from Monday
        (date(2026, 5, 6), date(2026, 5, 19)),  # 8 May and Ascension (14 May) are holidays
        (date(2026, 12, 23), date(2027, 1, 5)),  # Christmas and New Year
    ],
)
def test_AZ13_seven_business_days_step_over_week_ends_and_holidays(ship_by: date, until: date) -> None:
    assert last_day(ship_by, days=7, basis="business") == until


@pytest.mark.parametrize(
    ("year", "sunday"),
    [
        (2024, date(2024, 3, 31)),
        (2025, date(2025, 4, 20)),
        (2026, date(2026, 4, 5)),
        (2038, date(2038, 4, 25)),
    ],
)
def test_easter(year: int, sunday: date) -> None:
    assert easter(year) == sunday


def test_france_has_eleven_public_holidays() -> None:
    assert len(holidays(2026)) == 11
    assert {date(2026, 4, 6), date(2026, 5, 14), date(2026, 5, 25)} <= holidays(2026)
    assert not is_business_day(date(2026, 7, 14)) and is_business_day(date(2026, 7, 15))


@given(
    st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    st.integers(1, 30),
    st.sampled_from(["calendar", "business"]),
)
def test_AZ13_the_latest_ship_by_day_is_the_last_one_that_is_due(until: date, days: int, basis: str) -> None:
    latest = latest_ship_by(until, days=days, basis=basis)

    assert last_day(latest, days=days, basis=basis) <= until
    assert last_day(date.fromordinal(latest.toordinal() + 1), days=days, basis=basis) > until
