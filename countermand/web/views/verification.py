"""The platform's answer about a payment, written down by hand where no connection brings it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from countermand.refusals import Refusal
from countermand.verification.actions import fail, verify
from countermand.web import notices, refusal_words
from countermand.web.access import member_view

ENDS = {"verified": verify, "failed": fail}


@member_view("intake")
@require_POST
def verdict(request: Any, order_id: UUID) -> HttpResponse:
    """This will open an order, or call it off for the platform (`verdict`: verified or failed)."""
    desk, said = request.desk, request.POST.get("verdict", "")
    if said not in ENDS:
        notices.say(request, gettext("Dites ce que la plateforme a répondu."), tone="attention")
        return redirect("web:order", order_id=order_id)
    try:
        ENDS[said](
            merchant_id=desk.merchant_id, order_id=order_id, role=desk.role, by=desk.by, at=datetime.now(UTC)
        )
    except Refusal as refusal:
        if refusal.status == 404:
            raise
        notices.say(request, refusal_words.say(refusal), tone="attention")
    else:
        done = (
            gettext("Paiement refusé : la plateforme a annulé la commande. Elle ne compte pas dans le taux.")
            if said == "failed"
            else gettext("Paiement vérifié : la commande peut partir, ou être annulée.")
        )
        notices.say(request, done)
    return redirect("web:order", order_id=order_id)
