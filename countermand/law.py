"""Legal clocks for French and EU distance sales: when money must be back.

Facts with their sources stand in docs/law.md; this is product knowledge, not legal advice.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

REFUND_TIME = timedelta(days=14)
# In which who withdraws sends the goods, counted from the day of saying so (C. conso L221-23).
SEND_BACK_TIME = timedelta(days=14)


class Clock(NamedTuple):
    """A deadline: what it is, the article it comes from, and the last day on which it is met."""

    kind: str
    article: str
    due_on: date


def refund_clock(*, at: datetime, timezone: str, buyer_withdraws: bool) -> Clock:
    """This will say until when the money of a cancelled purchase must be back.

    14 days after the trader was informed (withdrawal, C. conso L221-24) or after the contract
    ended (no delivery, C. conso L216-7). The day of the event is not counted (L221-19, Reg. 1182/71).
    """
    day = at.astimezone(ZoneInfo(timezone)).date()
    article = "C. conso L221-24" if buyer_withdraws else "C. conso L216-7"
    return Clock("refund", article, day + REFUND_TIME)


def return_clock(
    *,
    buyer_withdraws: bool,
    informed_at: datetime,
    back_at: datetime | None,
    proof_at: datetime | None,
    timezone: str,
) -> Clock | None:
    """This will say until when the money of returned goods must be back; None while it may wait for them.

    A withdrawal: 14 days after the trader was informed, and not before the goods, or the proof that they were
    sent, are there, whichever came first (C. conso L221-24). Another return: 14 days after the goods came, ours.
    """
    zone = ZoneInfo(timezone)
    came = min((each for each in (back_at, proof_at) if each), default=None)
    if not buyer_withdraws:
        return Clock("refund", "", back_at.astimezone(zone).date() + REFUND_TIME) if back_at else None
    if came is None:
        return None
    told = informed_at.astimezone(zone).date() + REFUND_TIME
    return Clock("refund", "C. conso L221-24", max(told, came.astimezone(zone).date()))
