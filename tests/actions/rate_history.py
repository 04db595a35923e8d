"""Random histories of orders for the rates, and what they come to: counted by hand, without a table or a rule of ours.

The book below knows orders as the test told them and nothing that the desk made of them. What counts is written
out again from docs/terms.md, so that the desk's own tables are not their own witness.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from countermand.acceptance.actions import accept, decide, refuse
from countermand.buyer_requests.actions import record_request
from countermand.cancellations.actions import confirm
from countermand.cancellations.ask import Ask
from countermand.cancellations.undo import undo
from countermand.channels.actions import open_channel
from countermand.channels.models import Channel
from countermand.verification.actions import fail, verify
from tests.builders import an_order

CLOCKS = {  # of the merchant and of the channels; what terms make of them is the third
    "own_shop": ("Asia/Tokyo", "America/New_York", "Asia/Tokyo"),
    "merchant_space": ("Asia/Tokyo", "America/New_York", "Asia/Tokyo"),
    "rakuten_france": ("Asia/Tokyo", "America/New_York", "Europe/Paris"),
    "amazon": ("Asia/Tokyo", "America/New_York", "America/New_York"),
}
DAYS = {"own_shop": 30, "merchant_space": 30, "rakuten_france": 30, "amazon": 7}
BY_ARTICLE = {"own_shop": False, "merchant_space": True, "rakuten_france": True, "amazon": False}
# An evening that is another day in Tokyo, and windows over the change of clocks of spring and of autumn.
MOMENTS = (
    datetime(2026, 11, 20, 22, 30, tzinfo=UTC),
    datetime(2026, 11, 1, 4, 30, tzinfo=UTC),  # New York: 00:30, the day on which its clocks go back
    datetime(2026, 10, 25, 0, 30, tzinfo=UTC),  # Paris: 02:30, twice that night
    datetime(2026, 3, 29, 1, 0, tzinfo=UTC),  # Paris: from 02:00 to 03:00
    datetime(2026, 3, 8, 6, 59, tzinfo=UTC),
)
REASONS = (
    "out_of_stock",
    "customer_changed_mind",
    "delay",
    "wrong_address",
    "budget",
    "other",
    "ordered_by_mistake",
)
BUYERS_OWN = (
    "customer_changed_mind",
    "budget",
    "better_offer",
    "doubt",
    "ordered_by_mistake",
    "wrong_address",
)


@dataclass
class CalledOff:
    """One cancellation as it was told: who asked, how, for how many."""

    who: str
    reason: str
    units: dict[str, int]
    official: bool = False
    asked: dict[str, int] | None = None  # None: for the whole order
    undone: bool = False


@dataclass
class Told:
    """An order as it was told."""

    id: UUID
    preset: str
    placed_at: datetime
    units: dict[str, int]
    state: str  # waiting, pending, open, refused, failed
    refused: int = 0
    called_off: list[CalledOff] = field(default_factory=list)

    @property
    def left(self) -> dict[str, int]:
        left = dict(self.units)
        for each in self.called_off:
            for line, units in each.units.items() if not each.undone else ():
                left[line] -= units
        return {line: units for line, units in left.items() if units}


class History:
    """Orders under all four terms of one merchant, told one deed at a time."""

    def __init__(self, merchant: Any, seed: int) -> None:
        self.merchant, self.dice = merchant, Random(seed)
        merchant.timezone = "Asia/Tokyo"
        merchant.save()
        self.channels: dict[str, Channel] = {}
        for preset, (_merchants, zone, _terms) in CLOCKS.items():
            self.channels[preset] = open_channel(
                merchant_id=merchant.id,
                code=preset,
                name=preset,
                terms=preset,
                timezone=zone,
                mode="test",
                overrides={},
                by="test",
                at=datetime.now(UTC),
            )
        self.orders: list[Told] = []

    def tell(self) -> None:
        """This will do one thing that can happen next, whatever it is."""
        waiting = [each for each in self.orders if each.state == "waiting"]
        pending = [each for each in self.orders if each.state == "pending"]
        opened = [each for each in self.orders if each.state == "open" and each.left]
        deeds = [self._place] * 4
        deeds += [lambda: self._decide(self.dice.choice(waiting))] * 3 if waiting else []
        deeds += [lambda: self._verify(self.dice.choice(pending))] * 2 if pending else []
        deeds += [lambda: self._call_off(self.dice.choice(opened))] * 5 if opened else []
        self.dice.choice(deeds)()

    def _place(self) -> None:
        dice = self.dice
        preset = dice.choice(list(CLOCKS))
        lines = [(f"ART-{n}", dice.randint(1, 4), "7.30") for n in range(dice.randint(1, 3))]
        state = "open"
        more: dict[str, Any] = {"payments": (), "placed_at": self._some_time(preset)}
        if preset in ("merchant_space", "rakuten_france") and dice.random() < 0.6:
            state, more["accepted"] = "waiting", False
        if preset == "amazon" and dice.random() < 0.5:
            state, more["verification"] = "pending", "pending"
        placed_at = more["placed_at"]
        more["placed_at"] = placed_at.isoformat()
        order_id = an_order(self.merchant, channel=preset, lines=lines, **more)
        units = {str(n): quantity for n, (_sku, quantity, _price) in enumerate(lines, 1)}
        self.orders.append(Told(order_id, preset, placed_at, units, state))

    def _some_time(self, preset: str) -> datetime:
        """Near an edge of the window of some moment, more often than not."""
        dice, moment = self.dice, self.dice.choice(MOMENTS)
        zone = ZoneInfo(CLOCKS[preset][2])
        days_ago = dice.choice([0, 0, 1, DAYS[preset] - 1, DAYS[preset], DAYS[preset], DAYS[preset] + 1])
        day = moment.astimezone(zone).date() - timedelta(days=days_ago)
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        return midnight + timedelta(
            seconds=dice.choice([-1, 0, 1, -1800, 1800, 3600, 5400, 9000, 43200, 86399])
        )

    def _decide(self, told: Told) -> None:
        deed: dict[str, Any] = {
            "merchant_id": self.merchant.id,
            "order_id": told.id,
            "by": "test",
            "at": told.placed_at + timedelta(hours=1),
        }
        chosen = self.dice.random()
        if chosen < 0.3:
            refuse(**deed)
            told.state, told.refused = "refused", sum(told.units.values())
        elif chosen < 0.6 and len(told.units) > 1:
            gone = self.dice.choice(list(told.units))
            rest = [(line, units) for line, units in told.units.items() if line != gone]
            decide(accepted=rest, refused=[(gone, told.units[gone])], **deed)
            told.state, told.refused = "open", told.units.pop(gone)
        else:
            accept(**deed)
            told.state = "open"

    def _verify(self, told: Told) -> None:
        good = self.dice.random() < 0.6
        verb = verify if good else fail
        at = told.placed_at + timedelta(hours=2)
        verb(merchant_id=self.merchant.id, order_id=told.id, by="test", at=at)
        told.state = "open" if good else "failed"

    def _call_off(self, told: Told) -> None:
        dice, at = self.dice, told.placed_at + timedelta(hours=5)
        left = told.left
        units = {line: dice.randint(1, most) for line, most in left.items() if dice.random() < 0.7} or left
        who = dice.choice(["merchant", "merchant", "buyer", "buyer", "platform"])
        off = CalledOff(who, dice.choice(REASONS), units)
        request_id = None
        if who == "buyer" and told.preset in ("rakuten_france", "amazon") and dice.random() < 0.8:
            request_id = self._asks(told, off, left, at)
        ask = Ask(
            reason=off.reason,
            lines=tuple(units.items()),
            initiated_by=who,
            request_id=request_id,
            despite_request=request_id is None,
            undo_seconds=600,
            message="Nous n'avons plus cet article.",
            role="owner" if who != "platform" else "platform",
        )
        done = confirm(merchant_id=self.merchant.id, order_id=told.id, ask=ask, by="test", at=at)
        if dice.random() < 0.25:
            at += timedelta(seconds=60)
            undo(merchant_id=self.merchant.id, cancellation_id=done.id, by="test", at=at)
            off.undone = True
        told.called_off.append(off)

    def _asks(self, told: Told, off: CalledOff, left: dict[str, int], at: datetime) -> UUID:
        """The buyer asks for as much, for less, or for the whole order; by the right route or another."""
        dice = self.dice
        wanted = dice.choice([None, off.units, {next(iter(off.units)): 1}])
        off.asked, off.official = wanted, dice.random() < 0.6
        by_case = told.preset == "rakuten_france"
        found = record_request(
            merchant_id=self.merchant.id,
            order_id=told.id,
            route=("customer_service" if by_case else "official") if off.official else "message",
            case_reference="SC-1" if by_case and off.official else "",
            case_at=at - timedelta(hours=1) if by_case and off.official else None,
            lines=list(wanted.items()) if wanted else None,
            requested_at=at - timedelta(hours=1),
            by="test",
            at=at,
        )
        return found.id


def counts(preset: str, off: CalledOff) -> bool:
    """This will say whether a cancellation counts: docs/terms.md, written out once more."""
    if preset == "own_shop" or off.who == "merchant" or (off.who == "platform" and not off.official):
        return True
    if preset == "merchant_space":
        return False
    if not off.official:
        return True
    beyond = off.asked is not None and any(n > off.asked.get(line, 0) for line, n in off.units.items())
    return beyond or (preset == "amazon" and off.reason not in BUYERS_OWN)


def recount(orders: list[Told], preset: str, at: datetime) -> tuple[int, int, date, date]:
    """This will count one channel's rate by going through every order: (cancelled, total, first day, last day)."""
    zone = ZoneInfo(CLOCKS[preset][2])
    last = at.astimezone(zone).date()
    first = last - timedelta(days=DAYS[preset])
    cancelled = total = 0
    for told in orders:
        inside = told.preset == preset and first <= told.placed_at.astimezone(zone).date() <= last
        if not inside or told.state in ("waiting", "pending", "refused", "failed"):
            continue
        gone = [off for off in told.called_off if not off.undone and counts(preset, off)]
        if BY_ARTICLE[preset]:
            total += sum(told.units.values())
            cancelled += sum(sum(off.units.values()) for off in gone)
        else:
            total += 1
            cancelled += bool(gone)
    return cancelled, total, first, last
