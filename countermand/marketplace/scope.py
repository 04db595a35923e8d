"""Whose rows an operator may see: the one place that says so (docs/decisions/0008-operator.md).

Operators look across merchants, so tenant isolation cannot come from `of(merchant_id)`. It comes from here:
every question of this room begins with `rows`, `seats` or `SEATED`, and each is bound to one marketplace.
A house test holds that no other file of the room looks across merchants.
"""

from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from countermand.channels.models import Channel
from countermand.marketplace.models import Seat, Suspension
from countermand.orders.models import Order
from countermand.procedure.models import SupportTicket
from countermand.refusals import Refusal
from countermand.tenancy import TenantModel

Row = TypeVar("Row", bound=TenantModel)

# In SQL: the channels that a marketplace sees, as `seated` (merchant_id, channel_id, seat_id).
SEATED = """seated AS MATERIALIZED (
    SELECT merchant_id, channel_id, id AS seat_id FROM seat WHERE marketplace_id = %(marketplace)s
)"""


def seats(marketplace_id: int) -> "QuerySet[Seat]":
    """This will start a question about a marketplace's seats."""
    return Seat.across_merchants.filter(marketplace_id=marketplace_id)


def rows(model: type[Row], marketplace_id: int) -> "QuerySet[Row]":
    """This will start a question about rows that a marketplace made: alerts, suspensions."""
    return model.across_merchants.filter(marketplace_id=marketplace_id)


def seated(model: type[Row], marketplace_id: int, by: str = "channel_id") -> "QuerySet[Row]":
    """This will start a question about rows of the channels that have a seat here; `by` leads to the channel."""
    there = seats(marketplace_id).values("channel_id")
    return model.across_merchants.filter(**{f"{by}__in": there})


def tickets(marketplace_id: int) -> "QuerySet[SupportTicket]":
    """This will start a question about tickets of the merchants who sell here (EM-7).

    One that names an order is seen where that order was sold; one that names none, wherever the merchant sells.
    """
    of_ours = SupportTicket.across_merchants.filter(
        merchant_id__in=seats(marketplace_id).values("merchant_id")
    )
    sold_here = seated(Order, marketplace_id).filter(
        id=OuterRef("order_id"), merchant_id=OuterRef("merchant_id")
    )
    return of_ours.filter(Q(order_id=None) | Q(Exists(sold_here)))


def seat(*, marketplace_id: int, seat_id: UUID) -> Seat:
    """This will find a seat of this marketplace. Refuses `not_found`, for another marketplace's too."""
    found = seats(marketplace_id).select_related("merchant", "channel").filter(id=seat_id).first()
    if found is None:
        raise Refusal("not_found", "no such merchant here")
    return found


def seat_of(channel: Channel) -> Seat | None:
    """This will find the seat of a merchant's channel, if it sells at a marketplace."""
    return Seat.of(channel.merchant_id).select_related("marketplace").filter(channel_id=channel.id).first()


# What the clock takes up, whichever marketplace it is of: no person reads this.


def to_judge(*, at: datetime, every: timedelta, limit: int) -> list[Seat]:
    """This will claim seats whose rate was not looked at lately: locked, and left out where another worker has them."""
    free = Seat.across_merchants.select_for_update(skip_locked=True, no_key=True, of=("self",))
    due = free.filter(Q(judged_at=None) | Q(judged_at__lte=at - every))
    known = due.select_related("merchant", "channel", "marketplace")
    return list(known.order_by(F("judged_at").asc(nulls_first=True))[:limit])


def to_carry(*, at: datetime, limit: int) -> list[Suspension]:
    """This will claim suspensions that begin or end by the clock: locked, and left out where another worker has them."""
    free = Suspension.across_merchants.select_for_update(skip_locked=True, no_key=True, of=("self",))
    due = free.filter(Q(state="decided", starts_at__lte=at) | Q(state="running", ends_at__lte=at))
    return list(
        due.select_related("seat__merchant", "seat__channel", "seat__marketplace").order_by("id")[:limit]
    )
