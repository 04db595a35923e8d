"""Verbs of calling off: preview, confirm (one or many), undo. Doors call these and nothing deeper."""

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol
from uuid import UUID

from countermand import faults, ids, sql
from countermand.cancellations.ask import Ask
from countermand.cancellations.plan import apply, judged
from countermand.cancellations.planned import Plan
from countermand.cancellations.queries import AlreadyDone, done_by_source
from countermand.cancellations.rows import FileRow, amounts_by_row
from countermand.cancellations.write import Writing
from countermand.channels.presets import Terms
from countermand.events.following import follow
from countermand.events.ping import ping
from countermand.orders.facts import ChannelFacts
from countermand.payments import ledger as ledgers
from countermand.payments.facts import Ledger
from countermand.refusals import Refusal


class Rate(Protocol):
    """A channel's rate as its door knows it; `after` says what a counting cancellation makes of it."""

    @property
    def limit(self) -> str: ...

    @property
    def before(self) -> str: ...

    @property
    def verdict(self) -> str: ...

    @property
    def cancelled(self) -> int: ...

    @property
    def total(self) -> int: ...

    @property
    def room(self) -> int | None: ...

    def after(self, *, placed_on: date, new_order: bool, articles: int) -> str: ...

    def more(self, *, placed_on: date, new_order: bool, articles: int) -> int: ...

    def with_more(self, more: int) -> "Rate": ...


class RateOf(Protocol):
    """Asks for the rate of a channel. Handed in by the door, since rates stand above this room."""

    def __call__(self, *, merchant_id: int, channel: ChannelFacts, terms: Terms, at: datetime) -> Rate: ...


