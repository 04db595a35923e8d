"""« Versements »: what merchants are paid out, month by month, each with its statement and what proves it (RK-13)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from countermand.marketplace import queries
from countermand.marketplace.models import Seat
from countermand.marketplace.paid_out import month_page
from countermand.overview import payouts as overview
from countermand.overview.payouts import Month
from countermand.refusals import Refusal
from countermand.web.operator_access import operator_page, operator_view
from countermand.web.views.operator.merchants import paged
from countermand.web.views.payouts import shown, statement_file, sums_said


@operator_view("agent")
@require_safe
def payouts(request: Any) -> HttpResponse:
    """This will show a month of what merchants are paid out, with what cancellations took back."""
    marketplace = request.station.marketplace
    zone = ZoneInfo(marketplace.timezone)
    today = datetime.now(UTC).astimezone(zone).date()
    first = _month(request.GET.get("mois", ""), today)
    following = (first + timedelta(days=32)).replace(day=1)
    found = paged(
        request,
        name="operator_payouts",
        asked={"mois": f"{first:%Y-%m}"},
        read=lambda after, limit: month_page(
            marketplace_id=marketplace.id, first=first, end=following, after=after, limit=limit
        ),
        key=lambda row: (row["merchant"], str(row["seat_id"]), row["currency"]),
    )
    before = (first - timedelta(days=1)).replace(day=1)
    facts: dict[str, Any] = {
        "month": first,
        "before": before,
        "following": following if following <= today else None,
    }
    return operator_page(request, "web/operator/payouts.html", room="operator_payouts", **facts, **found)


@operator_view("agent")
@require_safe
def statement(request: Any, seat_id: UUID) -> HttpResponse:
    """This will show one merchant's month, order by order, with what proves each line."""
    seat, month = _asked(request, seat_id)
    common: dict[str, Any] = {"merchant_id": seat.merchant_id, "month": month}
    try:
        rows, following = overview.orders(**common, cursor=request.GET.get("apres") or None)
    except Refusal:  # a place that is no more: the list begins anew
        rows, following = overview.orders(**common)
    said = f"{month.first:%Y-%m}"
    return operator_page(
        request,
        "web/operator/statement.html",
        room="operator_payouts",
        seat=seat,
        month=month,
        query=urlencode({"mois": said}),
        sums=[sums_said(currency, kinds) for currency, kinds in overview.sums(**common).items()],
        rows=[shown(one) for one in rows],
        before_url=f"?mois={month.before:%Y-%m}",
        following_url=f"?mois={month.following:%Y-%m}" if month.following <= _today(seat) else "",
        list_url=f"{reverse('web:operator_payouts')}?{urlencode({'mois': said})}",
        after_url=f"?{urlencode({'mois': said, 'apres': following})}" if following else "",
        first_url=f"?{urlencode({'mois': said})}" if request.GET.get("apres") else "",
    )


@operator_view("agent")
@require_safe
def statement_csv(request: Any, seat_id: UUID) -> HttpResponse:
    """This will hand one merchant's month over as CSV: the same lines as the merchant's own."""
    seat, month = _asked(request, seat_id)
    name = f"releve-{seat.merchant.code}-{seat.channel.code}"
    return statement_file("csv", merchant_id=seat.merchant_id, month=month, name=name)


def _asked(request: Any, seat_id: UUID) -> tuple[Seat, Month]:
    seat = queries.seat(marketplace_id=request.station.marketplace_id, seat_id=seat_id)
    return seat, Month(seat.channel, _month(request.GET.get("mois", ""), _today(seat)))


def _today(seat: Seat) -> date:
    return datetime.now(ZoneInfo(seat.channel.timezone)).date()


def _month(text: str, today: date) -> date:
    """The month that was asked for, or this one."""
    try:
        asked = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007
    except ValueError:
        return today.replace(day=1)
    return asked if asked.year >= 2000 and asked <= today else today.replace(day=1)
