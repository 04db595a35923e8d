"""Amounts, dates and shares as the reader says them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils.translation import override

from countermand.web import readable

NOW = datetime(2026, 3, 12, 13, 3, tzinfo=UTC)  # 14:03 in Paris
NB, THIN, MINUS = "\u00a0", "\u202f", "\u2212"


@pytest.mark.parametrize(
    ("minor", "currency", "french", "english"),
    [
        (123456, "EUR", f"1{THIN}234,56{NB}€", "€1,234.56"),
        (0, "EUR", f"0,00{NB}€", "€0.00"),
        (-1250, "EUR", f"{MINUS}12,50{NB}€", f"{MINUS}€12.50"),
        (4200, "JPY", f"4{THIN}200{NB}JPY", "JP¥4,200"),
        (12345, "KWD", f"12,345{NB}KWD", "KWD12.345"),
    ],
)
def test_an_amount_is_written_in_the_readers_way(
    minor: int, currency: str, french: str, english: str
) -> None:
    with override("fr"):
        assert readable.money(minor, currency) == french
    with override("en"):
        assert readable.money(minor, currency).replace(NB, "") == english


@pytest.mark.parametrize(
    ("apart", "french", "english"),
    [
        (timedelta(seconds=-59), "à l'instant", "just now"),
        (timedelta(minutes=-1), "il y a 1 min", "1 min ago"),
        (timedelta(minutes=-119), "il y a 1 h", "1 hr ago"),
        (timedelta(hours=-3, minutes=-4), "il y a 3 h", "3 hr ago"),
        (timedelta(days=-2), "il y a 2 j", "2 days ago"),
        (timedelta(hours=5), "dans 5 h", "in 5 hr"),
        (timedelta(days=-7), "5 mars", "5 Mar"),
        (timedelta(days=-400), "5 févr. 2025", "5 Feb 2025"),
    ],
)
def test_an_instant_is_said_as_people_do(apart: timedelta, french: str, english: str) -> None:
    for language, said in (("fr", french), ("en", english)):
        with override(language):
            assert readable.ago(NOW + apart, NOW).replace(NB, " ") == said


def test_today_needs_no_date_and_another_year_needs_its_year() -> None:
    with override("fr"):
        assert readable.moment(NOW, NOW) == "14:03"
        assert readable.moment(NOW - timedelta(days=4), NOW) == "8 mars à 14:03"
        assert readable.moment(NOW - timedelta(days=400), NOW) == "5 février 2025 à 14:03"
        assert readable.day(date(2026, 3, 12)) == "12 mars 2026"


def test_a_share_is_written_in_per_cent() -> None:
    with override("fr"):
        assert readable.percent(0.012) == f"1,2{NB}%"
        assert readable.number(100000) == f"100{THIN}000"
    with override("en"):
        assert readable.percent(0.61, 0) == "61%"
