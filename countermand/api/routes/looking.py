"""What is only looked at: reasons, history, the audit."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from countermand.api.bearer import bearer_of, may
from countermand.api.identities import identity_asked
from countermand.api.once import answer
from countermand.api.schemas import answers
from countermand.api.short_lists import short_list
from countermand.correspondence.reasons import wordings_of
from countermand.overview import cursors
from countermand.overview.audit import report
from countermand.overview.moments import events_feed
from countermand.reasons import REASONS, Reason

router = Router(tags=["history"])


@router.get("/reasons", auth=may("read"), response=answers.ReasonList)
def reasons(request: HttpRequest, limit: int = 50, cursor: str | None = None) -> HttpResponse:
    """This will list the kinds of reason for which an order is called off."""
    bearer = bearer_of(request)
    own = wordings_of(merchant_id=bearer.merchant_id, language=bearer.language)

    def shape(reason: Reason) -> dict[str, Any]:
        wordings = [
            {"id": str(each.id), "label": each.label, "words": each.words}
            for each in own
            if each.reason == reason.code
        ]
        return {**reason._asdict(), "customer_wish": reason.customer_wish, "wordings": wordings}

    kinds = list(REASONS.values())
    return short_list(request, kinds, key=lambda each: each.code, shape=shape, limit=limit, cursor=cursor)


@router.get("/events", auth=may("read"), response=answers.EventList)
def events(
    request: HttpRequest,
    after: str | None = None,
    order: str = "",
    limit: int = 50,
    cursor: str | None = None,
) -> HttpResponse:
    """This will hand out the history in commit order; go on from the last `id` you have seen."""
    found = events_feed(
        merchant_id=bearer_of(request).merchant_id,
        after=after or cursor,
        order=identity_asked(order),
        limit=cursors.checked(limit),
    )
    return answer(found)


@router.get("/audit", auth=may("read"), response=answers.AuditAnswer)
def audit(request: HttpRequest) -> HttpResponse:
    """This will prove every balance of the merchant, or list what does not hold."""
    return answer(report(merchant_id=bearer_of(request).merchant_id))
