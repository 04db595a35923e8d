"""Searches of orders that a member keeps under a name, or that managers keep for everybody."""

from django.db import models

from countermand.merchants.models import Member
from countermand.tenancy import TenantModel, owner


class SavedView(TenantModel):
    """A search with a name. `member` None: shared with all members of the merchant."""

    merchant = owner()
    member = models.ForeignKey(Member, models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=40)
    q = models.CharField(max_length=1000)
    by = models.CharField(max_length=100)
    created_at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        db_table = "saved_view"
        abstract = False
        constraints = [
            models.UniqueConstraint(
                fields=["merchant", "member", "name"], name="saved_view_name", nulls_distinct=False
            ),
        ]
