"""What is written down for the books when money went back: frozen once it has its number."""

from django.db import models
from django.db.models import Q

from countermand.cancellations.models import Cancellation
from countermand.lifecycle import DOCUMENT
from countermand.orders.models import Order
from countermand.refunds.models import Refund, Reimbursement
from countermand.tenancy import TenantModel, Within, owner

KINDS = ("credit_note", "receipt")


class LegalIdentity(TenantModel):
    """Who the merchant is before the law: what a credit note must say of its seller. One row per merchant."""

    merchant = owner()
    legal_name = models.CharField(max_length=200)
    form = models.CharField(max_length=200, blank=True)  # "SARL au capital de 8 000 €"
    address = models.JSONField(default=list)  # lines as on an envelope
    siret = models.CharField(max_length=14, blank=True)
    register = models.CharField(max_length=100, blank=True)  # "RCS Lyon 812 345 678"
    vat_number = models.CharField(max_length=20, blank=True)
    vat_exempt = models.BooleanField(default=False)  # franchise en base, art. 293 B du CGI
    note_prefix = models.CharField(max_length=8, default="AV")
    receipt_prefix = models.CharField(max_length=8, default="RR")
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=100)

    class Meta(TenantModel.Meta):
        db_table = "legal_identity"
        abstract = False
        constraints = [models.UniqueConstraint(fields=["merchant"], name="legal_identity_once")]


class Series(TenantModel):
    """A sequence of numbers without gaps. Its row is locked for the moment in which a number is taken."""

    merchant = owner()
    name = models.CharField(max_length=32)  # "AV-2026"; play money has its own: "ESSAI-AV-2026"
    last = models.IntegerField(default=0)
    last_on = models.DateField(null=True)  # a later number never bears an earlier day

    class Meta(TenantModel.Meta):
        db_table = "document_series"
        abstract = False
        constraints = [models.UniqueConstraint(fields=["merchant", "name"], name="document_series_once")]


class Document(TenantModel):
    """A credit note or a refund receipt. `due` it is a row in a queue; `issued` it never changes again.

    `corrects`: this one takes another back, in part or whole, since money came back; its amounts are negative.
    `digest` is the SHA-256 of `content` as `canonical` writes it.
    """

    order = Within(Order)
    cancellation = Within(Cancellation, null=True)
    reimbursement = Within(Reimbursement, null=True)
    corrects = Within("documents.Document", null=True)
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=8, default="due")
    not_before = models.DateTimeField()
    error = models.CharField(max_length=100, blank=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    series = models.CharField(max_length=32, blank=True)
    number = models.IntegerField(null=True)
    label = models.CharField(max_length=48, blank=True)
    issued_on = models.DateField(null=True)
    issued_at = models.DateTimeField(null=True)
    content = models.JSONField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "document"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="document_tenant"),
            models.UniqueConstraint(fields=["merchant", "series", "number"], name="document_number"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="document_kind"),
            models.CheckConstraint(condition=Q(state__in=list(DOCUMENT)), name="document_state"),
            models.CheckConstraint(
                condition=Q(state="due", number__isnull=True, content__isnull=True)
                | Q(state="issued", number__gt=0, content__isnull=False, issued_on__isnull=False)
                & ~Q(series="")
                & ~Q(digest=""),
                name="document_whole",
            ),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, amount_minor__gt=0)
                | Q(corrects__isnull=False, amount_minor__lt=0),
                name="document_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["not_before"], name="document_due", condition=Q(state="due")),
            models.Index(fields=["order"], name="document_order"),
            models.Index(fields=["merchant", "-id"], name="document_newest"),
        ]


class DocumentRefund(TenantModel):
    """A refund that a document is about: in one document that says it went, and in one that says it came back."""

    id = models.BigAutoField(primary_key=True)  # type: ignore[assignment]
    document = Within(Document)
    refund = Within(Refund)
    came_back = models.BooleanField(default=False)

    class Meta(TenantModel.Meta):
        db_table = "document_refund"
        abstract = False
        constraints = [models.UniqueConstraint(fields=["refund", "came_back"], name="document_refund_once")]
        indexes = [models.Index(fields=["document"], name="document_refund_of")]
