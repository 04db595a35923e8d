"""What is said to buyers, and what was said by phone, at the counter or by hand."""

from django.db import models
from django.db.models import Q

from countermand.lifecycle import MESSAGE
from countermand.orders.models import Order
from countermand.reasons import REASONS
from countermand.tenancy import TenantModel, Within, one_of, owner

KINDS = ("cancellation", "refund", "document", "gift_card", "offer", "reply", "return")
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
    lease_by = models.IntegerField(null=True)  # the worker that has it in hand (countermand/heartbeat.py)
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
            models.CheckConstraint(condition=one_of("state", MESSAGE), name="message_state"),
        ]
        indexes = [
            models.Index(fields=["lease_by"], name="message_in_hand", condition=Q(lease_by__isnull=False)),
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


class Letter(TenantModel):
    """A mail to a colleague, about no order: an invitation, a template tried out. Itself the queue.

    `{lien}` in the text stands for a link that is made only when the letter leaves (`letters.py`).
    """

    merchant = owner()
    kind = models.CharField(max_length=16)
    subject_id = models.UUIDField(null=True)
    recipient = models.CharField(max_length=254)
    subject = models.CharField(max_length=300)
    text = models.TextField()
    html = models.TextField()
    state = models.CharField(max_length=16, default="planned")
    not_before = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    lease_by = models.IntegerField(null=True)  # the worker that has it in hand (countermand/heartbeat.py)
    tries = models.IntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    kept = models.BooleanField(default=False)  # it stayed in the local mailbox
    stays = models.BooleanField(default=False)  # about a channel in test mode: it never leaves
    # Where it comes from somebody else than the merchant: the marketplace that writes to its merchant.
    from_name = models.CharField(max_length=200, blank=True)
    reply_to = models.EmailField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "letter"
        abstract = False
        constraints = [models.CheckConstraint(condition=one_of("state", MESSAGE), name="letter_state")]
        indexes = [
            models.Index(fields=["lease_by"], name="letter_in_hand", condition=Q(lease_by__isnull=False)),
            models.Index(
                fields=["not_before"], name="letter_due", condition=Q(state__in=("planned", "sending"))
            ),
            models.Index(fields=["merchant", "kind", "subject_id"], name="letter_about"),
        ]


class MailTemplate(TenantModel):
    """The merchant's own words for one kind of mail in one language; without a row ours hold."""

    merchant = owner()
    kind = models.CharField(max_length=16)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    changed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "mail_template"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "kind", "language"], name="mail_template_once"),
            models.CheckConstraint(condition=one_of("language", ("fr", "en")), name="mail_template_language"),
        ]


class ReasonWording(TenantModel):
    """A merchant's own words for a kind of reason: a label for staff, a sentence for buyers (SH-6)."""

    merchant = owner()
    reason = models.CharField(max_length=32)
    label_fr = models.CharField(max_length=100)
    label_en = models.CharField(max_length=100, blank=True)
    words_fr = models.CharField(max_length=500, blank=True)
    words_en = models.CharField(max_length=500, blank=True)
    active = models.BooleanField(default=True)
    position = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "reason_wording"
        abstract = False
        constraints = [
            models.CheckConstraint(condition=one_of("reason", REASONS), name="reason_wording_kind"),
            models.UniqueConstraint(fields=["merchant", "label_fr"], name="reason_wording_once"),
        ]
