"""Too many cancellations in a few days: counted by when they were called off, in the unit of the rate (RK-9)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.undo import undo
from countermand.channels.models import Channel
from countermand.channels.presets import clock_of, effective
from countermand.performance.alarms import alarms_of
from tests.actions.terms_desk import a_channel
from tests.builders import an_order

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
OLD = NOW - timedelta(days=100)  # orders may be old: what counts is when they were called off


def told(merchant: Any, channel: Channel, at: datetime = NOW, **overrides: Any) -> list[tuple[str, int]]:
    terms = effective(channel.terms, overrides)
    zone = clock_of(terms, merchant=merchant.timezone, channel=channel.timezone)
    found = alarms_of(merchant_id=merchant.id, channel_id=channel.id, terms=terms, zone=zone, at=at)
    return [(each.sku, each.counted) for each in found]


def called_off(merchant: Any, channel: Channel, at: datetime, **more: Any) -> Any:
    lines = more.pop("of", (("MUG-BLEU", 2, "12.30"),))
    order = an_order(merchant, channel=channel.code, lines=lines, placed_at=OLD.isoformat())
    ask = Ask(**{"reason": "out_of_stock", "message": "Désolés.", **more})
    return confirm(merchant_id=merchant.id, order_id=order, ask=ask, by="test", at=at).id


def test_RK9_three_articles_in_seven_days_are_too_many(merchant: Any) -> None:
    channel = a_channel(merchant, "rakuten_france")
    called_off(merchant, channel, NOW - timedelta(days=2))
    assert told(merchant, channel) == []  # two articles
    called_off(merchant, channel, NOW, lines=(("1", 1),))
    assert told(merchant, channel) == [("", 3)]
    assert told(merchant, channel, alert_count=4) == [] and told(merchant, channel, alert_count=0) == []


@pytest.mark.parametrize(("hour", "inside"), [(22, False), (23, True)])
def test_RK9_seven_days_begin_at_midnight_of_the_terms_clock(merchant: Any, hour: int, inside: bool) -> None:
    """On the 20th they are the 14th to the 20th of Paris: midnight there is 23:00 of the 13th in UTC."""
    channel = a_channel(merchant, "rakuten_france")
    edge = datetime(2026, 11, 13, hour, 0, tzinfo=UTC)
    called_off(merchant, channel, edge, of=(("MUG-BLEU", 3, "12.30"),))
    assert told(merchant, channel) == ([("", 3)] if inside else [])


def test_RK9_two_orders_of_one_article_in_thirty_days_are_too_many(merchant: Any) -> None:
    channel = a_channel(merchant, "amazon")
    called_off(merchant, channel, NOW - timedelta(days=29))
    called_off(merchant, channel, NOW, of=(("BOL", 5, "9.00"),))
    assert told(merchant, channel) == []  # five bowls of one order are one order
    called_off(merchant, channel, NOW, of=(("MUG-BLEU", 1, "12.30"), ("BOL", 1, "9.00")))
    assert told(merchant, channel) == [("BOL", 2), ("MUG-BLEU", 2)]
    assert told(merchant, channel, NOW + timedelta(days=5)) == [("BOL", 2)]


def test_RK9_what_does_not_count_or_was_undone_is_none(merchant: Any) -> None:
    channel = a_channel(merchant, "rakuten_france")
    called_off(merchant, channel, NOW)
    called_off(merchant, channel, NOW, initiated_by="buyer", reason="budget", official_request=True)
    back = called_off(merchant, channel, NOW, undo_seconds=600)
    assert told(merchant, channel) == [("", 4)]
    undo(merchant_id=merchant.id, cancellation_id=back, by="test", at=NOW + timedelta(seconds=5))
    assert told(merchant, channel) == []


def test_RK9_each_channel_is_counted_by_itself(merchant: Any) -> None:
    one = a_channel(merchant, "rakuten_france")
    two = a_channel(merchant, "rakuten_france", "rakuten-2")
    called_off(merchant, one, NOW)
    called_off(merchant, two, NOW)
    assert told(merchant, one) == [] == told(merchant, two)
