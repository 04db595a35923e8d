"""What customers say of a cancellation: noted by staff on the order's page."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from countermand.overview.cancellations import cancellation_shape
from countermand.performance.actions import give_feedback
from countermand.refusals import Refusal
from countermand.web import notices, refusal_words
from countermand.web.access import member_view
from countermand.web.forms.opinion import OpinionForm
from countermand.web.views.order import show_order


@member_view("contact")
@require_POST
def opinion(request: Any, cancellation_id: UUID) -> HttpResponse:
    """This will keep what a customer said, once per cancellation."""
    desk = request.desk
    order_id = UUID(
        cancellation_shape(merchant_id=desk.merchant_id, cancellation_id=cancellation_id)["order_id"]
    )
    form = OpinionForm(request.POST)
    if form.is_valid():
        try:
            give_feedback(
                merchant_id=desk.merchant_id,
                cancellation_id=cancellation_id,
                score=int(form.cleaned_data["score"]),
                text=form.cleaned_data["text"],
                via="staff",
                by=desk.by,
                at=datetime.now(UTC),
            )
        except Refusal as refusal:
            form.add_error(None, refusal_words.say(refusal))
        else:
            notices.say(request, gettext("Avis noté. Vous le retrouvez dans Performance."))
            return redirect("web:order", order_id=order_id)
    return show_order(request, order_id, status=422, opinion_form=form)
