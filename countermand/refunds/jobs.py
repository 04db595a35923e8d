"""The drain: due refunds are claimed, providers are asked outside any transaction, outcomes are written as sets.

Threads only talk to providers; this one only talks to our database. A slow provider holds up its own
refund alone: what has been answered is written and more is claimed meanwhile. Whoever dies here at
any point leaves leases that end, and the same code carries on (docs/decisions/0000, Carrying through).
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError

from countermand import faults, sql
from countermand.payments.providers.port import Declined, Found, NotNow, Succeeded
from countermand.payments.providers.registry import PROVIDERS
from countermand.refunds.askers import Askers
from countermand.refunds.claim import Claim, attempt, claim, renew
from countermand.refunds.landing import end_attempts, land
from countermand.refunds.outcomes import Again, Ask, Outcome, Unknown, after_look_up
from countermand.refunds.waiting import LEASE_SECONDS

log = logging.getLogger(__name__)

BATCH = 100
AWAY = (OperationalError, InterfaceError)
WAVE_SECONDS = 0.1

# A payment's own row only: no order is locked here, and none is after it.
KNOWN = """
SELECT p.id, p.reserved_minor + p.refunded_elsewhere_minor FROM payment p
WHERE p.id = ANY(%s) ORDER BY p.id FOR NO KEY UPDATE
"""
CONFIRM = "UPDATE payment SET confirmed_at = %s WHERE id = ANY(%s) AND confirmed_at IS NULL"


@dataclass(slots=True)
class Drained:
    """What one drain did: refunds taken up, and whose money moved."""

    claimed: int = 0
    cancellation_ids: set[UUID] = field(default_factory=set)
    reimbursement_ids: set[UUID] = field(default_factory=set)


Answer = Found | None | Outcome


def drain(
    *, at: datetime, limit: int = 1000, by: str = "worker", going: Callable[[], bool] = lambda: True
) -> Drained:
    """This will carry through up to `limit` refunds that are due, of all merchants.

    Ends when nothing is due and every provider has answered; once `going` says False, no more are
    taken. `at` is now; it moves on with the clock. Call outside any transaction; as many at once as
    one likes, in as many processes.
    """
    with Askers(_ask) as askers:
        run = _Run(askers, at=at, by=by)
        while True:
            room = min(BATCH - askers.waiting, limit - run.drained.claimed)
            if room > 0 and going():
                run.take(limit=room)
            if not askers.waiting:
                return run.drained
            run.bring_home(askers.answers(within_seconds=WAVE_SECONDS))


class _Run:
    """One drain: what is being asked right now, and what has been done."""

    def __init__(self, askers: Askers[Claim, Answer], *, at: datetime, by: str) -> None:
        self.askers, self.started_at, self.by = askers, at, by
        self.clock = time.monotonic()
        self.renewed = self.clock
        self.asked: dict[UUID, Claim] = {}
        self.drained = Drained()

    @property
    def now(self) -> datetime:
        return self.started_at + timedelta(seconds=time.monotonic() - self.clock)

    def take(self, *, limit: int) -> None:
        """This will claim what is due and have it asked for."""
        claims = claim(limit=limit, by=self.by, at=self.now)
        self.drained.claimed += len(claims)
        if claims:
            faults.point("refund.after_claim")
        self._put([one for one in claims if one.call != "credit"])
        self._land([(one, Succeeded()) for one in claims if one.call == "credit"])

    def bring_home(self, answered: list[tuple[Claim, Answer]]) -> None:
        """This will write what has been answered, and ask on where a look-up was the first step."""
        looked_up: list[tuple[Claim, Found | None]] = []
        results: list[tuple[Claim, Outcome]] = []
        for one, answer in answered:
            self.asked.pop(one.id, None)
            if answer is None or isinstance(answer, Found):
                looked_up.append((one, answer))
            else:
                results.append((one, answer))
        if looked_up:
            faults.point("refund.after_look_up")
            self._put(self._after_look_ups(looked_up))
        self._land(results)
        if self.asked and time.monotonic() - self.renewed > LEASE_SECONDS / 3:
            self.renewed = time.monotonic()
            renew(list(self.asked.values()), at=self.now)

    def _put(self, claims: list[Claim]) -> None:
        for one in claims:
            self.asked[one.id] = one
            self.askers.put(one)

    def _after_look_ups(self, found: list[tuple[Claim, Found | None]]) -> list[Claim]:
        """Judges look-ups: gives those that are to be asked on, their attempts written; lands the others."""
        try:
            asking, results = _judge(found, by=self.by, at=self.now)
        except Exception as error:
            log.error("refunds: %d look-ups not written (%s): their leases end", len(found), _kind(error))
            return []
        faults.point("refund.after_judging")
        self._land(results)
        return asking

    def _land(self, results: list[tuple[Claim, Outcome]]) -> None:
        if not results:
            return
        faults.point("refund.before_landing")
        by_merchant: dict[int, list[tuple[Claim, Outcome]]] = defaultdict(list)
        for one, outcome in results:
            by_merchant[one.merchant_id].append((one, outcome))
        for merchant_id, mine in sorted(by_merchant.items()):
            self._land_of(merchant_id, mine)
        faults.point("refund.after_landing")

    def _land_of(self, merchant_id: int, mine: list[tuple[Claim, Outcome]]) -> None:
        try:
            landed = land(merchant_id=merchant_id, results=mine, by=self.by, at=self.now)
        except Exception as error:
            if len(mine) > 1 and not isinstance(error, AWAY):
                # One odd refund holds up no other: each by itself.
                for one in mine:
                    self._land_of(merchant_id, [one])
                return
            # Their leases end, and look-ups will find what happened: nothing is lost or done twice.
            log.error("refunds: %d outcomes not written (%s): looked up later", len(mine), _kind(error))
            return
        self.drained.cancellation_ids |= landed.cancellation_ids
        self.drained.reimbursement_ids |= landed.reimbursement_ids


@sql.verb
def _judge(
    found: list[tuple[Claim, Found | None]], *, by: str, at: datetime
) -> tuple[list[Claim], list[tuple[Claim, Outcome]]]:
    """Judges look-ups against what is reserved now, and writes the attempts of the calls that follow."""
    known = dict(sql.tuples(KNOWN, (sorted({one.payment_id for one, _ in found}),)))
    ours = renew([one for one, _ in found], at=at)
    asking: list[Claim] = []
    results: list[tuple[Claim, Outcome]] = []
    confirmed: list[UUID] = []
    ended: list[tuple[Claim, object]] = []
    for one, seen in found:
        if one.id not in ours:
            continue
        then = after_look_up(one, seen, known_minor=known[one.payment_id], at=at)
        if not isinstance(then, Declined):
            confirmed.append(one.payment_id)
        if isinstance(then, Ask):
            ended.append((one, seen))
            asking.append(one)
        else:
            results.append((one, then))
    end_attempts(ended, at=at)
    if confirmed:
        sql.execute(CONFIRM, (at, confirmed))
    for one in asking:
        one.call = one.kind
    attempt(asking, by=by, at=at)
    return asking, results


def _kind(error: Exception) -> str:
    return type(error).__name__  # its words may hold a person's data


def _ask(one: Claim) -> Answer:
    """Talks to the provider, in a thread of its own; whatever goes wrong is an answer too."""
    try:
        provider = PROVIDERS[one.provider]
        if one.call == "look_up":
            return provider.look_up(payment=one.paid, refund_id=one.id)
        faults.point("refund.before_call")
        answer: Outcome
        if one.call == "void":
            answer = provider.void(payment=one.paid, key=one.key)
        else:
            answer = provider.refund(
                payment=one.paid, refund_id=one.id, key=one.key, amount_minor=one.amount_minor
            )
        faults.point("refund.after_call")
        return answer
    except NotNow as busy:
        error = str(busy) or "busy"
    except Exception as silence:
        error = str(silence) or type(silence).__name__
        if one.call != "look_up":
            return Unknown(error)
    # Nothing happened now; but of a refund that was asked for before, nobody knows yet.
    return Unknown(error) if one.call == "look_up" and one.asked_at else Again(error)
