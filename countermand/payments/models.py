"""How orders were paid. Reserved + given elsewhere can never exceed captured: the database says so."""

import uuid

from django.db import models
from django.db.models import F, Q

from countermand.lifecycle import CAPTURE, PAYMENT
from countermand.orders.models import Order
from countermand.tenancy import TenantModel, Within, one_of, owner

METHODS = ("card", "wallet", "transfer", "cash", "cheque", "store_credit", "gift_card")


class Payment(TenantModel):
    """A payment at a provider. One may cover several orders, even of several merchants: see `PaymentShare`.

    `merchant` is who holds the account at the provider. `reserved_minor` is our own refunds in flight
    or succeeded; `refunded_elsewhere_minor` what was given back without us (may exceed, reality wins).
    """

    merchant = owner()
    provider = models.CharField(max_length=32)
    account = models.CharField(max_length=100)
    provider_reference = models.CharField(max_length=255, null=True)
    method = models.CharField(max_length=16)
    last_digits = models.CharField(max_length=4, blank=True, default="")  # of a card, as the buyer knows it
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=16)
    captured_minor = models.BigIntegerField(default=0)
    reserved_minor = models.BigIntegerField(default=0)
    refunded_elsewhere_minor = models.BigIntegerField(default=0)
    # When its provider last said that it is there: until then it is the client's claim, and looked up
    # before the first refund. Cleared by a restore, so that everything is looked up again.
    confirmed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "payment"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="payment_tenant"),
            models.UniqueConstraint(fields=["account", "provider_reference"], name="payment_reference"),
            models.CheckConstraint(condition=one_of("state", PAYMENT), name="payment_state"),
            models.CheckConstraint(
                condition=Q(reserved_minor__gte=0, reserved_minor__lte=F("captured_minor")),
                name="payment_reserved",
            ),
            models.CheckConstraint(
                condition=Q(captured_minor__lte=F("amount_minor")), name="payment_captured"
            ),
        ]


class PaymentShare(TenantModel):
    """What of a payment belongs to one order."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="shares")
    order = Within(Order)
    reference = models.CharField(max_length=64)
    position = models.SmallIntegerField(default=1)
    amount_minor = models.BigIntegerField()
    captured_minor = models.BigIntegerField(default=0)
    reserved_minor = models.BigIntegerField(default=0)
    refunded_elsewhere_minor = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "payment_share"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="share_tenant"),
            models.UniqueConstraint(fields=["order", "reference"], name="share_reference"),
            models.CheckConstraint(
                condition=Q(reserved_minor__gte=0, reserved_minor__lte=F("captured_minor")),
                name="share_reserved",
            ),
            models.CheckConstraint(condition=Q(captured_minor__lte=F("amount_minor")), name="share_captured"),
        ]


class Capture(TenantModel):
    """One drawing of an authorised amount, committed before the provider is called, and itself the queue.

    While it is `sent` its payment is `capturing`; when its lease ends without an answer, the same is
    looked up and sent again under the same `key`.
    """

    order = Within(Order)
    share = Within(PaymentShare)
    amount_minor = models.BigIntegerField()
    state = models.CharField(max_length=16)
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    lease_until = models.DateTimeField()
    lease_by = models.IntegerField(null=True)  # the worker that has it in hand (countermand/heartbeat.py)
    tries = models.IntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=100)

    class Meta(TenantModel.Meta):
        db_table = "capture"
        abstract = False
        constraints = [
            models.CheckConstraint(condition=one_of("state", CAPTURE), name="capture_state"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="capture_amount"),
            models.UniqueConstraint(
                fields=["share"], condition=Q(state="sent"), name="capture_one_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["lease_until"], condition=Q(state="sent"), name="capture_due"),
            models.Index(fields=["lease_by"], name="capture_in_hand", condition=Q(lease_by__isnull=False)),
        ]
