"""The decision to call off units of an order: who, why, what follows. Never edited, only concluded or undone."""

from django.db import models
from django.db.models import Q

from countermand.channels.counting import WHYS
from countermand.lifecycle import CANCELLATION
from countermand.orders.models import Line, Order
from countermand.reasons import REASONS
from countermand.tenancy import TenantModel, Within, one_of

INITIATORS = ("buyer", "merchant", "platform")


class Cancellation(TenantModel):
    """Units of one order called off. Amounts in minor units of the order's currency, frozen.

    `refund_minor` is what goes back (shipping included, fee taken off); `restock` maps line
    reference to units put back on sale. `source` is the identity of the file row it came from; what came
    from several rows has them as `CancellationRow`s instead.
    """

    order = Within(Order)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    initiated_by = models.CharField(max_length=16)
    reason = models.CharField(max_length=32)
    request_id = models.UUIDField(null=True)
    official_request = models.BooleanField(default=False)
    case_reference = models.CharField(max_length=100, blank=True)  # the customer service's, which came before
    case_at = models.DateTimeField(null=True)
    commission = models.CharField(max_length=8, blank=True)  # reversed, kept; "" where nobody takes one
    counts_in_rate = models.BooleanField()
    counts_why = models.CharField(max_length=24)  # of `channels.counting.WHYS`
    state = models.CharField(max_length=16)
    undo_until = models.DateTimeField(null=True)
    concluded_at = models.DateTimeField(null=True)
    currency = models.CharField(max_length=3)
    worth_minor = models.BigIntegerField()
    shipping_minor = models.BigIntegerField(default=0)
    fees_minor = models.BigIntegerField(default=0)
    fee_minor = models.BigIntegerField(default=0)
    refund_minor = models.BigIntegerField()
    waived_minor = models.BigIntegerField(default=0)
    refund_when = models.CharField(max_length=8)
    refund_method = models.CharField(max_length=16)
    waiver = models.TextField(blank=True)
    consent = models.JSONField(null=True)
    notify = models.BooleanField()
    message = models.TextField(blank=True)
    note = models.TextField(blank=True)
    terms_revision = models.IntegerField()
    rate_before = models.CharField(max_length=8, blank=True)
    rate_after = models.CharField(max_length=8, blank=True)
    due_on = models.DateField(null=True)
    due_article = models.CharField(max_length=40, blank=True)
    dropped = models.JSONField(default=list)  # payments by hand given up with it; undo takes them back
    source = models.CharField(max_length=128, null=True)

    class Meta(TenantModel.Meta):
        db_table = "cancellation"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="cancellation_tenant"),
            models.UniqueConstraint(fields=["merchant", "source"], name="cancellation_source"),
            models.CheckConstraint(condition=one_of("state", CANCELLATION), name="cancellation_state"),
            models.CheckConstraint(condition=one_of("reason", REASONS), name="cancellation_reason"),
            models.CheckConstraint(
                condition=one_of("initiated_by", INITIATORS), name="cancellation_initiator"
            ),
            models.CheckConstraint(condition=one_of("counts_why", WHYS), name="cancellation_counts_why"),
        ]
        indexes = [
            models.Index(fields=["order", "at"], name="cancellation_order"),
            models.Index(
                fields=["merchant", "at"], name="cancellation_counted", condition=Q(counts_in_rate=True)
            ),
            models.Index(fields=["undo_until"], name="cancellation_held", condition=Q(state="held")),
        ]


class CancelledLine(TenantModel):
    """Units of one line in one cancellation, with what they were worth and the tax inside."""

    cancellation = Within(Cancellation)
    line = Within(Line)
    quantity = models.IntegerField()
    worth_minor = (
        models.BigIntegerField()
    )  # what the units are worth; `amount_minor` of it was not given back yet
    amount_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    restocked = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "cancelled_line"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["cancellation", "line"], name="cancelled_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="cancelled_quantity"),
        ]
        indexes = [models.Index(fields=["line"], name="cancelled_line_line")]


class CancellationRow(TenantModel):
    """One row of a file among several that made one cancellation together, and its part of what goes back."""

    cancellation = Within(Cancellation)
    source = models.CharField(max_length=128)
    amount_minor = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        db_table = "cancellation_row"
        abstract = False
        constraints = [models.UniqueConstraint(fields=["merchant", "source"], name="cancellation_row_source")]
