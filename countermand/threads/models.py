"""What buyer and merchant write to each other about an order: one thread per order, its entries in time order."""

from django.db import models
from django.db.models import F, Q

from countermand.channels.models import Channel
from countermand.orders.models import Order
from countermand.tenancy import TenantModel, Within, owner

DIRECTIONS = ("in", "out")


class Thread(TenantModel):
    """One per order, made by its first entry. `waiting` counts what the buyer wrote since somebody answered."""

    order = Within(Order)
    entries = models.IntegerField(default=0)
    waiting = models.IntegerField(default=0)
    waiting_since = models.DateTimeField(null=True)
    last_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "thread"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="thread_tenant"),
            models.UniqueConstraint(fields=["order"], name="thread_order"),
            models.CheckConstraint(
                condition=Q(waiting=0, waiting_since__isnull=True)
                | Q(waiting__gt=0, waiting_since__isnull=False),
                name="thread_waits_since",
            ),
        ]
        indexes = [
            models.Index(F("merchant"), F("last_at").desc(), F("id").desc(), name="thread_newest"),
            models.Index(
                fields=["merchant", "waiting_since", "id"], name="thread_waiting", condition=Q(waiting__gt=0)
            ),
        ]


class Entry(TenantModel):
    """One message. What goes out is carried by the mail `message_id`; what came in has none.

    `source`: the webhook-id, the mail's Message-ID or the form's key, so that the same thing twice is once.
    `known_sender`: a mail came from the order's own address; None where it did not come by mail.
    """

    thread = Within(Thread)
    order = Within(Order)
    direction = models.CharField(max_length=3)
    kind = models.CharField(max_length=16, blank=True)
    via = models.CharField(max_length=16)
    text = models.TextField()
    shortened = models.BooleanField(default=False)  # the quoted history or an overlong end was left out
    attachments = models.JSONField(default=list)  # their names: they themselves are not kept
    known_sender = models.BooleanField(null=True)
    answers_mail = models.CharField(max_length=255, blank=True)  # the Message-ID that a reply refers to
    unedited = models.BooleanField(default=False)  # a template as it was (RK-4)
    reason = models.CharField(max_length=32, blank=True)
    message_id = models.UUIDField(null=True)
    by = models.CharField(max_length=100)
    at = models.DateTimeField()
    source = models.CharField(max_length=128, null=True)

    class Meta(TenantModel.Meta):
        db_table = "thread_entry"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "source"], name="thread_entry_source"),
            models.CheckConstraint(condition=Q(direction__in=DIRECTIONS), name="thread_entry_direction"),
            models.CheckConstraint(
                condition=Q(direction="in", message_id__isnull=True)
                | Q(direction="out", message_id__isnull=False),
                name="thread_entry_out_is_carried",
            ),
        ]
        indexes = [models.Index(fields=["order", "at", "id"], name="thread_entry_order")]


class ReplyText(TenantModel):
    """A text of the shop's own for messages of one kind, in one language. `cancellation`: for RK-4's required text."""

    merchant = owner()
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=16)
    language = models.CharField(max_length=2)
    body = models.TextField()
    changed_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "reply_text"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "language", "name"], name="reply_text_once"),
            models.CheckConstraint(condition=Q(language__in=("fr", "en")), name="reply_text_language"),
        ]


class InboundKey(TenantModel):
    """What a channel signs its messages with. Kept as a webhook's is: only the salt that makes the secret."""

    channel = Within(Channel)
    salt = models.BinaryField(max_length=16)
    fingerprint = models.BinaryField(max_length=8)
    old_salt = models.BinaryField(max_length=16, null=True)
    old_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=100)

    class Meta(TenantModel.Meta):
        db_table = "inbound_key"
        abstract = False
        constraints = [models.UniqueConstraint(fields=["channel"], name="inbound_key_channel")]
