"""What was done before a cancellation: stock made right, steps passed over, tickets to who keeps the stock."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from countermand.lifecycle import TICKET
from countermand.orders.models import Order
from countermand.tenancy import TenantModel, Within, owner

STEPS = ("contact", "stock")
DEEDS = ("", "shortage", "zero", "count", "ticket")


class StepTaken(TenantModel):
    """A step of the procedure done or passed over, by whom and when; never edited.

    A contact that was logged is its own record (`correspondence.Contact`); here stand what was done to
    the stock of one article, and the reason where a step was passed over.
    """

    order = Within(Order)
    step = models.CharField(max_length=8)
    state = models.CharField(max_length=8)
    sku = models.CharField(max_length=64, blank=True)
    deed = models.CharField(max_length=16, blank=True)
    figure = models.IntegerField(null=True)  # days of a shortage, units counted
    until = models.DateField(null=True)
    leaves_short = models.IntegerField(default=0)  # open orders that the stock did not cover then
    ticket_id = models.UUIDField(null=True)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "step_taken"
        abstract = False
        constraints = [
            models.CheckConstraint(condition=Q(step__in=STEPS), name="step_taken_step"),
            models.CheckConstraint(
                condition=Q(state="done", reason="") | (Q(state="skipped") & ~Q(reason="")),
                name="step_taken_skipped_says_why",
            ),
            models.CheckConstraint(condition=Q(deed__in=DEEDS), name="step_taken_deed"),
        ]
        indexes = [models.Index(fields=["order", "at"], name="step_taken_order")]


class SupportTicket(TenantModel):
    """A request to the support of the system that keeps the stock: these articles, this to be done (EM-7)."""

    merchant = owner()
    order_id = models.UUIDField(null=True)
    skus = ArrayField(models.CharField(max_length=64))
    wants = models.CharField(max_length=16)
    until = models.DateField(null=True)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=8, default="open")
    opened_by = models.CharField(max_length=100)
    opened_at = models.DateTimeField()
    answered_by = models.CharField(max_length=100, blank=True)
    answered_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=100, blank=True)
    closed_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta(TenantModel.Meta):
        db_table = "support_ticket"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="support_ticket_tenant"),
            models.CheckConstraint(condition=Q(state__in=list(TICKET)), name="support_ticket_state"),
            models.CheckConstraint(
                condition=Q(wants__in=("zero", "shortage", "count")), name="support_ticket_wants"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant", "opened_at"], name="support_ticket_open", condition=Q(state="open")
            )
        ]
