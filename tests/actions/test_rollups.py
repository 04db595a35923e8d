"""What is kept of days is what a recount gives: after anything, in any order, across midnight and time zones."""

import contextlib
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from countermand import sql
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.models import Cancellation, CancelledLine
from countermand.cancellations.undo import undo
from countermand.channels.actions import open_channel
from countermand.channels.models import Channel
from countermand.orders.actions.fulfil import fulfil
from countermand.orders.models import Line, Order
from countermand.payments import ledger as ledgers
from countermand.payments.rules import kept
from countermand.performance.days import COLUMNS
from countermand.performance.jobs import add_up_days, keep_up, mark_days
from countermand.performance.models import DirtyDay, RollupDay, RollupMark
from countermand.performance.report import Performance, performance
from countermand.performance.sums import Period, sums
from countermand.refunds.actions import GiveBack, reimburse
from countermand.refusals import Refusal
from tests.builders import an_order

MIDNIGHT = datetime(2026, 11, 20, 23, 0, tzinfo=UTC)  # in Paris; 7 in the morning in Tokyo, 5 p.m. in Chicago
ZONES = {"boutique": "Europe/Paris", "tokyo": "Asia/Tokyo", "chicago": "America/Chicago"}
REASONS = ("out_of_stock", "budget", "delay", "fraud_suspected", "other")
# Days of one month, and whole months around them.
DAY = {"day_from": date(2026, 11, 18), "day_to": date(2026, 11, 23)}
MONTHS = {"day_from": date(2026, 10, 1), "day_to": date(2026, 12, 31)}


def caught_up() -> None:
    """The worker's rounds, until it has read as far as the history goes now."""
    [(last,)] = sql.tuples("SELECT last_value FROM event_id_seq")
    for _ in range(100_000):  # other tests' transactions are waited for
        keep_up()
        if RollupMark.objects.get(id=1).event_id >= last:
            break
    while add_up_days():
        pass


def seen(merchant: Any, **asked: Any) -> Performance:
    channels = list(Channel.of(merchant.id).order_by("code"))
    return performance(
        merchant_id=merchant.id, zone=merchant.timezone, channels=channels, at=datetime.now(UTC), **asked
    )


def stored(merchant: Any) -> Counter[tuple[Any, ...]]:
    rows = sql.tuples(f"SELECT {COLUMNS} FROM rollup_day WHERE merchant_id = %s", (merchant.id,))
    return Counter(rows)


def recounted(merchant: Any) -> Counter[tuple[Any, ...]]:
    """The same rows by going through orders one by one."""
    found: dict[tuple[Any, ...], list[int]] = {}

    def add(order: Order, dimension: str, key: str, *figures: int) -> None:
        place = (merchant.id, order.channel_id, order.placed_on, dimension, key, order.currency)
        have = found.setdefault(place, [0, 0, 0, 0, 0])
        for i, figure in enumerate(figures):
            have[i] += figure

    for order in Order.of(merchant.id):
        facts = ledgers.read(merchant_id=merchant.id, order_ids=[order.id], locked=False)[order.id]
        lines = {line.id: line for line in Line.of(merchant.id).filter(order=order)}
        standing = list(
            Cancellation.of(merchant.id).filter(order=order).exclude(state="undone").order_by("at", "id")
        )
        worth = kept(facts.order, facts.lines)
        gone = sum(c.worth_minor + c.shipping_minor + c.fees_minor - c.fee_minor for c in standing)
        units = sum(line.cancelled for line in lines.values())
        add(order, "placed", "", 1, order.article_count, 0, 0, order.total_minor)
        add(order, "kept", "", int(order.status != "cancelled"), order.article_count - units, 0, 0, worth)
        if order.total_minor - gone - worth > 0:
            add(order, "refunded", "", 1, 0, 0, 0, order.total_minor - gone - worth)
        counted = False
        by_sku: dict[str, list[int]] = {}
        for n, c in enumerate(standing):
            cut = list(CancelledLine.of(merchant.id).filter(cancellation=c))
            articles = sum(line.quantity for line in cut)
            first, first_counted = n == 0, c.counts_in_rate and not counted
            counted = counted or c.counts_in_rate
            amount = c.worth_minor + c.shipping_minor + c.fees_minor - c.fee_minor
            for dimension, key in (
                ("cancelled", ""),
                ("asked", c.initiated_by),
                ("reason", c.reason),
                ("member", c.by),
            ):
                figures = (int(first), articles, int(first_counted), articles * c.counts_in_rate, amount)
                add(order, dimension, key, *figures)
            for line in cut:
                have = by_sku.setdefault(lines[line.line_id].sku, [0, 0, 0, 0, 0])
                have[0], have[2] = 1, max(have[2], int(c.counts_in_rate))
                have[1] += line.quantity
                have[3] += line.quantity * c.counts_in_rate
                have[4] += line.worth_minor
        for sku, figures in by_sku.items():
            add(order, "item", sku, *figures)
    return Counter((*place, *figures) for place, figures in found.items())


