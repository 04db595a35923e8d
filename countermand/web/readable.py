"""Amounts, dates and shares as the reader says them.

Babel is asked with `fr_FR` or `en_GB`: British English because it names a foreign currency plainly
(US$, JP¥) and writes "3 hr ago" without a full stop.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

from babel import dates, numbers
from django.utils import timezone, translation

from countermand.money import exponent

_BABEL = {"fr": "fr_FR", "en": "en_GB"}
_NEAR = timedelta(days=7)
_WHOLE = {"fr": "d MMMM y 'à' HH:mm", "en": "d MMMM y 'at' HH:mm"}
_SHORT = {"fr": "d MMM 'à' HH:mm", "en": "d MMM 'at' HH:mm"}
MINUS = "\u2212"


def language() -> str:
    """This will say in which of our languages the page is being written."""
    return "en" if (translation.get_language() or "fr").startswith("en") else "fr"


def locale() -> str:
    return _BABEL[language()]


def money(minor: int, currency: str) -> str:
    """This will write minor units in the reader's way: 123456 EUR as "1 234,56 €" or "€1,234.56"."""
    major = Decimal(minor).scaleb(-exponent(currency))
    return _typeset(numbers.format_currency(major, currency, locale=locale(), currency_digits=True))


def number(value: int | Decimal | float) -> str:
    """This will write a number with its groups: 12 345 or 12,345."""
    return _typeset(numbers.format_decimal(value, locale=locale()))


def percent(share: Decimal | float, decimals: int = 1) -> str:
    """This will write a share (0.012) in per cent: "1,2 %" or "1.2%"."""
    pattern = "#,##0." + "0" * decimals if decimals else "#,##0"
    pattern += "\u00a0%" if language() == "fr" else "%"
    return _typeset(numbers.format_percent(share, format=pattern, locale=locale()))


def whole_moment(at: datetime) -> str:
    """This will write an instant in full: "12 mars 2026 à 14:03"."""
    return dates.format_datetime(timezone.localtime(at), _WHOLE[language()], locale=locale())


def moment(at: datetime, now: datetime) -> str:
    """This will write an instant briefly: "14:03" today, else "12 mars à 14:03", with the year when it differs."""
    here, today = timezone.localtime(at), timezone.localtime(now)
    if here.date() == today.date():
        return dates.format_datetime(here, "HH:mm", locale=locale())
    pattern = _SHORT if here.year == today.year else _WHOLE
    return dates.format_datetime(here, pattern[language()], locale=locale())


def day(on: date) -> str:
    """This will write a day: "12 mars 2026"."""
    if isinstance(on, datetime):
        on = timezone.localtime(on).date()
    return dates.format_date(on, "d MMMM y", locale=locale())


def day_near(on: date, today: date) -> str:
    """This will say a day that is not far as people do aloud: "26" or "1er" this month, else "2 décembre"."""
    if language() != "fr":
        return dates.format_date(on, "d MMMM" if on.year == today.year else "d MMMM y", locale=locale())
    number = "1er" if on.day == 1 else str(on.day)
    if (on.year, on.month) == (today.year, today.month):
        return number
    return f"{number} {dates.format_date(on, 'MMMM' if on.year == today.year else 'MMMM y', locale=locale())}"


def ago(at: datetime, now: datetime) -> str:
    """This will say an instant as people do: "il y a 3 h", "dans 2 j"; beyond a week its date."""
    apart = at - now
    if abs(apart) < timedelta(minutes=1):
        return translation.gettext("à l'instant")
    if abs(apart) >= _NEAR:
        here = timezone.localtime(at)
        same_year = here.year == timezone.localtime(now).year
        return dates.format_datetime(here, "d MMM" if same_year else "d MMM y", locale=locale())
    # Whole units downwards: after 1 h 50 nobody says "two hours ago" while a clock is running.
    for unit in (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)):
        if abs(apart) >= unit:
            count = abs(apart) // unit
            apart = unit * count if apart > timedelta(0) else -unit * count
            break
    return dates.format_timedelta(apart, format="short", threshold=1, add_direction=True, locale=locale())


def _typeset(text: str) -> str:
    return text.replace("-", MINUS)
