"""The texts that a cancellation may begin with, as a piece of its page: read apart, so that the page asks no more (AZ-20)."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from countermand.web import cancel_texts
from countermand.web.access import member_view
from countermand.web.pages import part


@member_view("cancel")
@require_safe
def texts(request: Any, order_id: UUID) -> HttpResponse:
    """This will list the texts that the word to the buyer may begin with."""
    found = cancel_texts.choices(
        merchant_id=request.desk.merchant_id, order_id=order_id, at=datetime.now(UTC)
    )
    there = reverse("web:cancel", kwargs={"order_id": order_id}) + "#tell"
    return part(request, "web/cancel/texts.html", texts=found, there=there)
