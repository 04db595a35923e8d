"""What the clock does with orders that nobody sends: the merchant is warned, then the platform calls them off (AZ-13)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

from countermand import faults, ids, sql
from countermand.cancellations.actions import Confirmed, Wish, confirm_many
from countermand.cancellations.ask import Ask
from countermand.events.record import event, record
from countermand.orders.permitted import PLATFORM
from countermand.overdue import letters, statements
from countermand.overdue.channels import Watched, rows, watched
from countermand.payments import ledger

CHUNK = 100
BY = "platform"
# "A day before" with some hours to spare: the clock comes by every few minutes, not to the second.
NOTICE = timedelta(hours=20)


def watch(*, at: datetime, limit: int = CHUNK) -> int:
    """This will do a chunk of what is due: end what waits no more, warn, call off; and count it."""
    channels = watched(at=at)
    return (
        close_overdue(channels=channels, at=at, limit=limit)
        + warn_of_overdue(channels=channels, at=at, limit=limit)
        + end_overdue(channels=channels, at=at, limit=limit)
    )


@sql.verb
def close_overdue(*, channels: Sequence[Watched], at: datetime, limit: int = CHUNK) -> int:
    """This will note that orders left, or may wait: nobody is warned of them any more."""
    asked = {"channels": sql.json(rows(channels)), "at": at, "limit": limit}
    return len(sql.tuples(statements.OVER, asked))


@sql.verb
def warn_of_overdue(*, channels: Sequence[Watched], at: datetime, limit: int = CHUNK) -> int:
    """This will write to merchants three days and one day before a platform may call their orders off, once each."""
    by_id = {channel.id: channel for channel in channels}
    asked = {"channels": sql.json(rows(channels)), "limit": limit}
    near = [
        found | {"ends_on": by_id[found["channel_id"]].ends_on(found["ship_by"])}
        for found in sql.rows(statements.WARN, asked)
    ]
    written = [
        {
            "id": ids.new(),
            "merchant_id": found["merchant_id"],
            "order_id": found["id"],
            "ends_on": found["ends_on"],
            "last": found["last"],
            "at": at,
        }
        for found in near
    ]
    # Another worker may have warned meanwhile: only what this one wrote is told.
    warned = {row[0] for row in sql.tuples(statements.WARNED, (sql.json(written),))}
    told = [found for found in near if found["id"] in warned]
    for merchant_id, orders in groupby(told, key=lambda found: found["merchant_id"]):
        letters.warn(merchant_id=merchant_id, orders=list(orders), at=at)
    record(
        event(
            kind="order.overdue",
            merchant_id=found["merchant_id"],
            at=at,
            by=BY,
            order_id=found["id"],
            ends_on=found["ends_on"].isoformat(),
        )
        for found in told
    )
    return len(told)


@sql.verb
def end_overdue(*, channels: Sequence[Watched], at: datetime, limit: int = CHUNK) -> int:
    """This will call off, for the platform, what nobody sent until its last day: each once, counted as the terms count.

    What cannot be called off now, since money is on its way, is tried again.
    """
    asked = {"channels": sql.json(rows(channels)), "warned": at - NOTICE, "limit": limit, "only": None}
    due = sorted(sql.tuples(statements.END, asked))
    ended = 0
    for merchant_id, orders in groupby(due, key=lambda row: row[0]):
        locked = ledger.lock(merchant_id=merchant_id, order_ids=[order_id for _, order_id, _ in orders])
        # Asked once more under their locks: a parcel may have been confirmed since.
        still = sorted(sql.tuples(statements.END, asked | {"only": list(locked)}))
        ended += _call_off(merchant_id, [(order_id, language) for _, order_id, language in still], at=at)
    return ended


def _call_off(merchant_id: int, orders: Sequence[tuple[UUID, str]], *, at: datetime) -> int:
    wishes = [
        Wish(order_id, _ask(letters.unsent(language)), source=f"overdue:{order_id}")
        for order_id, language in orders
    ]
    answers = confirm_many(merchant_id=merchant_id, wishes=wishes, by=BY, at=at)
    faults.point("overdue.called_off")
    done: dict[UUID, Any] = {
        wish.order_id: answer.id
        for wish, answer in zip(wishes, answers, strict=True)
        if isinstance(answer, Confirmed)
    }
    sql.execute(statements.ENDED, (at, merchant_id, list(done)))
    record(
        event(
            kind="order.auto_cancelled",
            merchant_id=merchant_id,
            at=at,
            by=BY,
            order_id=order_id,
            cancellation=cancellation_id,
        )
        for order_id, cancellation_id in done.items()
    )
    return len(done)


def _ask(message: str) -> Ask:
    return Ask(reason="delay", initiated_by="platform", role=PLATFORM, message=message)
