"""Articles with their counters, and the movements that explain every change of them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from countermand.stock.short_since import KeptShortSince
from countermand.tenancy import TenantModel, Within, one_of, owner

MOVEMENTS = (
    "opening",
    "allocated",
    "released",
    "undone",
    "unsold",
    "restocked",
    "shipped",
    "returned",
    "counted",
    "added",
)


class Item(TenantModel):
    """An article. `on_hand` None: kept without stock, never allocated, never restocked.

    `sellable` = on_hand − allocated, and may be negative (oversold: intake never refuses for stock);
    0 while it is marked unavailable, or off sale (`active` False).
    """

    merchant = owner()
    sku = models.CharField(max_length=64)
    title = models.CharField(max_length=500, blank=True)
    product = models.CharField(max_length=200, blank=True)
    options = models.JSONField(default=dict)
    interchangeable = ArrayField(models.CharField(max_length=64), default=list)
    range = models.CharField(max_length=200, blank=True)
    price_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    on_hand = models.IntegerField(null=True)
    allocated = models.IntegerField(default=0)
    active = models.BooleanField(default=True)
    # Off sale on every channel (RK-6): since when, by whom, why. Nothing while it is on sale.
    off_sale_at = models.DateTimeField(null=True)
    off_sale_by = models.CharField(max_length=100, blank=True, db_default="")
    off_sale_why = models.TextField(blank=True, db_default="")
    reviewed_at = models.DateTimeField(db_default=Now())  # when somebody last counted it or looked at it
    restock_default = models.BooleanField(null=True)
    barcode = models.CharField(max_length=64, blank=True)  # as a scanner reads it (EAN, ISBN, own)
    unavailable_until = models.DateField(null=True)
    short_since = models.DateTimeField(null=True, editable=False)  # kept by the database: see `short_since`
    # manual: the merchant counts; automatic: another system does, and its support is asked (EM-6, EM-7).
    # "" says that the merchant's own setting applies.
    stock_kept_by = models.CharField(max_length=16, blank=True, db_default="")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(TenantModel.Meta):
        db_table = "item"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="item_tenant"),
            models.UniqueConstraint(fields=["merchant", "sku"], name="item_sku"),
            models.CheckConstraint(
                condition=Q(on_hand__isnull=True) | Q(on_hand__gte=0), name="item_on_hand"
            ),
            models.CheckConstraint(condition=Q(allocated__gte=0), name="item_allocated"),
            models.CheckConstraint(
                condition=Q(on_hand__isnull=False) | Q(allocated=0), name="item_without_stock_keeping"
            ),
            KeptShortSince(name="item_short_since"),
        ]
        indexes = [
            models.Index(
                fields=["merchant", "short_since"], name="item_short", condition=Q(short_since__isnull=False)
            ),
            models.Index(fields=["merchant", "reviewed_at"], name="item_reviewed", condition=Q(active=True)),
            models.Index(fields=["merchant", "sku"], name="item_off_sale", condition=Q(active=False)),
            models.Index(fields=["merchant", "product"], name="item_product"),
            models.Index(fields=["merchant", "range"], name="item_range"),
            models.Index(
                fields=["merchant", "unavailable_until"],
                name="item_unavailable",
                condition=Q(unavailable_until__isnull=False),
            ),
            models.Index(fields=["merchant", "barcode"], name="item_barcode", condition=~Q(barcode="")),
        ]

    @property
    def sellable(self) -> int | None:
        if self.on_hand is None:
            return None
        return self.on_hand - self.allocated


class Movement(TenantModel):
    """One change of an item's counters, written with it in one statement; never edited."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    item = Within(Item)
    kind = models.CharField(max_length=16)
    on_hand_delta = models.IntegerField()
    allocated_delta = models.IntegerField()
    order_id = models.UUIDField(null=True)
    cancellation_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    by = models.CharField(max_length=100, blank=True)
    note = models.TextField(blank=True)

    class Meta(TenantModel.Meta):
        db_table = "movement"
        abstract = False
        indexes = [models.Index(F("item"), F("id"), name="movement_item")]
        constraints = [models.CheckConstraint(condition=one_of("kind", MOVEMENTS), name="movement_kind")]
