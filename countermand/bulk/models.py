"""Many orders called off in one go: what was chosen, what was shown, and what became of each order.

The rows are the queue: a worker takes them in batches, and a killed one leaves nothing half done.
"""

from django.db import models
from django.db.models import Q

from countermand.bulk.states import ROW, RUN
from countermand.cancellations.models import Cancellation
from countermand.orders.models import Order
from countermand.reasons import REASONS
from countermand.tenancy import TenantModel, Within, owner


class BulkRun(TenantModel):
    """One decision over many orders. `sku` limits it to one article of each; "" calls off whole orders.

    `skip_reason` says once for all why customers were not called and stock not looked at one by one (EM-11).
    `restock`, `notify` None: what the terms say. `role` is the asker's on the day.
    """

    merchant = owner()
    state = models.CharField(max_length=8, default="draft")
    by = models.CharField(max_length=100)
    role = models.CharField(max_length=16)
    created_at = models.DateTimeField()
    found_by = models.CharField(max_length=1000, blank=True)  # the search that it was chosen from
    sku = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=32, blank=True)
    initiated_by = models.CharField(max_length=16, default="merchant")
    refund_when = models.CharField(max_length=8, default="now")
    restock = models.BooleanField(null=True)
    notify = models.BooleanField(null=True)
    message = models.TextField(blank=True)
    note = models.TextField(blank=True)
    skip_reason = models.TextField(blank=True)
    undo_seconds = models.IntegerField(default=0)
    rates = models.JSONField(default=dict)  # channel id -> its rate when this was shown
    judged_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "bulk_run"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="bulk_run_tenant"),
            models.CheckConstraint(condition=Q(state__in=RUN), name="bulk_run_state"),
            models.CheckConstraint(condition=Q(reason__in=["", *REASONS]), name="bulk_run_reason"),
        ]
        indexes = [
            models.Index(fields=["merchant", "created_at"], name="bulk_run_newest"),
            models.Index(fields=["started_at"], name="bulk_run_going", condition=Q(state="running")),
        ]


class BulkRow(TenantModel):
    """One order of a run: what was shown of it, and what became of it. Amounts in minor units of `currency`.

    `units` None: all that is open. `digest` is the plan that was shown: the worker does that or refuses.
    """

    run = Within(BulkRun)
    order = Within(Order)
    position = models.IntegerField()
    units = models.IntegerField(null=True)
    state = models.CharField(max_length=8, default="planned")
    digest = models.CharField(max_length=80, blank=True)
    articles = models.IntegerField(default=0)
    refund_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3, blank=True)
    restocked = models.IntegerField(default=0)
    mailed = models.BooleanField(default=False)
    rate_orders = models.SmallIntegerField(default=0)  # what it adds to its channel's rate, within the window
    rate_articles = models.IntegerField(default=0)
    code = models.CharField(max_length=64, blank=True)  # why it was refused
    cancellation = Within(Cancellation, null=True)
    undo_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    lease_until = models.DateTimeField(null=True)
    lease_by = models.IntegerField(null=True)  # the worker that has it in hand (countermand/heartbeat.py)
    tries = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "bulk_row"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="bulk_row_tenant"),
            models.UniqueConstraint(fields=["run", "order"], name="bulk_row_once"),
            models.UniqueConstraint(fields=["run", "position"], name="bulk_row_position"),
            models.CheckConstraint(condition=Q(state__in=ROW), name="bulk_row_state"),
        ]
        indexes = [
            models.Index(fields=["lease_by"], name="bulk_row_in_hand", condition=Q(lease_by__isnull=False)),
            models.Index(fields=["run", "state", "position"], name="bulk_row_queue"),
        ]
