"""What happens by the clock rather than by a row that is due."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple
from zlib import crc32

from django.db import transaction

from countermand import sql
from countermand.access.jobs import forget_old_answers
from countermand.approvals.jobs import expire
from countermand.buyer_requests.jobs import end_requests
from countermand.cancellations.conclude import conclude
from countermand.cancellations.unfinished import unfinished
from countermand.events.jobs import make_months
from countermand.marketplace.deciding import carry_suspensions
from countermand.marketplace.judging import judge_seats
from countermand.merchants.jobs import forget_old_sign_ins
from countermand.offers.jobs import end_offers
from countermand.overdue.jobs import watch
from countermand.payouts.working_out import work_out_all
from countermand.performance.jobs import keep_up
from countermand.stock.jobs import put_back_on_sale
from countermand.verification.jobs import end_verifications
from countermand.webhooks.jobs import forget_old

Going = Callable[[], bool]


class Chore(NamedTuple):
    """Something to be done every so often. `act` does one chunk; `whole` when one chunk is all there is."""

    name: str
    every_seconds: int
    act: Callable[[datetime], int]
    whole: bool = False


def _months(at: datetime) -> int:
    return make_months(at=at)


def _answers(at: datetime) -> int:
    return forget_old_answers(at=at)


def _sign_ins(at: datetime) -> int:
    return forget_old_sign_ins(at=at)


def _deliveries(at: datetime) -> int:
    return forget_old(at=at)


def _unavailable(at: datetime) -> int:
    return put_back_on_sale(at=at)


def _offers(at: datetime) -> int:
    return end_offers(at=at)


def _requests(at: datetime) -> int:
    return end_requests(at=at)


def _stories(at: datetime) -> int:
    left = unfinished()
    conclude(cancellation_ids=left, at=at)
    return len(left)


def _days(at: datetime) -> int:
    return keep_up()


def _overdue(at: datetime) -> int:
    return watch(at=at)


def _verifications(at: datetime) -> int:
    return end_verifications(at=at)


def _payouts(at: datetime) -> int:
    return work_out_all(at=at)


def _approvals(at: datetime) -> int:
    return expire(at=at)


def _seats(at: datetime) -> int:
    return judge_seats(at=at)


def _suspensions(at: datetime) -> int:
    return carry_suspensions(at=at)


HOUR = 3600
CHORES = (
    # First of all at the start: whoever died may have died between a refund and the end of its story.
    Chore("unfinished stories", 300, _stories, whole=True),
    Chore("history months", HOUR, _months, whole=True),
    Chore("old answers", HOUR, _answers),
    Chore("old sign-ins", HOUR, _sign_ins),
    Chore("old deliveries", HOUR, _deliveries),
    Chore("articles back on sale", 300, _unavailable),
    Chore("approvals that nobody decided", 300, _approvals),
    Chore("offers that run out", 60, _offers),
    Chore("requests of orders that are over", 60, _requests),
    Chore("orders that nobody sends", 300, _overdue),
    Chore("verifications that run out", 300, _verifications),
    Chore("merchants' rates", 60, _seats),
    Chore("suspensions that begin or end", 20, _suspensions),
    # Pages add up themselves what is not added up yet: often enough that it is little.
    Chore("days added up", 5, _days),
    Chore("payouts", 5, _payouts),
)


class Clock:
    """Which chore is due when, in this process. Several workers do no harm: one holds a chore at a time."""

    def __init__(self, chores: tuple[Chore, ...] = CHORES) -> None:
        self.chores = chores
        self._due = {chore.name: 0.0 for chore in chores}

    def due(self) -> list[Chore]:
        """This will list the chores whose time has come, and set their next time."""
        now = time.monotonic()
        found = [chore for chore in self.chores if self._due[chore.name] <= now]
        for chore in found:
            self._due[chore.name] = now + chore.every_seconds
        return found


def do(*, chore: Chore, going: Going) -> int:
    """This will do a chore chunk by chunk, each its own transaction, unless another worker is at it."""
    done = 0
    while going():
        with transaction.atomic():
            if not sql.tuples("SELECT pg_try_advisory_xact_lock(%s, %s)", (CLASS, _number(chore)))[0][0]:
                return done
            chunk = chore.act(datetime.now(UTC))
        done += chunk
        if chore.whole or not chunk:
            break
    return done


CLASS = 0x436C6F63  # "Cloc": the key space of chores among this database's advisory locks


def _number(chore: Chore) -> int:
    return crc32(chore.name.encode()) & 0x7FFFFFFF
