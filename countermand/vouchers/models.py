"""A code that takes something off a later purchase, once (SH-11). It is no money owed: it may expire."""

from django.db import models
from django.db.models import Q

from countermand.cancellations.models import Cancellation
from countermand.lifecycle import VOUCHER
from countermand.orders.models import Order
from countermand.tenancy import TenantModel, Within, owner

KINDS = ("amount", "percent")


class Voucher(TenantModel):
    """One code for one purchase. `order` and `cancellation` say what it makes up for.

    `valid_from` is the end of the cancellation's undo window: before it the code can still be taken back.
    `expires_on` is the last day on which it counts, `expires_at` the instant after that day. `live` False:
    made from orders of a channel in test mode, so it never takes anything off a real purchase.
    """

    merchant = owner()
    code = models.CharField(max_length=16)
    kind = models.CharField(max_length=8)
    amount_minor = models.BigIntegerField(null=True)
    percent = models.SmallIntegerField(null=True)
    currency = models.CharField(max_length=3)
    live = models.BooleanField()
    customer_email = models.CharField(max_length=254, blank=True)
    order = Within(Order, null=True)
    cancellation = Within(Cancellation, null=True)
    note = models.TextField(blank=True)
    state = models.CharField(max_length=16, default="open")
    valid_from = models.DateTimeField()
    expires_on = models.DateField()
    expires_at = models.DateTimeField()
    created_at = models.DateTimeField()
    by = models.CharField(max_length=100)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=100, blank=True)
    redeemed_minor = models.BigIntegerField(null=True)
    order_number = models.CharField(max_length=64, blank=True)

    class Meta(TenantModel.Meta):
        db_table = "voucher"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="voucher_tenant"),
            models.UniqueConstraint(fields=["merchant", "code"], name="voucher_code"),
            models.UniqueConstraint(
                fields=["cancellation"],
                condition=Q(cancellation__isnull=False),
                name="voucher_one_per_cancellation",
            ),
            models.CheckConstraint(condition=Q(state__in=list(VOUCHER)), name="voucher_state"),
            models.CheckConstraint(
                condition=Q(kind="amount", amount_minor__gt=0, percent__isnull=True)
                | Q(kind="percent", amount_minor__isnull=True, percent__gte=1, percent__lte=100),
                name="voucher_value",
            ),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True)
                | ~Q(state="open") & Q(settled_at__isnull=False),
                name="voucher_settled",
            ),
        ]
        indexes = [models.Index(fields=["order"], name="voucher_order", condition=Q(order__isnull=False))]
