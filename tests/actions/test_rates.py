"""Rates over both tables: true before, between and after a fold."""

from datetime import UTC, date, datetime
from threading import Thread
from typing import Any

import pytest
from django.db import connection

from countermand import sql
from countermand.cancellations.actions import confirm, preview
from countermand.cancellations.ask import Ask
from countermand.channels.models import Channel
from countermand.channels.presets import Terms, effective
from countermand.orders.facts import ChannelFacts
from countermand.performance import queries
from countermand.performance.fold import fold
from countermand.performance.models import RateChange, RateDay
from countermand.performance.queries import MANY_UNFOLDED, RateSums, rate, rate_of
from tests.actions.correspondents import an_order

# 23:30 on the 20th in Paris, 22:30 in London, 07:30 on the 21st in Tokyo.
EVENING = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)


@pytest.fixture
def channel(merchant: Any) -> Channel:
    return Channel.of(merchant.id).get(code="boutique")


def a_view(channel: Channel, *, revision: int = 1, timezone: str = "Europe/Paris") -> ChannelFacts:
    return ChannelFacts(channel.id, channel.code, channel.terms, "{}", timezone, channel.mode, revision)


def terms(preset: str = "own_shop", **overrides: Any) -> Terms:
    return effective(preset, overrides)


@pytest.fixture
def book(merchant: Any, channel: Channel) -> Any:
    """Writes rate changes as verbs do, and takes them back when the test is over, so that the audit holds."""
    written: list[dict[str, Any]] = []

    def write(
        day: date, orders: int = 0, articles: int = 0, orders_cancelled: int = 0, articles_cancelled: int = 0
    ) -> None:
        change = {
            "day": day,
            "orders": orders,
            "articles": articles,
            "orders_cancelled": orders_cancelled,
            "articles_cancelled": articles_cancelled,
        }
        written.append(change)
        RateChange.of(merchant.id).create(merchant_id=merchant.id, channel_id=channel.id, **change)

    yield write
    for change in written:
        back = {name: -value for name, value in change.items() if name != "day"}
        RateChange.of(merchant.id).create(
            merchant_id=merchant.id, channel_id=channel.id, day=change["day"], **back
        )


def sums(merchant: Any, channel: Channel, first: date, last: date) -> RateSums:
    return rate(merchant_id=merchant.id, channel_id=channel.id, day_from=first, day_to=last)


def fold_all() -> None:
    while fold():
        pass


def test_days_are_added_up_folded_and_unfolded_alike(merchant: Any, channel: Channel, book: Any) -> None:
    book(date(2026, 11, 18), orders=10, articles=25)
    book(date(2026, 11, 19), orders=13, articles=20, orders_cancelled=1, articles_cancelled=2)
    before = sums(merchant, channel, date(2026, 11, 18), date(2026, 11, 19))
    assert before == (23, 45, 1, 2, 2)
    fold_all()
    assert sums(merchant, channel, date(2026, 11, 18), date(2026, 11, 19)) == (23, 45, 1, 2, 0)
    book(date(2026, 11, 19), orders_cancelled=1, articles_cancelled=3)
    assert sums(merchant, channel, date(2026, 11, 18), date(2026, 11, 19)) == (23, 45, 2, 5, 1)
    fold_all()
    assert sums(merchant, channel, date(2026, 11, 18), date(2026, 11, 19)) == (23, 45, 2, 5, 0)
    assert sums(merchant, channel, date(2026, 11, 18), date(2026, 11, 18)) == (10, 25, 0, 0, 0)
    assert RateDay.of(merchant.id).count() == 2
    assert not RateChange.of(merchant.id).exists()


def test_an_undo_is_a_negative_change(merchant: Any, channel: Channel, book: Any) -> None:
    book(date(2026, 11, 19), orders=20, articles=20, orders_cancelled=1, articles_cancelled=1)
    fold_all()
    book(date(2026, 11, 19), orders_cancelled=-1, articles_cancelled=-1)
    assert sums(merchant, channel, date(2026, 11, 19), date(2026, 11, 19))[2:4] == (0, 0)


def test_the_rate_of_a_channel_counts_what_its_terms_count(
    merchant: Any, channel: Channel, book: Any
) -> None:
    book(date(2026, 11, 1), orders=23, articles=50, orders_cancelled=1, articles_cancelled=2)
    orders = rate_of(merchant_id=merchant.id, channel=a_view(channel), terms=terms(), at=EVENING)
    assert (orders.before, orders.cancelled, orders.total, orders.limit, orders.warn) == (
        "4.35",
        1,
        23,
        "",
        "3.00",
    )
    articles = rate_of(
        merchant_id=merchant.id, channel=a_view(channel), terms=terms("rakuten_france"), at=EVENING
    )
    assert (articles.before, articles.limit, articles.unit) == ("4.00", "5.00", "article")


def test_the_window_ends_today_and_begins_thirty_days_before(
    merchant: Any, channel: Channel, book: Any
) -> None:
    for day in (date(2026, 10, 20), date(2026, 10, 21), date(2026, 11, 20), date(2026, 11, 21)):
        book(day, orders=1, articles=1)
    found = rate_of(merchant_id=merchant.id, channel=a_view(channel), terms=terms(), at=EVENING)
    assert (found.day_from, found.day_to, found.total) == (date(2026, 10, 21), date(2026, 11, 20), 2)
    week = rate_of(merchant_id=merchant.id, channel=a_view(channel), terms=terms(window_days=7), at=EVENING)
    assert (week.day_from, week.total) == (date(2026, 11, 13), 1)


