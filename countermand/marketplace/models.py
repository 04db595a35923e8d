"""The marketplace's own staff, the merchants' places in it, and what the one decides about the other.

A marketplace is no merchant and has no rows of orders: it sees merchants through their seats alone
(docs/decisions/0008-operator.md). Everything that is about a merchant is that merchant's row.
"""

from django.db import models
from django.db.models import F, Q

from countermand.channels.models import Channel
from countermand.lifecycle import SUSPENSION
from countermand.marketplace.states import ALERTS, ANSWERS, OPEN, ROLES
from countermand.merchants.models import Merchant, User
from countermand.tenancy import TenantModel, Within


class Marketplace(models.Model):
    """A place where several merchants sell. `house` holds its account at payment providers, and its own history."""

    id = models.AutoField(primary_key=True)
    code = models.SlugField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    house = models.OneToOneField(Merchant, models.PROTECT, related_name="+")
    service_email = models.EmailField(blank=True)  # where merchants write to
    timezone = models.CharField(max_length=64, default="Europe/Paris")
    created_at = models.DateTimeField()

    class Meta:
        db_table = "marketplace"

    def __str__(self) -> str:
        return self.name


class Operator(models.Model):
    """A person who works for a marketplace: an agent, or a manager who also suspends and sets things up."""

    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="operators")
    user = models.ForeignKey(User, models.PROTECT, related_name="operates")
    role = models.CharField(max_length=16)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "operator"
        constraints = [
            models.UniqueConstraint(fields=["marketplace", "user"], name="operator_once"),
            models.CheckConstraint(condition=Q(role__in=ROLES), name="operator_role"),
        ]


class Seat(TenantModel):
    """A merchant's channel at a marketplace: the only way by which operators see anything of a merchant.

    `cancelled`, `total` and `danger` are the rate as it was last judged: they put the list in order,
    pages show the rate of the moment.
    """

    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="seats")
    channel = Within(Channel)
    since = models.DateTimeField()
    judged_at = models.DateTimeField(null=True)
    cancelled = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    danger = models.IntegerField(default=-2)

    class Meta(TenantModel.Meta):
        db_table = "seat"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="seat_tenant"),
            models.UniqueConstraint(fields=["channel"], name="seat_once"),
        ]
        indexes = [
            models.Index(fields=["marketplace", "-danger", "id"], name="seat_by_danger"),
            models.Index(fields=["marketplace", "merchant"], name="seat_of_merchant"),
            models.Index(F("judged_at").asc(nulls_first=True), name="seat_to_judge"),
        ]


class Alert(TenantModel):
    """The seller team's alert to a merchant (RK-9): raised once when a line is crossed, closed when it is back.

    `subject`: the article, where the terms count by article. `facts` are the figures of that moment.
    """

    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="+")
    seat = Within(Seat)
    channel = Within(Channel)
    kind = models.CharField(max_length=8)
    subject = models.CharField(max_length=64, blank=True)
    facts = models.JSONField()
    raised_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.CharField(max_length=100, blank=True)
    note = models.TextField(blank=True)  # what the merchant said to it
    closed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "alert"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="alert_tenant"),
            models.UniqueConstraint(
                fields=["channel", "kind", "subject"],
                condition=Q(closed_at__isnull=True),
                name="alert_one_open",
            ),
            models.CheckConstraint(condition=Q(kind__in=ALERTS), name="alert_kind"),
        ]
        indexes = [
            models.Index(fields=["marketplace", "-raised_at", "-id"], name="alert_newest"),
            models.Index(
                fields=["merchant", "raised_at"], name="alert_unseen", condition=Q(acknowledged_at=None)
            ),
            models.Index(fields=["seat", "-raised_at"], name="alert_of_seat"),
        ]


class Suspension(TenantModel):
    """A merchant's channel kept from selling for a time (RK-10): the desk proposes, a person decides.

    Open orders go on as if nothing were. `alert` is the crossing that it answers: proposed once for each.
    """

    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="+")
    seat = Within(Seat)
    channel = Within(Channel)
    alert = Within(Alert, null=True)
    state = models.CharField(max_length=16)
    facts = models.JSONField(default=dict)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=100)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=100, blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    appeal = models.TextField(blank=True)
    appealed_at = models.DateTimeField(null=True)
    appealed_by = models.CharField(max_length=100, blank=True)
    answer = models.TextField(blank=True)
    answered = models.CharField(max_length=8, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=100, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=100, blank=True)
    closed_because = models.TextField(blank=True)

    class Meta(TenantModel.Meta):
        db_table = "suspension"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="suspension_tenant"),
            models.UniqueConstraint(fields=["alert"], name="suspension_once_per_alert"),
            models.UniqueConstraint(
                fields=["channel"], condition=Q(state__in=OPEN), name="suspension_one_open"
            ),
            models.CheckConstraint(condition=Q(state__in=list(SUSPENSION)), name="suspension_state"),
            models.CheckConstraint(condition=Q(answered__in=ANSWERS), name="suspension_answered"),
            models.CheckConstraint(
                condition=~Q(state__in=("decided", "running", "lifted", "ended"))
                | (Q(starts_at__lt=F("ends_at")) & ~Q(reason="") & ~Q(decided_by="")),
                name="suspension_decided_says_why",
            ),
        ]
        indexes = [
            models.Index(fields=["marketplace", "-proposed_at", "-id"], name="suspension_newest"),
            models.Index(fields=["seat", "-proposed_at"], name="suspension_of_seat"),
            models.Index(fields=["starts_at"], name="suspension_to_start", condition=Q(state="decided")),
            models.Index(fields=["ends_at"], name="suspension_to_end", condition=Q(state="running")),
        ]


class Step(models.Model):
    """The marketplace's own journal: each thing that its staff or the desk did, and about whose seat.

    The merchant's history tells the same as an event; this is read across merchants, newest first.
    """

    marketplace = models.ForeignKey(Marketplace, models.PROTECT, related_name="+")
    merchant = models.ForeignKey(Merchant, models.PROTECT, null=True, related_name="+", db_index=False)
    seat = models.ForeignKey(Seat, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    by = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField(null=True)
    facts = models.JSONField(default=dict)

    class Meta:
        db_table = "operator_step"
        indexes = [
            models.Index(fields=["marketplace", "-id"], name="operator_step_newest"),
            models.Index(fields=["seat", "-id"], name="operator_step_of_seat"),
        ]
