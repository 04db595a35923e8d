"""What the clock does with sales that wait: tell the merchant, warn a day before, and end them as the terms say."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from countermand import sql
from countermand.acceptance import letters, rules, waiting
from countermand.acceptance.actions import refuse
from countermand.acceptance.models import AwaitedSale
from countermand.events.record import event, record
from countermand.payments import ledger as ledgers
from countermand.payments.facts import Ledger

BATCH = 100
LATER = timedelta(minutes=1)
BY = "platform"
DUE = """
SELECT id, merchant_id, order_id FROM awaited_sale WHERE over_at IS NULL AND not_before <= %s
ORDER BY not_before LIMIT %s
"""


def drain(*, at: datetime, going: Callable[[], bool] = lambda: True) -> int:
    """This will attend to one batch of sales whose next step is due, each in its own transaction."""
    due = sql.tuples(DUE, (at, BATCH))
    done = 0
    for _, merchant_id, order_id in due:
        if not going():
            break
        attend_sale(merchant_id=merchant_id, order_id=order_id, at=at)
        done += 1
    return done


@sql.verb
def attend_sale(*, merchant_id: int, order_id: UUID, at: datetime) -> str:
    """This will do the step of a sale that is due; gives its name, "" where nothing is. Twice is once.

    tell: the letter with its links. warn: a day is left. end: refused by the platform, or a reminder, as the terms say.
    """
    ledgers.lock(merchant_id=merchant_id, order_ids=[order_id])
    sale = AwaitedSale.of(merchant_id).filter(order_id=order_id, over_at=None, not_before__lte=at).first()
    if sale is None:
        return ""
    ledger = ledgers.read(merchant_id=merchant_id, order_ids=[order_id])[order_id]
    status = ledger.order.status
    if status == "accepting":  # its money is on the way: what becomes of it is told by who lands it
        _next(sale, sale.step, at + LATER)
        return ""
    if status != "awaiting_acceptance":
        waiting.over(merchant_id=merchant_id, order_id=order_id, at=at)
        return ""
    return STEPS[sale.step](sale, ledger, at)


def _tell(sale: AwaitedSale, ledger: Ledger, at: datetime) -> str:
    letters.tell(kind="sale", ledger=ledger, sale=sale, at=at)
    if sale.decide_by is None:
        _next(sale, "end", at + rules.REMINDED_EVERY)
    else:
        _next(sale, *waiting.next_step(sale.decide_by, at=at))
    return "tell"


def _warn(sale: AwaitedSale, ledger: Ledger, at: datetime) -> str:
    assert sale.decide_by is not None
    if sale.decide_by > at:  # a worker that slept through does not warn of what is over
        letters.tell(kind="sale_warning", ledger=ledger, sale=sale, at=at)
    _next(sale, "end", sale.decide_by)
    return "warn"


def _end(sale: AwaitedSale, ledger: Ledger, at: datetime) -> str:
    order = ledger.order
    if sale.decide_by is not None and ledger.terms.acceptance_end == "refuse":
        facts: dict[str, Any] = {"merchant_id": order.merchant_id, "at": at, "by": BY, "order_id": order.id}
        record([event(kind="order.decision_missed", decide_by=sale.decide_by, **facts)])
        refuse(merchant_id=order.merchant_id, order_id=order.id, via="clock", by=BY, at=at)
        return "end"
    letters.tell(kind="sale_reminder", ledger=ledger, sale=sale, at=at)
    sale.reminders += 1
    # It stays among what is to be done; only the mails stop.
    never = timedelta(days=36500)
    again = rules.REMINDED_EVERY if sale.reminders < rules.MOST_REMINDERS else never
    _next(sale, "end", at + again)
    return "remind"


def _next(sale: AwaitedSale, step: str, not_before: datetime) -> None:
    sale.step, sale.not_before = step, not_before
    sale.save(update_fields=["step", "not_before", "reminders"])


STEPS: dict[str, Callable[[AwaitedSale, Ledger, datetime], str]] = {
    "tell": _tell,
    "warn": _warn,
    "end": _end,
}
