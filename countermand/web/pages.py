"""How a page is answered: its template with what the frame needs around it."""

from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from countermand.overview import todo
from countermand.web.access import Desk
from countermand.webhooks.queries import disabled_count

TELL_OF_STOPPED = ("to_do", "settings")  # where a day begins, and where it is put right
ABOUT_MONEY = ("refund_failed", "refund_unknown", "refund_by_hand", "refund_sent_back", "to_give_back")


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
            "requests": counts.get("request", 0) + counts.get("withdrawal_sent", 0),
            "refunds": sum(count for kind, count in counts.items() if kind in ABOUT_MONEY),
            "messages": counts.get("message_waiting", 0),
            "settings": _stopped(desk) if room in TELL_OF_STOPPED else 0,
        },
    }
    return render(request, template, {**around, **facts}, status=status)


def _stopped(desk: Desk) -> int:
    """Webhooks that stopped by themselves, for whoever may take them up again."""
    return disabled_count(merchant_id=desk.merchant_id) if desk.allows("tokens") else 0


def part(request: Any, template: str, **facts: Any) -> HttpResponse:
    """This will answer with a piece of a page, for htmx to put in its place."""
    return render(request, template, {"desk": request.desk, "now": datetime.now(UTC), **facts})
