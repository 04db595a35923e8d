"""The guard of the rate: what is still possible, what one more does, what leaves, how many are too many."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from countermand.channels.presets import effective
from countermand.performance.estimate import WEIGHTS, estimate, letter
from countermand.performance.guard import DaySums, back_below, courses, forecast, steps, too_many
from countermand.performance.rules import Rate

TODAY = date(2026, 11, 20)
FIRST = date(2026, 10, 21)


def a_rate(cancelled: int, total: int, *, limit: str = "5.00", warn: str = "4.00", minimum: int = 10) -> Rate:
    return Rate(cancelled, total, limit, warn, "order", FIRST, TODAY, minimum)


@pytest.mark.parametrize(
    ("cancelled", "total", "breached", "written"),
    [
        (1, 20, True, "5.00"),
        (5, 100, True, "5.00"),
        (50, 1000, True, "5.00"),
        (49, 1000, False, "4.90"),
        (999, 20_000, False, "5.00"),  # 4.995 %: written 5.00, and below it all the same
        (4_999, 100_000, False, "5.00"),
        (5_000, 100_000, True, "5.00"),
        (5_001, 100_000, True, "5.00"),
        (0, 20, False, "0.00"),
    ],
)
def test_RK10_five_per_cent_is_a_breach_and_less_is_none_whatever_is_written(
    cancelled: int, total: int, breached: bool, written: str
) -> None:
    rate = a_rate(cancelled, total)
    assert (rate.breached, rate.before) == (breached, written)
    assert rate.verdict == ("breached" if breached else "near" if 25 * cancelled >= total else "below")


@pytest.mark.parametrize(
    ("cancelled", "total", "limit", "room"),
    [
        (0, 20, "5.00", 0),  # one would be 5.00 %
        (0, 21, "5.00", 1),  # 4.76 %
        (2, 100, "5.00", 2),
        (4, 100, "5.00", 0),
        (7, 100, "5.00", 0),
        (0, 100, "2.50", 2),  # three would be 3.00 %, and 2.5 are none
        (0, 120, "2.50", 2),  # three would be 2.50 %
        (0, 121, "2.50", 3),
        (3, 100, "", None),
    ],
)
def test_RK10_what_is_still_possible_below_the_limit(
    cancelled: int, total: int, limit: str, room: int | None
) -> None:
    rate = a_rate(cancelled, total, limit=limit)
    assert rate.room == room
    if room is not None and not rate.breached:
        assert not rate.with_more(room).breached
        assert rate.with_more(room + 1).breached


def test_too_few_orders_are_not_judged() -> None:
    assert a_rate(9, 9).verdict == "too_few"
    assert a_rate(9, 10).verdict == "breached"


def test_AZ22_the_courses_open_for_an_unofficial_request_stand_beside_each_other() -> None:
    rate = a_rate(2, 100, limit="2.50", warn="2.00")
    found = courses(rate, more=1, why="no_official_request")
    assert [(each.course, each.rate.before, each.verdict) for each in found] == [
        ("cancel", "3.00", "breached"),
        ("ask_officially", "2.00", "near"),
        ("ship", "2.00", "near"),
    ]


def test_RK8_a_case_of_the_customer_service_is_a_course_and_for_ones_own_wish_there_is_none() -> None:
    rate = a_rate(2, 100)
    assert [each.course for each in courses(rate, more=1, why="no_case")] == [
        "cancel",
        "ask_officially",
        "ship",
    ]
    assert [each.course for each in courses(rate, more=1, why="seller")] == ["cancel", "ship"]


def test_AZ22_no_more_can_be_called_off_than_are_left() -> None:
    assert [each.rate.before for each in steps(a_rate(1, 3), most=5)] == ["66.67", "100.00"]
    assert steps(a_rate(3, 3), most=5) == []


def test_RK10_the_next_ones_are_worked_out_one_by_one() -> None:
    assert [(each.course, each.rate.before, each.verdict) for each in steps(a_rate(3, 100), most=3)] == [
        ("1", "4.00", "near"),
        ("2", "5.00", "breached"),
        ("3", "6.00", "breached"),
    ]


def test_RK10_known_orders_leave_the_window_day_by_day() -> None:
    terms = effective("rakuten_france", {})
    days = {FIRST: DaySums(3, 20), FIRST + timedelta(days=2): DaySums(0, 30), TODAY: DaySums(3, 70)}
    ahead = forecast(days, rate=a_rate(6, 120), today=TODAY, terms=terms)
    assert [(each.rate.cancelled, each.rate.total) for each in ahead[:4]] == [
        (3, 100),
        (3, 100),
        (3, 70),
        (3, 70),
    ]
    assert [each.day for each in ahead[:2]] == [date(2026, 11, 21), date(2026, 11, 22)]
    assert (ahead[0].leaves, ahead[1].leaves, ahead[2].leaves) == (
        DaySums(3, 20),
        DaySums(0, 0),
        DaySums(0, 30),
    )
    assert (ahead[0].rate.day_from, ahead[0].rate.day_to) == (date(2026, 10, 22), date(2026, 11, 21))
    assert back_below(ahead) == date(2026, 11, 21)
    assert len(ahead) == 30
    assert (ahead[-1].rate.cancelled, ahead[-1].rate.total) == (3, 70)  # today's orders are in it still


def test_RK9_so_many_in_so_few_days_are_too_many() -> None:
    rakuten = effective("rakuten_france", {})
    assert too_many([("", 2)], rakuten) == []
    assert too_many([("", 3)], rakuten) == [("", 3, 3, 7)]
    assert too_many([("", 90)], effective("own_shop", {})) == []
    assert too_many([("", 90)], effective("merchant_space", {})) == []


def test_RK9_by_article_where_the_terms_say_so() -> None:
    amazon = effective("amazon", {})
    assert too_many([("A", 1), ("C", 2), ("B", 2), ("D", 5)], amazon) == [
        ("D", 5, 2, 30),
        ("B", 2, 2, 30),
        ("C", 2, 2, 30),
    ]
    assert too_many([("A", 5)], effective("amazon", {"alert_count": 0})) == []


def test_RK11_the_score_is_an_estimate_with_its_weights_shown() -> None:
    terms = effective("rakuten_france", {})
    perfect = estimate(rate=a_rate(0, 100), terms=terms, gone={}, points=20, opinions=4)
    assert perfect and (perfect.score, perfect.letter, perfect.scale) == ("20.0", "A", 20)
    assert {each.name: each.weight for each in perfect.families} == WEIGHTS
    assert sum(WEIGHTS.values()) == 100
    # Five of a hundred out of stock: at the limit, so the catalogue is worth a half: 40 + 30 + 15 of 100.
    found = estimate(rate=a_rate(5, 100), terms=terms, gone={"out_of_stock": 5}, points=20, opinions=4)
    assert found and (found.score, found.letter) == ("17.0", "A")
    # Unhappy customers weigh too: 2 of 5 is a quarter of what they can give.
    found = estimate(rate=a_rate(5, 100), terms=terms, gone={"out_of_stock": 5}, points=8, opinions=4)
    assert found and (found.score, found.letter) == ("11.0", "B")


def test_RK11_without_opinions_their_weight_is_the_others() -> None:
    terms = effective("rakuten_france", {})
    found = estimate(rate=a_rate(10, 100), terms=terms, gone={"delay": 10})
    assert found and [each.name for each in found.families] == ["delivery", "catalogue"]
    assert (found.score, found.letter) == (
        "10.0",
        "C",
    )  # twice the limit is worth nothing: a half is not above a half


def test_RK11_nothing_is_estimated_where_there_is_no_score_or_too_little_to_judge() -> None:
    assert estimate(rate=a_rate(0, 100), terms=effective("amazon", {}), gone={}) is None
    assert estimate(rate=a_rate(0, 9), terms=effective("rakuten_france", {}), gone={}) is None
    assert estimate(rate=a_rate(0, 0, minimum=0), terms=effective("rakuten_france", {}), gone={}) is None


@pytest.mark.parametrize(
    ("score", "said"),
    [("15.1", "A"), ("15", "B"), ("10.1", "B"), ("10", "C"), ("5.1", "C"), ("5", "D"), ("0", "D")],
)
def test_RK11_letters_are_above_their_bounds(score: str, said: str) -> None:
    assert letter(Fraction(score) / 20) == said