@pytest.mark.parametrize(
    ("preset", "merchants", "channels", "today"),
    [
        ("own_shop", "Asia/Tokyo", "Europe/London", date(2026, 11, 21)),  # the merchant's clock
        ("amazon", "Asia/Tokyo", "Europe/London", date(2026, 11, 20)),  # the channel's
        ("rakuten_france", "Asia/Tokyo", "Asia/Tokyo", date(2026, 11, 20)),  # Paris, wherever they are
    ],
)
def test_the_day_is_the_day_of_the_clock_that_the_terms_name(
    merchant: Any, channel: Channel, preset: str, merchants: str, channels: str, today: date
) -> None:
    merchant.timezone = merchants
    merchant.save()
    view = a_view(channel, timezone=channels)
    assert rate_of(merchant_id=merchant.id, channel=view, terms=terms(preset), at=EVENING).day_to == today


def test_nobody_reads_the_rate_of_another_merchant(merchant: Any, channel: Channel, book: Any) -> None:
    book(date(2026, 11, 19), orders=5, articles=5)
    assert rate(
        merchant_id=merchant.id + 1_000_000,
        channel_id=channel.id,
        day_from=date(2026, 11, 1),
        day_to=date(2026, 11, 30),
    ) == (0, 0, 0, 0, 0)


def test_the_preview_of_a_cancel_shows_the_rate_before_and_after(merchant: Any, now: datetime) -> None:
    at = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
    orders = [an_order(merchant=merchant, number=str(n)) for n in range(23)]
    ask = Ask(reason="out_of_stock", lines=(("1", 1),))
    _, shown = preview(merchant_id=merchant.id, order_id=orders[0], ask=ask, at=at, rate_of=rate_of)
    assert (shown.before, shown.after) == ("0.00", "4.35")
    made = confirm(merchant_id=merchant.id, order_id=orders[0], ask=ask, by="t", at=at, rate_of=rate_of)
    assert (made.rate.before, made.rate.after) == ("0.00", "4.35")
    # One more article of the same order: the order counts already.
    _, again = preview(merchant_id=merchant.id, order_id=orders[0], ask=ask, at=at, rate_of=rate_of)
    assert (again.before, again.after) == ("4.35", "4.35")
    fold_all()
    _, other = preview(merchant_id=merchant.id, order_id=orders[1], ask=ask, at=at, rate_of=rate_of)
    assert (other.before, other.after) == ("4.35", "8.70")


def test_a_rate_is_one_statement(merchant: Any, channel: Channel) -> None:
    asked: list[str] = []
    with sql.watched(asked.append):
        rate_of(merchant_id=merchant.id, channel=a_view(channel), terms=terms(), at=EVENING)
    assert len(asked) == 1


def test_with_many_unfolded_changes_an_answer_is_kept_for_a_moment(
    merchant: Any, channel: Channel, monkeypatch: Any
) -> None:
    day, view = date(2026, 11, 19), a_view(channel)
    write = """INSERT INTO rate_change (merchant_id, channel_id, day, orders, articles, orders_cancelled,
        articles_cancelled) SELECT %s, %s, %s, %s, 0, 0, 0 FROM generate_series(1, %s)"""
    sql.execute(write, (merchant.id, channel.id, day, 1, MANY_UNFOLDED))
    asked: list[str] = []
    with sql.watched(asked.append):
        for _ in range(3):
            assert (
                rate_of(merchant_id=merchant.id, channel=view, terms=terms(), at=EVENING).total
                == MANY_UNFOLDED
            )
        assert len(asked) == 3  # a thousand are still added up
        sql.execute(write, (merchant.id, channel.id, day, 1, 1))
        asked.clear()
        for _ in range(3):
            found = rate_of(merchant_id=merchant.id, channel=view, terms=terms(), at=EVENING)
            assert found.total == MANY_UNFOLDED + 1
        assert len(asked) == 1
        changed = a_view(channel, revision=2)  # other terms are another question
        rate_of(merchant_id=merchant.id, channel=changed, terms=terms(), at=EVENING)
        assert len(asked) == 2
    monkeypatch.setattr(queries, "KEPT_SECONDS", 0.0)  # a second later
    sql.execute(write, (merchant.id, channel.id, day, -(MANY_UNFOLDED + 1), 1))
    assert rate_of(merchant_id=merchant.id, channel=view, terms=terms(), at=EVENING).total == 0


def test_folding_side_by_side_loses_and_doubles_nothing(merchant: Any, channel: Channel) -> None:
    day = date(2026, 11, 19)
    write = """INSERT INTO rate_change (merchant_id, channel_id, day, orders, articles, orders_cancelled,
        articles_cancelled) SELECT %s, %s, %s, %s, %s, 0, 0 FROM generate_series(1, %s)"""
    sql.execute(write, (merchant.id, channel.id, day, 1, 2, 500))

    def folds() -> None:
        while fold(limit=7):
            pass
        connection.close()

    threads = [Thread(target=folds) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    fold_all()
    assert sums(merchant, channel, day, day) == (500, 1000, 0, 0, 0)
    sql.execute(
        write, (merchant.id, channel.id, day, -500, -1000, 1)
    )  # for the audit: there are no such orders
