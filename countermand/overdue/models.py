"""Orders that nobody sent in time: when the merchant was warned, and when the platform called them off (AZ-13)."""

from django.db import models
from django.db.models import Q

from countermand.orders.models import Order
from countermand.tenancy import TenantModel, Within


class OverdueOrder(TenantModel):
    """One order whose last day comes near. `ends_on`: the last day on which it may leave, when we warned."""

    order = Within(Order)
    ends_on = models.DateField()
    warned_at = models.DateTimeField()
    last_warned_at = models.DateTimeField(null=True)  # the day before its last day, or late
    over_at = models.DateTimeField(null=True)  # it left, was called off by somebody, or may wait again
    ended_at = models.DateTimeField(null=True)  # the platform called it off

    class Meta(TenantModel.Meta):
        db_table = "overdue_order"
        abstract = False
        constraints = [models.UniqueConstraint(fields=["order"], name="overdue_order_once")]
        indexes = [
            models.Index(
                fields=["merchant", "warned_at"],
                name="overdue_order_waiting",
                condition=Q(over_at=None, ended_at=None),
            )
        ]