class Life:
    """Anything that happens in a shop, by lot, through the verbs that everybody uses."""

    def __init__(self, merchant: Any, seed: int) -> None:
        self.merchant, self.chance = merchant, random.Random(seed)
        self.orders: list[UUID] = []
        self.held: list[UUID] = []

    def step(self) -> None:
        acts = (self.order, self.order, self.cancel, self.cancel, self.take_back, self.give, self.ship)
        with contextlib.suppress(Refusal):  # nothing was written: nothing to count
            self.chance.choice(acts if self.orders else (self.order,))()

    def order(self) -> None:
        channel = self.chance.choice(list(ZONES))
        placed = MIDNIGHT + timedelta(minutes=self.chance.randint(-1500, 1500))
        lines = [
            (sku, self.chance.randint(1, 4), self.chance.choice(("12.30", "7.77")))
            for sku in self.chance.sample(("MUG", "BOL", "THE"), 2)
        ]
        self.orders.append(
            an_order(
                self.merchant, channel=channel, placed_at=placed.isoformat(), lines=lines, paid="captured"
            )
        )

    def cancel(self) -> None:
        order = self.chance.choice(self.orders)
        ask = Ask(
            reason=self.chance.choice(REASONS),
            initiated_by=self.chance.choice(("buyer", "merchant")),
            lines=self.chance.choice((None, (("1", 1),), (("2", 1),))),
            when=self.chance.choice(("now", "later")),
            undo_seconds=self.chance.choice((0, 3600)),
        )
        by = self.chance.choice(("mina@x.example", "sacha@x.example"))
        made = confirm(merchant_id=self.merchant.id, order_id=order, ask=ask, by=by, at=datetime.now(UTC))
        self.held += [made.id] if made.state == "held" else []

    def take_back(self) -> None:
        if self.held:
            one = self.held.pop(self.chance.randrange(len(self.held)))
            undo(merchant_id=self.merchant.id, cancellation_id=one, by="test", at=datetime.now(UTC))

    def give(self) -> None:
        wish = self.chance.choice((GiveBack(), GiveBack(amount="1.50", reason="gesture")))
        order = self.chance.choice(self.orders)
        reimburse(merchant_id=self.merchant.id, order_id=order, wish=wish, by="test", at=datetime.now(UTC))

    def ship(self) -> None:
        parcel = {"reference": "f1", "shipped_at": datetime.now(UTC), "lines": [{"line": "1", "quantity": 1}]}
        order = self.chance.choice(self.orders)
        fulfil(
            merchant_id=self.merchant.id, order_id=order, fulfilment=parcel, by="test", at=datetime.now(UTC)
        )


@pytest.fixture
def world(merchant: Any) -> Any:
    for code, terms in (("tokyo", "amazon"), ("chicago", "rakuten_france")):
        open_channel(
            merchant_id=merchant.id,
            code=code,
            name=code.title(),
            terms=terms,
            timezone=ZONES[code],
            mode="test",
            overrides={},
            by="test",
            at=datetime.now(UTC),
        )
    return merchant


