"""What buyers ask for: to have an order called off, or to withdraw from it. Recorded by staff, with what proves it."""

from django.db import models
from django.db.models import Q

from countermand.lifecycle import REQUEST
from countermand.orders.models import Order
from countermand.reasons import REASONS
from countermand.tenancy import TenantModel, Within

ROUTES = ("official", "message", "email", "phone", "counter", "customer_service")
KINDS = ("cancellation", "withdrawal")


class BuyerRequest(TenantModel):
    """One wish of a buyer, by one route. `official` where the channel's terms recognise that route (AZ-5, RK-8).

    `lines` lists [line reference, units], None for the whole order. Open, it stands in `order.requests` too;
    `due_at` is when the terms do something about one that nobody has answered, and `due_then` what.
    `cancellation_id` is the one that answered it, or that left nothing of it; `return_id` the return that a
    withdrawal from what had left became.
    """

    order = Within(Order)
    route = models.CharField(max_length=16)
    kind = models.CharField(max_length=16)
    lines = models.JSONField(null=True)
    reason = models.CharField(max_length=32)
    comment = models.TextField(blank=True)  # the buyer's own words
    evidence = models.TextField(blank=True)  # where they can be read again
    case_reference = models.CharField(max_length=100, blank=True)
    case_at = models.DateTimeField(null=True)
    official = models.BooleanField()
    state = models.CharField(max_length=16, default="open")
    requested_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=100)
    due_at = models.DateTimeField(null=True)
    due_then = models.CharField(max_length=16, blank=True)
    reminded_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=100, blank=True)
    answer = models.TextField(blank=True)  # why it was declined
    message = models.TextField(blank=True)  # what the buyer was told
    cancellation_id = models.UUIDField(null=True)
    return_id = models.UUIDField(null=True)
    source = models.CharField(max_length=128, null=True)  # one press of a button records once

    class Meta(TenantModel.Meta):
        db_table = "buyer_request"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="buyer_request_tenant"),
            models.UniqueConstraint(fields=["merchant", "source"], name="buyer_request_source"),
            models.CheckConstraint(condition=Q(state__in=list(REQUEST)), name="buyer_request_state"),
            models.CheckConstraint(condition=Q(route__in=ROUTES), name="buyer_request_route"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="buyer_request_kind"),
            models.CheckConstraint(condition=Q(reason__in=list(REASONS)), name="buyer_request_reason"),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(cancellation_id__isnull=False)
                | Q(return_id__isnull=False),
                name="buyer_request_approved_did_something",
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True)
                | (~Q(state="open") & Q(answered_at__isnull=False, due_at__isnull=True)),
                name="buyer_request_answered_or_open",
            ),
        ]
        indexes = [
            models.Index(fields=["order", "requested_at"], name="buyer_request_order"),
            models.Index(
                fields=["merchant", "requested_at", "id"],
                name="buyer_request_open",
                condition=Q(state="open"),
            ),
            models.Index(
                models.F("merchant"),
                models.F("requested_at").desc(),
                models.F("id").desc(),
                name="buyer_request_newest",
            ),
            models.Index(fields=["due_at"], name="buyer_request_due", condition=Q(due_at__isnull=False)),
            models.Index(
                fields=["cancellation_id"],
                name="buyer_request_cancellation",
                condition=Q(cancellation_id__isnull=False),
            ),
        ]
