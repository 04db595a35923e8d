"""A withdrawal from what has left becomes a return: what is still here is called off, what left is asked back (SH-16).

Source: C. conso L221-18 to L221-24. The buyer's statement starts both clocks: to send back, and to give back.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from countermand import sql
from countermand.buyer_requests import rules
from countermand.buyer_requests.models import BuyerRequest
from countermand.buyer_requests.rows import close, judge_open, locked_request, told
from countermand.cancellations.actions import Confirmed
from countermand.events.record import record
from countermand.law import REFUND_TIME, SEND_BACK_TIME
from countermand.orders.facts import Requested
from countermand.payments.facts import Ledger
from countermand.refusals import Refusal
from countermand.returns.actions import Both, Coming, cancel_and_return
from countermand.returns.asking import free_units
from countermand.returns.rules import Found, worth_of


class Parted(NamedTuple):
    """What a withdrawal is about now: units to call off, units to ask back. (line reference, units)"""

    off: list[tuple[str, int]]
    back: list[tuple[str, int]]


class Proposed(NamedTuple):
    """The return that a withdrawal asks for: what comes and is worth, and the law's days."""

    parted: Parted
    coming: list[Found]
    shipping: int
    send_by: date
    pay_by: date

    @property
    def later(self) -> int:
        """This will sum what goes back once the articles are here, before anything that is kept of it."""
        return sum(each.amount for each in self.coming) + self.shipping


def parted(ledger: Ledger, asked: rules.Units | None) -> Parted:
    """This will part what a buyer withdraws from as the order stands; nothing to ask back where nothing left."""
    free: dict[str, int] = {}
    if any(line.shipped > line.returned for line in ledger.lines):
        try:
            free, _unconfirmed = free_units(ledger)
        except Refusal:
            free = {}
    return Parted(*rules.parted(asked, ledger.lines, free))


def withdrawal_of(ledger: Ledger) -> Requested | None:
    """This will find the open withdrawal of an order's buyer, the first where there are several."""
    return next((each for each in ledger.order.requests if each.kind == "withdrawal"), None)


def units_of(asked: Requested) -> rules.Units | None:
    """This will give what an open request is about as it was recorded."""
    return None if asked.units is None else list(asked.units.items())


def coming(
    back: Sequence[tuple[str, int]],
    *,
    reason: str,
    asked_at: datetime,
    message: str = "",
    notify: bool = True,
) -> Coming:
    """This will word the return of a withdrawal: the shop was informed when the buyer said so."""
    return Coming(
        lines=tuple(back),
        kind="withdrawal",
        reason=reason,
        informed_at=asked_at,
        message=message,
        notify=notify,
    )


def propose(ledger: Ledger, asked: Requested) -> Proposed | None:
    """This will show the return that an open withdrawal asks for; None where nothing of it may be asked back."""
    units = parted(ledger, units_of(asked))
    if not units.back:
        return None
    worth, shipping = worth_of(ledger, dict(units.back), kind="withdrawal", reason=asked.reason)
    told_on = asked.asked_at.astimezone(ZoneInfo(ledger.channel.timezone)).date()
    return Proposed(
        units,
        worth,
        shipping,
        told_on + SEND_BACK_TIME,
        told_on + REFUND_TIME,
    )


@sql.verb
def take_back(
    *,
    merchant_id: int,
    request_id: UUID,
    cancel: Callable[[], Any] | None,
    coming: Coming | None,
    by: str,
    at: datetime,
) -> Both:
    """This will answer a withdrawal: `cancel` what is still here, open the return of what left; both or neither.

    Where the cancel waits for a second person, the request waits with it. Refuses `not_found`, `already_decided`,
    `not_a_withdrawal`, and what a cancellation and a return refuse.
    """
    request = locked_request(merchant_id, request_id)
    judge_open(request, "approved")
    if request.kind != "withdrawal":
        raise Refusal("not_a_withdrawal", "a return is proposed to who withdraws")
    done = cancel_and_return(
        merchant_id=merchant_id, order_id=request.order_id, cancel=cancel, coming=coming, by=by, at=at
    )
    if done.asked is None:
        return done
    request = BuyerRequest.of(merchant_id).get(id=request_id)
    request.return_id = done.asked.id
    if request.state == "open":
        close(request, "approved", by=by, at=at)
        record([told("request.approved", request, by=by, at=at, **{"return": str(done.asked.id)})])
    else:  # the cancellation has answered it, in this transaction
        assert isinstance(done.cancelled, Confirmed)
        request.save(update_fields=["return_id"])
    return done