def told(found: Performance) -> tuple[Any, ...]:
    """Everything that a page could say, without the order in which equals stand."""
    return (
        found.rate,
        found.all,
        sorted(map(repr, found.asked + found.reasons + found.members + found.items)),
        [(each.code, rate) for each, rate in found.channels],
        found.weeks,
        found.sales,
        found.kept,
    )


@pytest.mark.parametrize("seed", range(5))
def test_SH13_days_are_what_a_recount_gives_whatever_happened(world: Any, seed: int) -> None:
    life = Life(world, seed)
    for _ in range(3):
        for _ in range(14):
            life.step()
        live = told(seen(world, **DAY))  # before the worker came
        caught_up()
        assert stored(world) == recounted(world)
        assert not DirtyDay.of(world.id).exists()
        assert told(seen(world, **DAY)) == live
        found = seen(world, **DAY)
        assert sorted(map(repr, seen(world, **MONTHS).items)) == sorted(map(repr, found.items))
        assert sum(part.cancelled for part in found.reasons) == found.rate.cancelled
        assert sum(part.cancelled for part in found.asked) == found.rate.cancelled
        assert sum(part.cancelled for part in found.members) == found.rate.cancelled


def test_SH17_an_order_stands_on_its_day_in_the_channels_clock(world: Any) -> None:
    """Placed one minute before midnight in Paris: the 20th there, the 21st in Tokyo."""
    late = (MIDNIGHT - timedelta(minutes=1)).isoformat()
    for code in ZONES:
        an_order(world, channel=code, placed_at=late)
    caught_up()
    days = {
        Channel.of(world.id).get(id=row.channel_id).code: row.day
        for row in RollupDay.of(world.id).filter(dimension="placed")
    }
    assert days == {
        "boutique": date(2026, 11, 20),
        "tokyo": date(2026, 11, 21),
        "chicago": date(2026, 11, 20),
    }
    assert ZoneInfo(ZONES["tokyo"]).key == "Asia/Tokyo"


def test_a_running_transaction_is_waited_for(merchant: Any) -> None:
    """Its events have numbers already, and cannot be seen yet: the mark stays before them."""
    import psycopg
    from django.db import connection

    caught_up()
    known = connection.settings_dict
    with psycopg.connect(
        host=known["HOST"],
        port=known["PORT"],
        user=known["USER"],
        password=known["PASSWORD"],
        dbname=known["NAME"],
    ) as slow:
        slow.execute(
            "INSERT INTO event (merchant_id, at, kind, by, subject_type, facts)"
            " VALUES (%s, now(), 'order.noted', 'slow', 'order', '{}')",
            (merchant.id,),
        )
        [(number,)] = sql.tuples("SELECT last_value FROM event_id_seq")
        order = an_order(merchant)
        for _ in range(5):
            keep_up()
        assert RollupMark.objects.get(id=1).event_id < number
        assert seen(merchant).sales[0].placed_orders == 1  # true at once all the same
        slow.commit()
    caught_up()
    assert RollupMark.objects.get(id=1).event_id >= number
    assert RollupDay.of(merchant.id).get(dimension="placed").orders == 1
    assert order


def test_after_a_restore_on_another_server_the_history_is_read_on(merchant: Any) -> None:
    """Transactions are counted anew there: what was noted lies in a future that never comes."""
    caught_up()
    an_order(merchant)
    mark_days()
    RollupMark.objects.filter(id=1).update(next_xid=2**60)
    caught_up()
    assert RollupDay.of(merchant.id).get(dimension="placed").orders == 1


def test_a_worker_far_behind_is_said_and_the_rate_is_true_all_the_same(merchant: Any) -> None:
    order = an_order(merchant)
    confirm(
        merchant_id=merchant.id, order_id=order, ask=Ask(reason="budget"), by="test", at=datetime.now(UTC)
    )
    today = datetime.now(ZoneInfo("Europe/Paris")).date()
    channel = Channel.of(merchant.id).get()
    found = sums(merchant_id=merchant.id, channels=[channel.id], period=Period(today, today), most_events=0)
    assert found.behind and found.rows == []
    [week] = found.weeks
    assert (week["orders"], week["orders_cancelled"]) == (1, 1)
