"""Goods that come back: returns with their lines, and parcels called back on their way."""

from django.db import models
from django.db.models import F, Q

from countermand.lifecycle import INTERCEPT, RETURN
from countermand.orders.models import Fulfilment, Line, Order
from countermand.reasons import REASONS
from countermand.tenancy import TenantModel, Within

KINDS = ("return", "withdrawal", "refused_delivery", "intercepted")
CONDITIONS = ("as_new", "used", "damaged", "incomplete", "lost")
ASKED_OF = ("carrier", "buyer")
OPEN_INTERCEPT = ("asked", "accepted")


class Intercept(TenantModel):
    """A parcel asked back while it is on its way: of the carrier (AZ-18), or of the buyer (AZ-4)."""

    order = Within(Order)
    fulfilment = Within(Fulfilment)
    asked_of = models.CharField(max_length=8)
    state = models.CharField(max_length=16)
    reason = models.CharField(max_length=32)
    note = models.TextField(blank=True)
    answer_note = models.TextField(blank=True)
    by = models.CharField(max_length=100)
    at = models.DateTimeField()
    answered_by = models.CharField(max_length=100, blank=True)
    answered_at = models.DateTimeField(null=True)
    back_at = models.DateTimeField(null=True)
    cancellation_id = models.UUIDField(null=True)  # what it led to where shipment was never confirmed

    class Meta(TenantModel.Meta):
        db_table = "intercept"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="intercept_tenant"),
            models.UniqueConstraint(
                fields=["fulfilment"], condition=Q(state__in=OPEN_INTERCEPT), name="intercept_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=list(INTERCEPT)), name="intercept_state"),
            models.CheckConstraint(condition=Q(asked_of__in=ASKED_OF), name="intercept_asked_of"),
            models.CheckConstraint(condition=Q(reason__in=list(REASONS)), name="intercept_reason"),
        ]
        indexes = [
            models.Index(fields=["order"], name="intercept_order"),
            models.Index(
                fields=["merchant", "at"], name="intercept_open", condition=Q(state__in=OPEN_INTERCEPT)
            ),
        ]


class Return(TenantModel):
    """Sent units that come back. *_minor: minor units of the order's currency.

    `worth` is what the units received are worth to the buyer, `fee` what the merchant keeps of it,
    `refund` what goes back: now, later, by the platform, or (with a second person to ask) held.
    """

    order = Within(Order)
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=16)
    reason = models.CharField(max_length=32)
    intercept = Within(Intercept, null=True)
    informed_at = models.DateTimeField()  # when the buyer said so: the law's clock begins (C. conso L221-24)
    proof_at = models.DateTimeField(null=True)  # when the buyer proved to have sent it
    proof = models.TextField(blank=True)
    back_at = models.DateTimeField(null=True)
    inspected_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    due_article = models.CharField(max_length=32, blank=True)
    currency = models.CharField(max_length=3)
    worth_minor = models.BigIntegerField(default=0)
    shipping_minor = models.BigIntegerField(default=0)
    fees_minor = models.BigIntegerField(default=0)
    fee_minor = models.BigIntegerField(default=0)
    fee_ground = models.CharField(max_length=16, blank=True)
    fee_note = models.TextField(blank=True)
    refund_minor = models.BigIntegerField(default=0)
    refund_when = models.CharField(max_length=8, blank=True)
    reimbursement_id = models.UUIDField(null=True)
    notify = models.BooleanField(default=True)
    note = models.TextField(blank=True)
    by = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "return"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="return_tenant"),
            models.CheckConstraint(condition=Q(state__in=list(RETURN)), name="return_state"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="return_kind"),
            models.CheckConstraint(condition=Q(reason__in=list(REASONS)), name="return_reason"),
            models.CheckConstraint(
                condition=Q(worth_minor__gte=0, fee_minor__gte=0, refund_minor__gte=0, shipping_minor__gte=0),
                name="return_money",
            ),
        ]
        indexes = [
            models.Index(fields=["order"], name="return_order"),
            models.Index(F("merchant"), F("id").desc(), name="return_newest"),
            models.Index(
                fields=["merchant", "state", "due_on"],
                name="return_open",
                condition=Q(state__in=("asked", "received", "inspected")),
            ),
        ]


class ReturnLine(TenantModel):
    """Units of one line of a return: as asked, as they came, and as they were found."""

    part_of = Within(Return)
    line = Within(Line)
    asked = models.IntegerField()
    received = models.IntegerField(default=0)
    condition = models.CharField(max_length=16, blank=True)
    restocked = models.IntegerField(default=0)
    worth_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)
    amount_minor = models.BigIntegerField(default=0)  # of the worth, what was not given back before

    class Meta(TenantModel.Meta):
        db_table = "return_line"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["part_of", "line"], name="return_line_once"),
            models.CheckConstraint(
                condition=Q(asked__gt=0, received__gte=0, received__lte=F("asked"), restocked__gte=0)
                & Q(restocked__lte=F("received")),
                name="return_line_units",
            ),
            models.CheckConstraint(
                condition=Q(condition__in=("", *CONDITIONS)), name="return_line_condition"
            ),
        ]
        indexes = [models.Index(fields=["line"], name="return_line_line")]
