"""Verbs on saved views: keep a search under a name, let it go."""

from datetime import datetime
from uuid import UUID

from countermand import sql
from countermand.merchants.models import Member
from countermand.refusals import Refusal, fits
from countermand.saved_views.models import SavedView
from countermand.saved_views.queries import MOST_VIEWS

LONGEST_NAME = 40
LONGEST_SEARCH = 1_000


@sql.verb
def save_view(*, member: Member, name: str, q: str, shared: bool = False, by: str, at: datetime) -> SavedView:
    """This will keep a search under a name, for its member or `shared` with all; the same name again takes its place.

    Refuses `invalid_name`, `search_required`, `text_too_long`, and `too_many_views`. Who may share is the door's to ask.
    """
    said, q = " ".join(name.split()), " ".join(q.split())
    if not 0 < len(said) <= LONGEST_NAME or not said.isprintable():
        raise Refusal("invalid_name", f"1 to {LONGEST_NAME} characters", field="name")
    if not q:
        raise Refusal("search_required", "a view without a search is the whole list", field="q")
    fits(q, field="q", longest=LONGEST_SEARCH)
    owner = None if shared else member
    kept = SavedView.of(member.merchant_id).filter(member=owner)
    if kept.exclude(name=said).count() >= MOST_VIEWS:
        raise Refusal("too_many_views", f"at most {MOST_VIEWS}: let one go first", field="name")
    # In one statement: two who keep the same name at once are the last word of both, not an error.
    view = SavedView(merchant_id=member.merchant_id, member=owner, name=said, q=q, by=by, created_at=at)
    SavedView.across_merchants.bulk_create(
        [view],
        update_conflicts=True,
        update_fields=["q", "by"],
        unique_fields=["merchant", "member", "name"],
    )
    return kept.get(name=said)


@sql.verb
def forget_view(*, member: Member, view_id: UUID, may_share: bool) -> SavedView:
    """This will let a view go: one's own, or a shared one where the member may. Refuses `not_found` and `forbidden`."""
    view = SavedView.of(member.merchant_id).filter(id=view_id).first()
    if view is None or view.member_id not in (None, member.id):
        raise Refusal("not_found", "no such view")
    if view.member_id is None and not may_share:
        raise Refusal("forbidden", "it is everybody's: a manager lets it go")
    SavedView.of(member.merchant_id).filter(id=view.id).delete()
    return view
