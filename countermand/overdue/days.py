"""Days on which a platform waits for a parcel: calendar days, or business days of France. Pure.

Public holidays: C. trav. L3133-1 (eleven of them, the same in all of France but Alsace-Moselle).
"""

from datetime import date, timedelta
from functools import lru_cache

DAY = timedelta(days=1)
FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
AFTER_EASTER = (1, 39, 50)  # Monday, Ascension, Whit Monday
SATURDAY = 5


def easter(year: int) -> date:
    """This will say when Easter Sunday is (Gauss, as Meeus has it, for every Gregorian year)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (b - (b + 8) // 25 + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    n = (32 + 2 * e + 2 * i - h - k) % 7
    month, day = divmod(h + n - 7 * ((a + 11 * h + 22 * n) // 451) + 114, 31)
    return date(year, month, day + 1)


@lru_cache
def holidays(year: int) -> frozenset[date]:
    """This will list the public holidays of a year."""
    sunday = easter(year)
    return frozenset(date(year, *each) for each in FIXED) | {sunday + n * DAY for n in AFTER_EASTER}


def is_business_day(day: date) -> bool:
    """This will say whether a day is one of Monday to Friday and no public holiday."""
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def last_day(ship_by: date, *, days: int, basis: str) -> date:
    """This will say until which day, that day included, a parcel may still leave: so many days after `ship_by`."""
    if basis != "business":
        return ship_by + days * DAY
    day, left = ship_by, days
    while left:
        day += DAY
        left -= is_business_day(day)
    return day


def latest_ship_by(until: date, *, days: int, basis: str) -> date:
    """This will say which `ship_by` is the latest whose last day is `until` or before: what a query compares with."""
    if basis != "business":
        return until - days * DAY
    ship_by = until
    while last_day(ship_by, days=days, basis=basis) > until:
        ship_by -= DAY
    return ship_by
