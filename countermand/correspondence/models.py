"""What is said to buyers, and what was said by phone, at the counter or by hand."""

from django.db import models
from django.db.models import Q

from countermand.lifecycle import MESSAGE
from countermand.orders.models import Order
from countermand.tenancy import TenantModel, Within

KINDS = ("cancellation", "refund")
CONTACT_OUTCOMES = ("accepts", "alternative", "will_wait", "no_answer", "other")


class Message(TenantModel):
    """A mail to the buyer of an order, and itself the queue. The words are made when it is sent, from
    facts that were frozen with the decision; `subject`, `text`, `html` are then kept as sent."""

    order = Within(Order)
    kind = models.CharField(max_length=16)
    cancellation_id = models.UUIDField(null=True)
    reimbursement_id = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=16)
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    recipient = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    html = models.TextField(blank=True)
    message_id = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "message"
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["cancellation_id", "kind"],
                condition=Q(cancellation_id__isnull=False),
                name="message_one_per_cancellation",
            ),
            models.UniqueConstraint(
                fields=["reimbursement_id"],
                condition=Q(reimbursement_id__isnull=False),
                name="message_one_per_reimbursement",
            ),
            models.CheckConstraint(condition=Q(state__in=list(MESSAGE)), name="message_state"),
        ]
        indexes = [
            models.Index(
                fields=["not_before"],
                name="message_due",
                condition=Q(state__in=("held", "planned", "sending")),
            ),
            models.Index(fields=["order", "created_at"], name="message_order"),
        ]


class Contact(TenantModel):
    """Somebody spoke with the buyer: by what, with what outcome, when to call again (EM-2)."""

    order = Within(Order)
    by_means = models.CharField(max_length=16)
    outcome = models.CharField(max_length=24)
    note = models.TextField(blank=True)
    call_again_at = models.DateTimeField(null=True)
    by = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "contact"
        abstract = False
        indexes = [models.Index(fields=["order", "at"], name="contact_order")]
