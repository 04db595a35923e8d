"""What waits for a second person: approvals with their frozen plan, and cases handed over (SH-12)."""

from django.db import models
from django.db.models import Q

from countermand.cancellations.models import Cancellation
from countermand.lifecycle import APPROVAL, HAND_OVER
from countermand.merchants.roles import ROLES
from countermand.orders.models import Order
from countermand.refunds.models import Reimbursement
from countermand.tenancy import TenantModel, Within

KINDS = ("cancellation", "refund")


class Approval(TenantModel):
    """One wish that a rule of the merchant's held back, with the plan as it was shown. Nothing has moved.

    `ask` is the wish, `plan` what the approver reads, `plan_hash` its fingerprint: what is approved is
    this plan or nothing. `why` lists the rules that bit; `approver` is the least role that may decide.
    """

    order = Within(Order)
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=16, default="waiting")
    why = models.JSONField()
    approver = models.CharField(max_length=16)
    ask = models.JSONField()
    plan = models.JSONField()
    plan_hash = models.CharField(max_length=100)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    asked_by = models.CharField(max_length=100)
    asked_role = models.CharField(max_length=16)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    source = models.CharField(max_length=128, null=True)  # the same press of the same button asks once
    decided_by = models.CharField(max_length=100, blank=True)
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)  # why it was declined
    refusal = models.CharField(max_length=40, blank=True)  # why it can no longer be done at all
    replaced_by_id = models.UUIDField(null=True)
    told_at = models.DateTimeField(null=True)  # when who asked has read the outcome
    cancellation = Within(Cancellation, null=True)
    reimbursement = Within(Reimbursement, null=True)

    class Meta(TenantModel.Meta):
        db_table = "approval"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "source"], name="approval_source"),
            models.CheckConstraint(condition=Q(state__in=list(APPROVAL)), name="approval_state"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="approval_kind"),
            models.CheckConstraint(condition=Q(approver__in=ROLES), name="approval_approver"),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(cancellation__isnull=False)
                | Q(reimbursement__isnull=False),
                name="approval_did_something",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(decided_by=models.F("asked_by")), name="approval_not_own"
            ),
        ]
        indexes = [
            models.Index(
                fields=["merchant", "asked_at", "id"], name="approval_waiting", condition=Q(state="waiting")
            ),
            models.Index(
                fields=["merchant", "asked_by"],
                name="approval_untold",
                condition=Q(told_at__isnull=True) & ~Q(state="waiting"),
            ),
            models.Index(fields=["order", "asked_at"], name="approval_order"),
        ]


class HandOver(TenantModel):
    """A case given to somebody else with a note: to one person (`to_by`) or to whoever has a role."""

    order = Within(Order)
    note = models.TextField()
    to_by = models.CharField(max_length=100, blank=True)
    to_role = models.CharField(max_length=16, blank=True)
    from_by = models.CharField(max_length=100)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, default="open")
    taken_by = models.CharField(max_length=100, blank=True)
    taken_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=100, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "hand_over"
        abstract = False
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(HAND_OVER)), name="hand_over_state"),
            models.CheckConstraint(
                condition=Q(to_by="", to_role__in=ROLES) | (~Q(to_by="") & Q(to_role="")), name="hand_over_to"
            ),
        ]
        indexes = [
            models.Index(fields=["merchant", "at", "id"], name="hand_over_open", condition=~Q(state="done")),
            models.Index(fields=["order", "at"], name="hand_over_order"),
        ]
