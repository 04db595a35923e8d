"""The desk's rates against a recount by hand, over random histories under all four terms (docs/terms.md, Rates)."""

from typing import Any

import pytest

from countermand.channels.presets import effective
from countermand.orders.facts import ChannelFacts
from countermand.performance.behind import all_behind, rate_and_days, summary
from countermand.performance.fold import fold
from countermand.performance.queries import rate_of
from tests.actions.rate_history import MOMENTS, History, recount

DEEDS = 160


@pytest.mark.parametrize("seed", range(6))
def test_RK7_AZ6_SH13_every_rate_is_what_a_recount_by_hand_gives(merchant: Any, seed: int) -> None:
    history = History(merchant, seed)
    for deed in range(DEEDS):
        history.tell()
        if history.dice.random() < 0.1:
            fold(limit=history.dice.choice([1, 7, 1000]))
        if deed % 40 == 39:
            agree(history)
    while fold():
        pass
    agree(history)


def agree(history: History) -> None:
    """This will hold every channel's rate to the recount, at every moment; and the orders behind it to the rate."""
    for preset, channel in history.channels.items():
        terms = effective(preset, {})
        facts = ChannelFacts(channel.id, channel.code, preset, "{}", channel.timezone, channel.mode, 1)
        for moment in MOMENTS:
            found = rate_of(merchant_id=history.merchant.id, channel=facts, terms=terms, at=moment)
            by_hand = recount(history.orders, preset, moment)
            assert (found.cancelled, found.total, found.day_from, found.day_to) == by_hand, (preset, moment)
            seen = {"merchant_id": history.merchant.id, "channel_id": channel.id}
            again, days = rate_and_days(**seen, terms=terms, today=found.day_to)
            assert again == found
            assert sum(day.cancelled for day in days.values()) == found.cancelled
            behind = list(all_behind(**seen, rate=found, counting=True, chunk=3))
            gone = [each for order in behind for each in order.cancellations if each["counts"]]
            in_unit = sum(each["units"] for each in gone) if found.unit == "article" else len(behind)
            assert in_unit == found.cancelled
            counted = sum(each.articles for each in summary(**seen, rate=found) if each.counts)
            assert counted == sum(each["units"] for each in gone)
