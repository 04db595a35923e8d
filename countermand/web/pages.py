"""How a page is answered: its template with what the frame needs around it."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from countermand.overview import todo
from countermand.web.access import Desk
from countermand.webhooks.queries import disabled_count

ABOUT_MONEY = ("refund_failed", "refund_unknown", "refund_by_hand", "to_give_back")


def page(request: Any, template: str, *, room: str, status: int = 200, **facts: Any) -> HttpResponse:
    """This will answer with a page of the back office; `room` is the line of the menu that is lit."""
    desk: Desk = request.desk
    now = datetime.now(UTC)
    reader = todo.Reader(by=desk.by, role=desk.role)
    counts = todo.counts(merchant_id=desk.merchant_id, at=now, reader=reader)
    around = {
        "desk": desk,
        "merchant": desk.merchant,
        "room": room,
        "now": now,
        "todo_counts": counts,
        "menu_counts": {
            "to_do": sum(counts.values()),
            "refunds": sum(count for kind, count in counts.items() if kind in ABOUT_MONEY),
            # A webhook that stopped by itself waits for whoever may take it up again, on whatever page they are.
            "settings": disabled_count(merchant_id=desk.merchant_id) if desk.allows("tokens") else 0,
        },
    }
    return render(request, template, {**around, **facts}, status=status)


def part(request: Any, template: str, **facts: Any) -> HttpResponse:
    """This will answer with a piece of a page, for htmx to put in its place."""
    return render(request, template, {"desk": request.desk, "now": datetime.now(UTC), **facts})
