"""What was decided about a sale before it became an order to ship: units accepted, units refused, until when."""

from django.db import models
from django.db.models import Q

from countermand.lifecycle import DECISION
from countermand.orders.models import Line, Order
from countermand.refunds.models import Reimbursement
from countermand.tenancy import TenantModel, Within

VERDICTS = ("accepted", "refused")
VIAS = ("page", "api", "mail", "clock")


class Decision(TenantModel):
    """Units of one sale accepted or refused at once. Never edited: an acceptance whose money did not come `failed`.

    Of a refusal: what the units were worth, and what of it was captured and goes back. Minor units.
    """

    order = Within(Order)
    verdict = models.CharField(max_length=8)
    state = models.CharField(max_length=8)
    via = models.CharField(max_length=8)
    worth_minor = models.BigIntegerField(default=0)
    shipping_minor = models.BigIntegerField(default=0)
    fees_minor = models.BigIntegerField(default=0)
    reimbursement = Within(Reimbursement, null=True)
    by = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "decision"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["merchant", "id"], name="decision_tenant"),
            models.CheckConstraint(condition=Q(verdict__in=VERDICTS), name="decision_verdict"),
            models.CheckConstraint(condition=Q(state__in=list(DECISION)), name="decision_state"),
            models.CheckConstraint(condition=Q(via__in=VIAS), name="decision_via"),
            # A refusal takes its units off at once: there is nothing that it could wait for.
            models.CheckConstraint(
                condition=~Q(verdict="refused") | Q(state="done"), name="decision_refused"
            ),
        ]
        indexes = [models.Index(fields=["order", "at"], name="decision_order")]


class DecidedLine(TenantModel):
    """Units of one line in one decision; of refused ones what they were worth, and the tax inside."""

    decision = Within(Decision)
    line = Within(Line)
    quantity = models.IntegerField()
    worth_minor = models.BigIntegerField(default=0)
    tax_minor = models.BigIntegerField(default=0)

    class Meta(TenantModel.Meta):
        db_table = "decided_line"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["decision", "line"], name="decided_line_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="decided_quantity"),
        ]
        indexes = [models.Index(fields=["line"], name="decided_line_line")]


class AwaitedSale(TenantModel):
    """A sale that waits for its merchant, and itself the queue: at `not_before` the clock does its next `step`.

    tell: the merchant hears of it; warn: a day is left; end: the terms say what follows. `decide_by` None: the
    terms set no end. Decided, it is over and stays; a capture that failed takes it up again.
    """

    order = Within(Order)
    since = models.DateTimeField()
    decide_by = models.DateTimeField(null=True)
    step = models.CharField(max_length=8)
    not_before = models.DateTimeField()
    reminders = models.IntegerField(default=0)
    over_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        db_table = "awaited_sale"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["order"], name="awaited_sale_once"),
            models.CheckConstraint(condition=Q(step__in=("tell", "warn", "end")), name="awaited_sale_step"),
        ]
        indexes = [
            models.Index(fields=["not_before"], name="awaited_sale_due", condition=Q(over_at__isnull=True))
        ]
