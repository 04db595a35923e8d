"""What a platform said about the payment of an order, once and for all (AZ-11 to AZ-14)."""

from django.db import models
from django.db.models import Q

from countermand.orders.models import Order
from countermand.tenancy import TenantModel, Within

VERDICTS = ("verified", "failed")
HOWS = ("said", "ran_out")


class Verdict(TenantModel):
    """The end of a verification. `how`: the platform said so, or the terms' days ran out."""

    order = Within(Order)
    verdict = models.CharField(max_length=16)
    how = models.CharField(max_length=16)
    note = models.TextField(blank=True)
    by = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "verdict"
        abstract = False
        constraints = [
            models.UniqueConstraint(fields=["order"], name="verdict_order"),
            models.CheckConstraint(condition=Q(verdict__in=VERDICTS, how__in=HOWS), name="verdict_known"),
        ]
