"""What happened, by whom, when: append-only, ids and amounts only (people live in erasable rows)."""

from django.db import models


class Event(models.Model):
    """One fact of the past. Readers go by (xid, id) and stop below the oldest running transaction,
    so that a slow writer's rows are not jumped over (docs/decisions/0000). The table is cut by month."""

    id = models.BigIntegerField(primary_key=True)
    xid = models.BigIntegerField()
    merchant = models.ForeignKey("merchants.Merchant", models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    kind = models.CharField(max_length=40)
    by = models.CharField(max_length=100)
    order_id = models.UUIDField(null=True)
    subject_type = models.CharField(max_length=24)
    subject_id = models.UUIDField(null=True)
    facts = models.JSONField()

    across_merchants = models.Manager()

    class Meta:
        db_table = "event"
        managed = False
        default_manager_name = "across_merchants"
        base_manager_name = "across_merchants"

    @classmethod
    def of(cls, merchant_id: int) -> "models.QuerySet[Event]":
        """This will start a question about one merchant's history only."""
        return cls.across_merchants.filter(merchant_id=merchant_id)
