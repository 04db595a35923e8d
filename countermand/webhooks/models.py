"""Who wants to hear of what happens here, and each time that they are told."""

from django.db import models
from django.db.models import Q

from countermand.lifecycle import DELIVERY
from countermand.tenancy import TenantModel, Within, owner

ACTIVE, DISABLED = "active", "disabled"


class Webhook(TenantModel):
    """A subscription: an address, the kinds of event that it asked for, and how far it has been served.

    `xid` and `event_number` are its place in the history (events/models.py). The secret is not kept: it is made of
    the instance's key and `salt`, so that a copy of the database signs nothing.
    """

    merchant = owner()
    url = models.CharField(max_length=500)
    events = models.JSONField()
    state = models.CharField(max_length=16, default=ACTIVE)
    disabled_because = models.CharField(max_length=32, blank=True)
    disabled_at = models.DateTimeField(null=True)
    salt = models.BinaryField(max_length=16)
    fingerprint = models.BinaryField(max_length=8)
    old_salt = models.BinaryField(max_length=16, null=True)
    old_until = models.DateTimeField(null=True)
    xid = models.BigIntegerField()
    event_number = models.BigIntegerField(default=0)
    failures = models.IntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    served_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    by = models.CharField(max_length=100)

    class Meta(TenantModel.Meta):
        db_table = "webhook"
        abstract = False
        constraints = [
            models.CheckConstraint(condition=Q(state__in=(ACTIVE, DISABLED)), name="webhook_state"),
            # What a delivery's key to it points at.
            models.UniqueConstraint(fields=["merchant", "id"], name="webhook_in_merchant"),
        ]


class Delivery(TenantModel):
    """One event for one subscription, and itself the queue. What is sent stays as it was: `payload`."""

    webhook = Within(Webhook)
    key = models.CharField(max_length=40, unique=True)
    event = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=40)
    order_id = models.UUIDField(null=True)
    payload = models.TextField()
    state = models.CharField(max_length=16, default="planned")
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_by = models.IntegerField(null=True)  # the worker that has it in hand (countermand/heartbeat.py)
    tries = models.IntegerField(default=0)
    begun_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    status = models.IntegerField(null=True)
    answer = models.TextField(blank=True)
    error = models.CharField(max_length=32, blank=True)
    took_ms = models.IntegerField(null=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "webhook_delivery"
        abstract = False
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(DELIVERY)), name="webhook_delivery_state"),
            models.UniqueConstraint(
                fields=["webhook", "event"], condition=~Q(event=""), name="webhook_delivery_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["lease_by"], name="webhook_delivery_in_hand", condition=Q(lease_by__isnull=False)
            ),
            models.Index(
                fields=["webhook", "not_before"],
                name="webhook_delivery_due",
                condition=Q(state__in=("planned", "sending")),
            ),
            models.Index(fields=["webhook", "-id"], name="webhook_delivery_list"),
            models.Index(fields=["created_at"], name="webhook_delivery_age"),
        ]
