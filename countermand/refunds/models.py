"""Money on its way back. A refund is one movement on one payment; rows are never deleted."""

import uuid

from django.db import models
from django.db.models import Q

from countermand.lifecycle import REFUND
from countermand.orders.models import Line, Order
from countermand.payments.models import PaymentShare
from countermand.tenancy import TenantModel, Within, one_of, owner

CARRIERS = ("merchant", "platform", "customer_service")
METHODS = ("original", "store_credit", "gift_card", "manual")
TARGETS = ("line", "shipping", "fees", "goodwill", "overpaid")


class Reimbursement(TenantModel):
    """A decision to give back outside a cancellation: all that is owed, some lines, or a free amount."""

    order = Within(Order)
    amount_minor = models.BigIntegerField()
    method = models.CharField(max_length=16)
    reason = models.TextField(blank=True)
    consent = models.JSONField(null=True)
    notify = models.BooleanField(default=True)
    told_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "reimbursement"
        abstract = False
        constraints = [models.UniqueConstraint(fields=["merchant", "id"], name="reimbursement_tenant")]


class Refund(TenantModel):
    """One movement on one payment, and itself the queue: workers claim due rows by `not_before` and lease.

    `kind` refund or void; a void gives back nothing captured, so it is in neither `refunded` nor
    `in_flight`. `key` is the provider's idempotency key: random, and the same at every try.
    `carried_by`: whose deed it is by the terms (RK-5, EM-10); held with `asked_at`: it waits for them.
    """

    order = Within(Order)
    cancellation_id = models.UUIDField(null=True)  # its constraint is made by the room above
    reimbursement = Within(Reimbursement, null=True)
    share = Within(PaymentShare)
    kind = models.CharField(max_length=8, default="refund")
    method = models.CharField(max_length=16)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=16)
    carried_by = models.CharField(max_length=16, default="merchant")
    asked_at = models.DateTimeField(
        null=True
    )  # of the customer service, which gives it back when it comes to it
    # The customer service sent it back to the merchant, and why; it is asked again with the merchant's answer.
    sent_back_at = models.DateTimeField(null=True)
    sent_back_because = models.TextField(null=True)
    answer = models.TextField(null=True)
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    reason = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_by = models.IntegerField(null=True)  # the worker that has it in hand (countermand/heartbeat.py)
    tries = models.IntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    provider_refund = models.CharField(max_length=255, blank=True)
    evidence = models.TextField(blank=True)
    created_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=100)

    class Meta(TenantModel.Meta):
        db_table = "refund"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="refund_tenant"),
            models.CheckConstraint(condition=one_of("state", REFUND), name="refund_state"),
            models.CheckConstraint(condition=one_of("method", METHODS), name="refund_method"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="refund_amount"),
            models.CheckConstraint(condition=one_of("kind", ("refund", "void")), name="refund_kind"),
            models.CheckConstraint(condition=one_of("carried_by", CARRIERS), name="refund_carrier"),
            models.CheckConstraint(
                condition=~Q(state="held", carried_by="merchant", asked_at__isnull=False), name="refund_asked"
            ),
            models.CheckConstraint(
                condition=Q(sent_back_at__isnull=True, sent_back_because__isnull=True, answer__isnull=True)
                | (Q(sent_back_at__isnull=False, carried_by="customer_service") & ~Q(sent_back_because="")),
                name="refund_sent_back_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["lease_by"], name="refund_in_hand", condition=Q(lease_by__isnull=False)),
            models.Index(
                fields=["not_before"],
                name="refund_due",
                condition=Q(state__in=("held", "planned", "sent", "unknown")) & ~Q(method="manual"),
            ),
            models.Index(fields=["order"], name="refund_order"),
            models.Index(
                fields=["due_at", "id"],
                name="refund_at_service",
                condition=Q(state="held", asked_at__isnull=False),
            ),
            models.Index(fields=["cancellation_id"], name="refund_cancellation"),
            models.Index(
                fields=["merchant", "state", "id"],
                name="refund_unsettled",
                condition=~Q(state="succeeded"),
            ),
        ]


class RefundTarget(TenantModel):
    """What a refund gives back: units of a line, shipping, fees, or a goodwill amount. They sum to the refund."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    refund = Within(Refund)
    target = models.CharField(max_length=16)
    line = Within(Line, null=True)
    amount_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "refund_target"
        abstract = False
        constraints = [
            models.CheckConstraint(condition=one_of("target", TARGETS), name="refund_target_kind"),
            models.CheckConstraint(
                condition=Q(target="line", line__isnull=False) | (~Q(target="line") & Q(line__isnull=True)),
                name="refund_target_line",
            ),
        ]
        indexes = [models.Index(fields=["refund"], name="refund_target_refund")]


class RefundAttempt(TenantModel):
    """One call to a provider, committed before the call: what may have happened outside can be looked up."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    refund = Within(Refund)
    number = models.IntegerField()
    call = models.CharField(max_length=16)  # refund, void, look_up
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, blank=True)
    error = models.CharField(max_length=500, blank=True)

    class Meta(TenantModel.Meta):
        db_table = "refund_attempt"
        abstract = False
        indexes = [models.Index(fields=["refund", "number"], name="refund_attempt_refund")]


class StoreCredit(TenantModel):
    """What a shop owes a customer in goods: store credit or a gift card. `live` False: made from sandbox money.

    Its code is money in a drawer: only its digest is kept, and the last four letters to speak of it by.
    """

    merchant = owner()
    customer_email = models.CharField(max_length=254)
    kind = models.CharField(max_length=16, default="store_credit")
    code_digest = models.CharField(max_length=64)
    last4 = models.CharField(max_length=4)
    currency = models.CharField(max_length=3)
    live = models.BooleanField()
    issued_minor = models.BigIntegerField(default=0)
    balance_minor = models.BigIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "store_credit"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="store_credit_tenant"),
            models.UniqueConstraint(fields=["merchant", "code_digest"], name="store_credit_code"),
            models.UniqueConstraint(
                fields=["merchant", "customer_email", "currency", "live", "kind"],
                condition=Q(kind="store_credit"),
                name="store_credit_customer",
            ),
            models.CheckConstraint(condition=Q(balance_minor__gte=0), name="store_credit_balance"),
        ]
        indexes = [models.Index(fields=["merchant", "-id"], name="store_credit_newest")]


class CreditEntry(TenantModel):
    """One movement of a store credit; `refund` at most once, `reference` at most once per credit."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    credit = Within(StoreCredit)
    delta_minor = models.BigIntegerField()
    refund = Within(Refund, null=True)
    order_number = models.CharField(max_length=64, blank=True)
    note = models.TextField(blank=True)
    reference = models.CharField(max_length=64, null=True)  # of whoever asked: the same asked twice is once
    at = models.DateTimeField()
    by = models.CharField(max_length=100)

    class Meta(TenantModel.Meta):
        db_table = "credit_entry"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["refund"], name="credit_entry_refund"),
            models.UniqueConstraint(fields=["credit", "reference"], name="credit_entry_reference"),
        ]
        indexes = [models.Index(fields=["credit", "id"], name="credit_entry_credit")]