@dataclass(frozen=True, slots=True)
class RateView:
    """Per cent with two decimals as text; "" where unknown.

    `more`: by how many this one raises the number above the line; `verdict`: what the rate is then
    (`too_few`, `below`, `near`, `breached`), `was` before; `room`: how many more may follow below the limit.
    `cancelled` of `total` is what it is before, exactly.
    """

    before: str = ""
    after: str = ""
    limit: str = ""
    more: int = 0
    verdict: str = ""
    was: str = ""
    room: int | None = None
    cancelled: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """One cancellation of many. `source` identifies it for ever: the same source again changes nothing.

    `rows` instead of it: several rows of a file that make one cancellation together.
    """

    order_id: UUID
    ask: Ask
    source: str | None = None
    rows: tuple[FileRow, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """This will give every identity that it stands for."""
        return tuple(row.source for row in self.rows) or ((self.source,) if self.source else ())


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A written cancellation with its plan (facts as they are after it). `already` when it stood before."""

    id: UUID
    state: str
    plan: Plan
    refunds: list[UUID]
    rate: RateView = field(default_factory=RateView)


def preview(
    *,
    merchant_id: int,
    order_id: UUID,
    ask: Ask,
    at: datetime,
    rate_of: RateOf | None = None,
    ledger: Ledger | None = None,
) -> tuple[Plan, RateView]:
    """This will show what would follow: the plan, with its ledger as it would be, and the rate. Nothing is written.

    `ledger`: the order's, where it was read just now; it stays as it is. Refuses whatever confirm would refuse.
    """
    if ledger is None:
        found = ledgers.read(merchant_id=merchant_id, order_ids=[order_id], locked=False)
        if order_id not in found:
            raise Refusal("not_found", "no such order")
        ledger = found[order_id]
    else:
        ledger = deepcopy(ledger)
    made = judged(ledger, ask, at=at)
    rate = _rate(made, merchant_id, rate_of)
    apply(made)
    ledgers.derive(made.ledger)
    return made, rate


@sql.verb
def confirm(
    *, merchant_id: int, order_id: UUID, ask: Ask, by: str, at: datetime, rate_of: RateOf | None = None
) -> Confirmed:
    """This will call off units of an order, with everything that follows, in one transaction under its lock.

    Refuses by name (docs/api.md, Cancelling); `plan_changed` carries the new plan in `facts["plan"]`.
    Statements: lock, read, (rate), write, articles.
    """
    [answer] = _together(merchant_id=merchant_id, wishes=[Wish(order_id, ask)], by=by, at=at, rate_of=rate_of)
    if isinstance(answer, Refusal):
        raise answer
    assert isinstance(answer, Confirmed)
    return answer


@sql.verb
def confirm_many(
    *, merchant_id: int, wishes: Sequence[Wish], by: str, at: datetime, rate_of: RateOf | None = None
) -> list[Confirmed | AlreadyDone | Refusal]:
    """This will confirm many wishes in one transaction, each judged by itself: a refused one holds up no other.

    Several wishes may be for one order: each is planned on what the one before it left.
    """
    return _together(merchant_id=merchant_id, wishes=wishes, by=by, at=at, rate_of=rate_of)


def judge_many(
    *, merchant_id: int, wishes: Sequence[Wish], at: datetime
) -> list[Confirmed | AlreadyDone | Refusal]:
    """This will say what `confirm_many` would answer, and write nothing: the dry run of a file."""
    return _plans(merchant_id=merchant_id, wishes=wishes, at=at, locked=False, writing=None, rate_of=None)


def _together(
    *, merchant_id: int, wishes: Sequence[Wish], by: str, at: datetime, rate_of: RateOf | None
) -> list[Confirmed | AlreadyDone | Refusal]:
    ledgers.lock(merchant_id=merchant_id, order_ids=list({wish.order_id for wish in wishes}))
    faults.point("confirm.locked")
    writing = Writing(merchant_id=merchant_id, by=by, at=at)
    answers = _plans(
        merchant_id=merchant_id, wishes=wishes, at=at, locked=True, writing=writing, rate_of=rate_of
    )
    if any(isinstance(answer, Confirmed) for answer in answers):
        if writing.asked_for:
            follow(
                "cancellations.asked_for",
                merchant_id=merchant_id,
                cancellations=writing.asked_for,
                by=by,
                at=at,
            )
        writing.write()
        faults.point("confirm.written")
        ping()
    return answers


def _plans(
    *,
    merchant_id: int,
    wishes: Sequence[Wish],
    at: datetime,
    locked: bool,
    writing: Writing | None,
    rate_of: RateOf | None,
) -> list[Confirmed | AlreadyDone | Refusal]:
    """Each wish planned on what the one before it left; added to `writing`, where there is one."""
    order_ids = list({wish.order_id for wish in wishes})
    found = ledgers.read(merchant_id=merchant_id, order_ids=order_ids, locked=locked)
    done = done_by_source(
        merchant_id=merchant_id, sources=[source for wish in wishes for source in wish.sources]
    )
    answers: list[Confirmed | AlreadyDone | Refusal] = []
    for wish in wishes:
        try:
            if wish.source and wish.source in done:
                answers.append(done[wish.source])
                continue
            if any(row.source in done for row in wish.rows):
                raise Refusal("in_progress", "some of these rows were done meanwhile: ask for each by itself")
            if wish.order_id not in found:
                raise Refusal("not_found", "no such order")
            made = judged(found[wish.order_id], wish.ask, at=at)
            rate = _rate(made, merchant_id, rate_of)
            apply(made)
            ledgers.derive(made.ledger)
        except Refusal as refusal:
            answers.append(refusal)
            continue
        if writing is None:
            answers.append(Confirmed(ids.NONE, "", made, [], rate))
        else:
            cancellation_id, state, refunds = writing.add(
                made, source=wish.source, rate=(rate.before, rate.after)
            )
            answers.append(Confirmed(cancellation_id, state, made, refunds, rate))
            currency = made.ledger.order.currency
            if wish.source:
                done[wish.source] = AlreadyDone(cancellation_id, made.refund, currency)
            if wish.rows:
                amounts = amounts_by_row(plan=made, rows=wish.rows)
                writing.add_rows(cancellation_id, amounts)
                done |= {source: AlreadyDone(cancellation_id, minor, currency) for source, minor in amounts}
    return answers


def _rate(made: Plan, merchant_id: int, rate_of: RateOf | None) -> RateView:
    if rate_of is None:
        return RateView()
    ledger = made.ledger
    rate = rate_of(merchant_id=merchant_id, channel=ledger.channel, terms=ledger.terms, at=made.at)
    more = 0
    if made.counts_in_rate:
        more = rate.more(
            placed_on=ledger.order.placed_on,
            new_order=ledger.order.counted == 0,
            articles=sum(planned.quantity for planned in made.lines),
        )
    after = rate.with_more(more)
    return RateView(
        before=rate.before,
        after=after.before,
        limit=rate.limit,
        more=more,
        verdict=after.verdict,
        was=rate.verdict,
        room=after.room,
        cancelled=rate.cancelled,
        total=rate.total,
    )
