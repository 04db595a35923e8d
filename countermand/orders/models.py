"""An order as it came in, what each of its lines is worth, and how far each has gone since."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from countermand.channels.models import Channel
from countermand.lifecycle import ORDER
from countermand.stock.models import Item
from countermand.tenancy import InTenant, TenantModel, Within, one_of

PAYMENT_STATUSES = (
    "unpaid",
    "authorized",
    "partially_paid",
    "paid",
    "refund_pending",
    "partially_refunded",
    "refunded",
    "voided",
)
RISKS = ("low", "medium", "high")


class Order(TenantModel):
    """One order of one channel. The columns below `worth` are written by verbs under the order's lock.

    *_minor are minor units of `currency`. `released`: the buyer no longer keeps it (so it is owed back);
    `given`: already given back or in flight.
    """

    channel = Within(Channel)
    number = models.CharField(max_length=64)
    placed_at = models.DateTimeField()
    placed_on = models.DateField()  # in the clock of the channel's terms: the day on which the rate counts it
    ship_by = models.DateField(null=True)
    currency = models.CharField(max_length=3)
    prices_include_tax = models.BooleanField()
    invoice_number = models.CharField(max_length=64, blank=True)
    content_digest = models.BinaryField(max_length=32)
    received_at = models.DateTimeField()

    # The buyer: erasable, and copied nowhere else but into what was sent.
    customer_name = models.CharField(max_length=200, blank=True)
    customer_email = models.CharField(max_length=254, blank=True)
    customer_phone = models.CharField(max_length=64, blank=True)
    customer_language = models.CharField(max_length=8, default="fr")
    shipping_address = models.JSONField(null=True)
    billing_address = models.JSONField(null=True)

    status = models.CharField(max_length=24)
    payment_status = models.CharField(max_length=24)
    verification = models.CharField(max_length=16, default="verified")
    accepted = models.BooleanField(default=True)
    risk_level = models.CharField(max_length=8, default="low")
    risk_signals = ArrayField(models.CharField(max_length=200), default=list)
    version = models.IntegerField(default=1)
    article_count = models.IntegerField()
    # Of these, refused before the sale was accepted (RK-1): counted in no rate, and no cancellation.
    refused_articles = models.IntegerField(default=0, db_default=0)
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=32, blank=True)  # of the latest cancellation, for lists

    total_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField(default=0)
    discounts = models.JSONField(default=list)
    shipping_minor = models.BigIntegerField(default=0)
    shipping_tax_minor = models.BigIntegerField(default=0)
    shipping_tax_rate = models.IntegerField(default=0)
    shipping_released_minor = models.BigIntegerField(default=0)
    shipping_given_minor = models.BigIntegerField(default=0)
    shipping_given_tax_minor = models.BigIntegerField(default=0)
    fees = models.JSONField(default=list)
    fees_minor = models.BigIntegerField(default=0)
    fees_refundable_minor = models.BigIntegerField(default=0)
    fees_released_minor = models.BigIntegerField(default=0)
    fees_given_minor = models.BigIntegerField(default=0)
    retained_minor = models.BigIntegerField(default=0)  # the merchant's own cancellation fees
    goodwill_minor = models.BigIntegerField(default=0)
    waived_minor = models.BigIntegerField(default=0)
    captured_minor = models.BigIntegerField(default=0)
    refunded_minor = models.BigIntegerField(default=0)
    in_flight_minor = models.BigIntegerField(default=0)
    to_give_back_minor = models.BigIntegerField(default=0)
    open_requests = models.IntegerField(default=0)
    requests = models.JSONField(
        null=True
    )  # the open ones as `orders.requested` reads them; None where none is
    counted_cancellations = models.IntegerField(default=0)  # those that count in the rate and stand
    # Units of it that the rate is measured against: none while it awaits a decision (`orders.rated`).
    rated_articles = models.IntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "order"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="order_tenant"),
            models.UniqueConstraint(fields=["merchant", "channel", "number"], name="order_number"),
            models.CheckConstraint(condition=one_of("status", ORDER), name="order_status"),
            models.CheckConstraint(
                condition=one_of("payment_status", PAYMENT_STATUSES), name="order_payment_status"
            ),
            models.CheckConstraint(
                condition=Q(open_requests=0, requests__isnull=True)
                | Q(open_requests__gt=0, requests__isnull=False),
                name="order_requests",
            ),
            models.CheckConstraint(
                condition=Q(refunded_minor__gte=0, in_flight_minor__gte=0, waived_minor__gte=0)
                & Q(
                    shipping_released_minor__lte=F("shipping_minor"),
                    shipping_given_minor__lte=F("shipping_minor"),
                ),
                name="order_money",
            ),
        ]
        indexes = [
            models.Index(F("merchant"), F("placed_at").desc(), F("id").desc(), name="order_newest"),
            models.Index(
                F("merchant"), F("status"), F("placed_at").desc(), F("id").desc(), name="order_by_status"
            ),
            models.Index(
                F("merchant"), F("channel"), F("placed_at").desc(), F("id").desc(), name="order_by_channel"
            ),
            # AZ-12, AZ-13: what is to be shipped, by when.
            models.Index(
                fields=["channel", "ship_by"],
                name="order_to_ship",
                condition=Q(status__in=("open", "partially_shipped"), ship_by__isnull=False),
            ),
            # AZ-14: those whose verification may run out.
            models.Index(fields=["placed_at"], name="order_pending", condition=Q(status="pending")),
            models.Index(
                fields=["merchant", "to_give_back_minor"],
                name="order_owing",
                condition=Q(to_give_back_minor__gt=0),
            ),
            models.Index(
                F("merchant"),
                F("placed_at").desc(),
                F("id").desc(),
                name="order_asked",
                condition=Q(open_requests__gt=0),
            ),
            models.Index(
                F("merchant"),
                F("cancel_reason"),
                F("placed_at").desc(),
                F("id").desc(),
                name="order_by_reason",
                condition=~Q(cancel_reason=""),
            ),
        ]


class OrderWords(TenantModel):
    """The words by which an order is found. `id` is the order's.

    Apart from it, since they stay while an order moves: kept in its row they would be written anew into
    their index with each of its changes.
    """

    placed_at = models.DateTimeField()  # as the order's: the newest are looked through first
    words = SearchVectorField()

    class Meta(TenantModel.Meta):
        db_table = "order_words"
        abstract = False
        constraints = [InTenant(column="id", table="order", name="order_words_order_tenant")]
        indexes = [
            GinIndex(fields=["words"], name="order_words_words"),
            models.Index(F("merchant"), F("placed_at").desc(), F("id").desc(), name="order_words_newest"),
        ]


class Line(TenantModel):
    """An article of an order. ordered = cancelled + shipped + open; returned ≤ shipped.

    `total_minor` is what all its units are worth to the buyer, discounts shared out, tax included;
    `given_minor` is what was given back for it or is in flight. `gone_minor` is what the units gone were
    worth when they went: summed, not computed from their count, since an undo takes out its own step.
    """

    order = Within(Order)
    position = models.SmallIntegerField()
    reference = models.CharField(max_length=64)
    item = Within(Item)
    sku = models.CharField(max_length=64)
    title = models.TextField()
    quantity = models.IntegerField()
    unit_price_minor = models.BigIntegerField()
    discount_minor = models.BigIntegerField()
    tax_rate = models.IntegerField()
    total_minor = models.BigIntegerField()
    tax_minor = models.BigIntegerField()
    cancelled = models.IntegerField(default=0)
    shipped = models.IntegerField(default=0)
    returned = models.IntegerField(default=0)
    restocked = models.IntegerField(default=0)
    given_minor = models.BigIntegerField(default=0)
    gone_minor = models.BigIntegerField(default=0)
    gone_tax_minor = models.BigIntegerField(default=0)
    given_tax_minor = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "order_line"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="line_tenant"),
            models.UniqueConstraint(fields=["order", "position"], name="line_position"),
            models.UniqueConstraint(fields=["order", "reference"], name="line_reference"),
            models.CheckConstraint(
                condition=Q(
                    cancelled__gte=0,
                    shipped__gte=0,
                    returned__gte=0,
                    quantity__gte=F("cancelled") + F("shipped"),
                    returned__lte=F("shipped"),
                    restocked__lte=F("cancelled") + F("returned"),
                    restocked__gte=0,
                ),
                name="line_units",
            ),
            models.CheckConstraint(
                condition=Q(
                    given_minor__gte=0,
                    given_minor__lte=F("total_minor"),
                    gone_minor__gte=0,
                    gone_minor__lte=F("total_minor"),
                    given_tax_minor__gte=0,
                    given_tax_minor__lte=F("tax_minor"),
                    gone_tax_minor__gte=0,
                    gone_tax_minor__lte=F("tax_minor"),
                ),
                name="line_money",
            ),
        ]
        indexes = [models.Index(fields=["merchant", "item"], name="line_item")]


class Fulfilment(TenantModel):
    """A parcel: which units left, when, with whom."""

    order = Within(Order)
    reference = models.CharField(max_length=64)
    shipped_at = models.DateTimeField()
    confirmed = models.BooleanField(default=True)
    carrier = models.CharField(max_length=100, blank=True)
    tracking = models.CharField(max_length=200, blank=True)
    lines = models.JSONField()
    back_at = models.DateTimeField(
        null=True
    )  # it came back before its shipment was confirmed: as if it never left
    received_at = models.DateTimeField(null=True)  # since when the buyer says to have it

    class Meta(TenantModel.Meta):
        db_table = "fulfilment"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="fulfilment_tenant"),
            models.UniqueConstraint(fields=["order", "reference"], name="fulfilment_reference"),
        ]
        indexes = [
            models.Index(fields=["order"], name="fulfilment_unconfirmed", condition=Q(confirmed=False))
        ]


class Note(TenantModel):
    """What staff wrote on an order for each other."""

    order = Within(Order)
    text = models.TextField()
    by = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "order_note"
        abstract = False
        indexes = [models.Index(fields=["order", "at"], name="note_order")]
