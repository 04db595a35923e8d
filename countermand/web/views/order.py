"""The page of an order: everything about it, and what may be done."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from countermand.orders.carriers import tracking_url
from countermand.overview.orders import order_page
from countermand.vouchers.queries import vouchers_of
from countermand.web import happenings
from countermand.web.access import member_view
from countermand.web.forms.deeds import ContactForm, NoteForm, RestockForm
from countermand.web.pages import page
from countermand.web.templatetags.shown import minor_of
from countermand.web.views.mistake import placed_again
from countermand.web.views.vouchers import row as voucher_row

TOLD_OF_A_CLOCK = ("kind", "article", "due_on", "due_at")


@member_view("read")
@require_safe
def order(request: Any, order_id: UUID) -> HttpResponse:
    """This will show an order."""
    return show_order(request, order_id)


def show_order(request: Any, order_id: UUID, *, status: int = 200, **forms: Any) -> HttpResponse:
    """This will show an order's page, with a form that was refused where one was."""
    found = order_page(merchant_id=request.desk.merchant_id, order_id=order_id, role=request.desk.role)
    for line in found["lines"]:
        line["kept"] = line["ordered"] - line["cancelled"]
        line["called_off"] = line["cancelled"] - line["refused"]
    for each in found["discounts"]:
        each["minus"] = -minor_of(each["amount"], found["currency"])
    for each in found["fulfilments"]:
        each["url"] = tracking_url(each["carrier"], each["tracking"])
    now = datetime.now(UTC)
    for each in found["cancellations"]:
        until = each["undo_until"] and datetime.fromisoformat(each["undo_until"])
        each["undo_open"] = each["state"] == "held" and bool(until) and until > now
    facts = {
        "order": found,
        "may": {
            verb: verb in found["actions"]
            for verb in ("cancel", "refund", "restock", "contact", "reorder", "return", "intercept")
        },
        "happened": happenings.told(found["timeline"]),
        "vouchers": vouchers_shown(request.desk, found, order_id, now),
        "again": placed_again(found),
        "declined": [each for each in found["refunds"] if each["state"] == "failed"],
        "owed_clock": _earliest(found["clocks"]),
        "deadlines": _distinct(found["clocks"]),
        "address": address_lines(found["shipping_address"] or {}, but=found["customer"]["name"]),
        "restock_form": RestockForm(lines=found["lines"]),
        "contact_form": ContactForm(),
        "note_form": NoteForm(),
    }
    return page(request, "web/order/page.html", room="orders", status=status, **{**facts, **forms})


def vouchers_shown(desk: Any, order: dict[str, Any], order_id: UUID, at: datetime) -> list[dict[str, Any]]:
    """This will give the lines of the vouchers that make up for an order; most have none, and ask nothing."""
    if not any(each["kind"] == "voucher.issued" for each in order["timeline"]):
        return []
    whole = desk.allows("intake")
    return [
        voucher_row(each, at=at, whole=whole)
        for each in vouchers_of(merchant_id=desk.merchant_id, order_id=order_id)
    ]


def _distinct(clocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Two cancellations of one day await their money on one day: that is said once."""
    return list({tuple(clock.get(part) for part in TOLD_OF_A_CLOCK): clock for clock in clocks}.values())


def _earliest(clocks: list[dict[str, Any]]) -> dict[str, Any] | None:
    """The refund's due date that comes first."""
    dated = [clock for clock in clocks if clock["kind"] == "refund"]
    first = min(dated, key=lambda clock: clock["due_on"], default=None)
    return {**first, "on": date.fromisoformat(first["due_on"])} if first else None


def address_lines(parts: dict[str, Any], *, but: str) -> list[str]:
    """This will write an address as it stands on an envelope; channels name its parts in several ways."""
    town = f"{parts.get('zip') or parts.get('postal_code') or ''} {parts.get('city') or ''}".strip()
    lines = [parts.get("name"), parts.get("line1"), parts.get("line2"), town, parts.get("country")]
    return [str(line) for line in lines if line and line not in (but, "FR")]
