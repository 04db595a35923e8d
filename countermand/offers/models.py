"""Alternatives offered to buyers, and what they said."""

from django.db import models
from django.db.models import Q

from countermand.lifecycle import OFFER
from countermand.orders.models import Line, Order
from countermand.stock.models import Item
from countermand.tenancy import TenantModel, Within


class Offer(TenantModel):
    """Another article instead of open units of a line, offered once and answered once (EM-3, EM-4).

    While it is accepted, its units are allocated to it: nobody else can buy them. `missing_minor` is
    what the buyer still has to pay before the exchange; unpaid at `expires_at`, the old line stands.
    """

    order = Within(Order)
    line = Within(Line)
    quantity = models.IntegerField()
    item = Within(Item)
    sku = models.CharField(max_length=64)
    title = models.CharField(max_length=500)
    price_minor = models.BigIntegerField()  # of one unit
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=16)
    token_digest = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField()
    missing_minor = models.BigIntegerField(default=0)
    held = models.IntegerField(default=0)  # units allocated to it
    note = models.TextField(blank=True)
    offered_by = models.CharField(max_length=100)
    offered_at = models.DateTimeField()
    answered_by = models.CharField(max_length=100, blank=True)
    answered_at = models.DateTimeField(null=True)
    via = models.CharField(max_length=16, blank=True)
    new_order_id = models.UUIDField(null=True)
    cancellation_id = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "offer"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="offer_tenant"),
            models.UniqueConstraint(
                fields=["line"], condition=Q(state__in=("offered", "accepted")), name="offer_one_per_line"
            ),
            models.CheckConstraint(condition=Q(state__in=list(OFFER)), name="offer_state"),
            models.CheckConstraint(condition=Q(quantity__gt=0, price_minor__gte=0), name="offer_units"),
            models.CheckConstraint(
                condition=Q(held=0) | Q(state="accepted"), name="offer_holds_while_accepted"
            ),
        ]
        indexes = [
            models.Index(fields=["order", "offered_at"], name="offer_order"),
            models.Index(
                fields=["expires_at"], name="offer_due", condition=Q(state__in=("offered", "accepted"))
            ),
        ]
