"""What a platform pays out to a merchant, order by order: append-only entries, and how far they go."""

from django.db import models
from django.db.models import Q

from countermand.channels.models import Channel
from countermand.orders.models import Order
from countermand.payouts.rules import KINDS
from countermand.tenancy import TenantModel, Within, owner


class PayoutAccount(TenantModel):
    """An order whose money a platform pays out. `version`: the order's, as of which its entries are complete.

    `rate_hundredths` is the commission in hundredths of a per cent, as it was when the order was paid.
    """

    order = Within(Order)
    channel = Within(Channel)
    rate_hundredths = models.IntegerField()
    version = models.IntegerField()

    class Meta(TenantModel.Meta):
        db_table = "payout_account"
        abstract = False
        constraints = [models.UniqueConstraint(fields=["order"], name="payout_account_order")]


class PayoutEntry(TenantModel):
    """One movement on what a merchant is paid out; never changed. They sum to what the order's money gives.

    `number` counts within the order: who writes twice what was written once is refused by the database.
    `amount_minor` raises the payout or lowers it; `about_minor` is the commission that an entry of no amount
    speaks of (kept). `evidence`: who asked, when, and the customer service's case (RK-13); ids and codes only.
    """

    order = Within(Order)
    channel = Within(Channel)
    number = models.IntegerField()
    kind = models.CharField(max_length=16)
    amount_minor = models.BigIntegerField()
    about_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()
    cancellation_id = models.UUIDField(null=True)
    evidence = models.JSONField(default=dict)

    class Meta(TenantModel.Meta):
        db_table = "payout_entry"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["order", "number"], name="payout_entry_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="payout_entry_kind"),
        ]
        indexes = [
            models.Index(fields=["channel", "at", "id"], name="payout_entry_month"),
            models.Index(
                fields=["cancellation_id"],
                name="payout_entry_cancellation",
                condition=Q(cancellation_id__isnull=False),
            ),
        ]


class PayoutReading(TenantModel):
    """How far a merchant's history has been read: the place of the last event, in commit order."""

    merchant = owner()
    xid = models.BigIntegerField(default=0)
    event_number = models.BigIntegerField(default=0)
    read_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "payout_reading"
        abstract = False
        constraints = [models.UniqueConstraint(fields=["merchant"], name="payout_reading_merchant")]
