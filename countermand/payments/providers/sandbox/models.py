"""What the sandbox provider believes: its own books, which no other room writes.

They stand for the provider's database on the other side of the wire, so that the audit can hold
our books against somebody else's.
"""

from django.db import models
from django.db.models import Q


class SandboxPayment(models.Model):
    """A card payment as the provider knows it; steered by the beginning of its reference (docs/api.md)."""

    id = models.BigAutoField(primary_key=True)
    account = models.CharField(max_length=100)
    reference = models.CharField(max_length=255)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    captured_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(
        default=0
    )  # counted with each refund, so that one statement can judge
    voided = models.BooleanField(default=False)
    calls = models.IntegerField(default=0)

    class Meta:
        db_table = "sandbox_payment"
        constraints = [models.UniqueConstraint(fields=["account", "reference"], name="sandbox_reference")]


class SandboxRefund(models.Model):
    """A refund as the provider made it, once per key."""

    id = models.BigAutoField(primary_key=True)
    payment = models.ForeignKey(SandboxPayment, models.CASCADE, related_name="refunds")
    key = models.CharField(max_length=64)
    refund_id = models.CharField(max_length=64)  # ours, as metadata: how it is looked up
    amount_minor = models.BigIntegerField()
    state = models.CharField(
        max_length=16
    )  # pending, succeeded, attempted (a failed try of `flaky`), elsewhere
    settles_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)

    class Meta:
        db_table = "sandbox_refund"
        constraints = [
            models.UniqueConstraint(fields=["payment", "key"], name="sandbox_refund_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="sandbox_amount"),
        ]
        indexes = [models.Index(fields=["refund_id"], name="sandbox_refund_ours")]
