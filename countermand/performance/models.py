"""Rates as sums: a row per change, folded into a row per day by the worker.

Changes are inserted, never added to a shared counter: a counter per channel would be one hot row
that every cancel waits for (docs/decisions/0000).
"""

from django.db import models

from countermand.channels.models import Channel
from countermand.tenancy import TenantModel, Within


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
