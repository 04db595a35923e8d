"""Figures as sums of days, so that no page ever goes through orders.

Rates: a row per change, folded into a row per day by the worker. Changes are inserted, never added to a
shared counter: a counter per channel would be one hot row that every cancel waits for (docs/decisions/0000).
Everything else: the worker reads the history, marks the days that it touches, and adds those up anew.
"""

from django.db import models
from django.db.models import Q

from countermand.cancellations.models import Cancellation
from countermand.channels.models import Channel
from countermand.orders.models import Order
from countermand.tenancy import TenantModel, Within

# What a day is added up by. `placed`, `kept`, `cancelled` and `refunded` have one empty key.
DIMENSIONS = ("placed", "kept", "cancelled", "refunded", "asked", "reason", "item", "member")
VIA = ("staff", "link")


class RateChange(TenantModel):
    """What one verb changed on one day of one channel. `day` is the order's day in the channel's clock."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    channel_id = models.UUIDField()  # no key: a lock on the channel's row would be shared by every cancel
    day = models.DateField()
    orders = models.IntegerField(default=0)
    articles = models.IntegerField(default=0)
    orders_cancelled = models.IntegerField(default=0)
    articles_cancelled = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "rate_change"
        abstract = False
        indexes = [models.Index(fields=["merchant", "channel_id", "day"], name="rate_change_day")]


class RateDay(TenantModel):
    """The folded sums of one day of one channel."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    channel = Within(Channel)
    day = models.DateField()
    orders = models.IntegerField(default=0)
    articles = models.IntegerField(default=0)
    orders_cancelled = models.IntegerField(default=0)
    articles_cancelled = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "rate_day"
        abstract = False
        constraints = [models.UniqueConstraint(fields=["channel", "day"], name="rate_day_once")]


class RollupDay(TenantModel):
    """What became of the orders that one channel took in on one day, by one dimension.

    `orders` and `articles`: how many it touches; `counted_*`: of these what counts in the rate. An order
    with several cancellations belongs to the first that stands, so that keys sum to the whole (but for
    `item`, where an order stands under each of its articles).
    """

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    channel = Within(Channel)
    day = models.DateField()
    dimension = models.CharField(max_length=12)
    key = models.CharField(max_length=100, blank=True)
    currency = models.CharField(max_length=3)
    orders = models.IntegerField(default=0)
    articles = models.IntegerField(default=0)
    counted_orders = models.IntegerField(default=0)
    counted_articles = models.IntegerField(default=0)
    amount_minor = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "rollup_day"
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "dimension", "day", "key", "currency"], name="rollup_day_once"
            ),
            models.CheckConstraint(condition=Q(dimension__in=DIMENSIONS), name="rollup_day_dimension"),
        ]


class ItemMonth(TenantModel):
    """The days of a month together, by article: a shop has thousands of them, and a page may ask for years."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    channel = Within(Channel)
    month = models.DateField()  # its first day
    key = models.CharField(max_length=100)
    currency = models.CharField(max_length=3)
    orders = models.IntegerField(default=0)
    articles = models.IntegerField(default=0)
    counted_orders = models.IntegerField(default=0)
    counted_articles = models.IntegerField(default=0)
    amount_minor = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "item_month"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["channel", "month", "key", "currency"], name="item_month_once")
        ]


class DirtyDay(TenantModel):
    """A day of a channel that the worker has to add up anew. Until then pages add it up themselves."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    channel_id = models.UUIDField()
    day = models.DateField()

    class Meta(TenantModel.Meta):
        db_table = "dirty_day"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "channel_id", "day"], name="dirty_day_once")
        ]


class RollupMark(models.Model):
    """How far the history has been read for days to add up anew: one row for the whole house.

    Everything up to `event_id` was read. `next_event_id` is as far as one may go once no transaction is
    left that ran when it was noted (`next_xid`): until then a slow one may still bring an event before it.
    """

    id = models.SmallIntegerField(primary_key=True)
    event_id = models.BigIntegerField(default=0)
    next_event_id = models.BigIntegerField(default=0)
    next_xid = models.BigIntegerField(default=0)

    class Meta:
        db_table = "rollup_mark"


class Visits(TenantModel):
    """How many people came to a channel on a day, as the merchant told us: without it there is no conversion."""

    channel = Within(Channel)
    day = models.DateField()
    visits = models.IntegerField()
    by = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "visits"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["channel", "day"], name="visits_once"),
            models.CheckConstraint(condition=Q(visits__gte=0), name="visits_number"),
        ]


class Feedback(TenantModel):
    """What a customer said of a cancellation: 1 (bad) to 5 (good), and words. Once by the mail's link (SH-14)."""

    order = Within(Order)
    cancellation = Within(Cancellation)
    score = models.SmallIntegerField()
    text = models.TextField(blank=True)
    via = models.CharField(max_length=8)
    by = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "feedback"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["cancellation"], name="feedback_once"),
            models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="feedback_score"),
            models.CheckConstraint(condition=Q(via__in=VIA), name="feedback_via"),
        ]
        indexes = [
            models.Index(fields=["merchant", "-at"], name="feedback_newest"),
            models.Index(fields=["order"], name="feedback_order"),
        ]
