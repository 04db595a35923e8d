"""Channels whose terms call off what nobody sends, and up to which ship-by day that is due today."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from countermand import sql
from countermand.channels.models import PRESETS
from countermand.channels.presets import Terms, preset
from countermand.overdue import days
from countermand.payments.ledger import terms_of

WARNED_DAYS_BEFORE = (3, 1)

CHANNELS = """
SELECT id, merchant_id, terms, overrides::text, timezone FROM channel
WHERE terms = ANY(%s) OR overrides ? 'auto_cancel_days'
"""


@dataclass(frozen=True, slots=True)
class Watched:
    """A channel whose orders are called off when nobody sends them; `today` by its own clock."""

    id: UUID
    merchant_id: int
    terms: Terms
    today: date

    def ends_on(self, ship_by: date) -> date:
        """This will say on which day, that day included, an order may leave at the latest."""
        return days.last_day(ship_by, days=self.terms.auto_cancel_days, basis=self.terms.auto_cancel_basis)

    def until(self, ahead: int) -> date:
        """This will say up to which ship-by day the last day is at most so many days ahead."""
        last = self.today + ahead * days.DAY
        return days.latest_ship_by(last, days=self.terms.auto_cancel_days, basis=self.terms.auto_cancel_basis)


def watched(*, at: datetime) -> list[Watched]:
    """This will list the channels of all merchants with the switch on: so many days, not 0."""
    usual = [name for name in PRESETS if preset(name)["auto_cancel_days"]["value"]]
    found = (
        Watched(channel_id, merchant_id, terms_of(terms, overrides), at.astimezone(ZoneInfo(zone)).date())
        for channel_id, merchant_id, terms, overrides, zone in sql.tuples(CHANNELS, (usual,))
    )
    return [channel for channel in found if channel.terms.auto_cancel_days]


def rows(channels: Iterable[Watched]) -> list[dict[str, object]]:
    """This will write channels as statements read them."""
    return [
        {
            "id": each.id,
            "first": each.until(WARNED_DAYS_BEFORE[0]),
            "last": each.until(WARNED_DAYS_BEFORE[1]),
            "ended": each.until(-1),
        }
        for each in channels
    ]
