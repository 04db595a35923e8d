"""Questions about saved views."""

from django.db.models import F, Q

from countermand.merchants.models import Member
from countermand.saved_views.models import SavedView

MOST_VIEWS = 12  # of each member, and of all together: tabs are read at a glance


def views_of(*, member: Member) -> list[SavedView]:
    """This will list the views that a member sees: those of all first, then the member's own, oldest first."""
    mine = Q(member__isnull=True) | Q(member=member)
    order = (F("member").asc(nulls_first=True), "created_at", "id")
    return list(SavedView.of(member.merchant_id).filter(mine).order_by(*order)[: 2 * MOST_VIEWS])
