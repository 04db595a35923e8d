"""« Commerçants » and « Alertes »: who sells here, how near to their limit, and what the desk told them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from countermand.channels.presets import Terms
from countermand.marketplace import queries
from countermand.marketplace.queries import Row
from countermand.marketplace.rules import Standing
from countermand.overview import cursors
from countermand.performance.behind import behind
from countermand.refusals import Refusal
from countermand.web import readable
from countermand.web.charts_of import short_day
from countermand.web.operator_access import operator_page, operator_view
from countermand.web.operator_words import HELD, LEVELS, TRENDS, alert_said, step_said
from countermand.web.parts.figures import Point

LIMIT = 50
FEW = 20


def paged(
    request: Any, *, name: str, asked: dict[str, str], read: Any, key: Any, limit: int = LIMIT
) -> dict[str, Any]:
    """This will read one page of a list: `rows`, `after_url`, `first_url`. A cut address begins anew."""
    here = [name, request.station.marketplace_id, asked]
    after: Sequence[str] = ()
    if cursor := request.GET.get("apres"):
        try:
            after = cursors.read(cursor, asked=here)
        except Refusal:
            after = ()
    found = list(read(tuple(after), limit + 1))
    shown = found[:limit]
    kept = {word: value for word, value in asked.items() if value}
    address = reverse(f"web:{name}")
    following = ""
    if len(found) > limit:
        following = urlencode({**kept, "apres": cursors.make(place=key(shown[-1]), asked=here)})
    return {
        "rows": shown,
        "after_url": f"{address}?{following}" if following else "",
        "first_url": (f"{address}?{urlencode(kept)}" if kept else address) if after else "",
    }


@operator_view("agent")
@require_safe
def merchants(request: Any) -> HttpResponse:
    """This will list the merchants, the nearest to their limit first."""
    now, text = datetime.now(UTC), request.GET.get("q", "").strip()
    found = paged(
        request,
        name="operator",
        asked={"q": text},
        read=lambda after, limit: queries.seats_page(
            marketplace_id=request.station.marketplace_id, at=now, text=text, after=after, limit=limit
        ),
        key=lambda row: (str(row.seat.danger), str(row.seat.id)),
    )
    found["rows"] = [dressed(row) for row in found["rows"]]
    return operator_page(request, "web/operator/merchants.html", room="operator", q=text, **found)


def dressed(row: Row) -> dict[str, Any]:
    """This will put a seat's figures into words: rate, limit, how far, which way."""
    standing, rate = row.judged.standing, row.judged.standing.rate
    level = LEVELS[_level(standing)]
    trend = TRENDS[standing.trend]
    return {
        "row": row,
        "seat": row.seat,
        "rate": percent(rate.before),
        "limit": percent(rate.limit) if rate.limit else "",
        "distance": _distance(rate.distance) if rate.judged else "",
        "ratio": _("%(n)s sur %(of)s")
        % {"n": readable.number(rate.cancelled), "of": readable.number(rate.total)},
        "unit": rate.unit,
        "level": level,
        "held": HELD[row.suspension.state] if row.suspension else None,
        "trend": trend,
        "trend_title": ""
        if standing.trend == "new"
        else _("%(before)s les %(days)s jours d'avant")
        % {"before": percent(standing.before.before), "days": row.judged.terms.window_days},
        "few": standing.level == "few",
        "minimum": rate.minimum,
        "share": float(rate.before) / 100,
        "limit_share": float(rate.limit) / 100 if rate.limit else None,
    }


def _level(standing: Standing) -> str:
    """Without a limit there is nothing to be near to: a warning is something to watch."""
    if standing.rate.limit or standing.level == "few":
        return standing.level
    return "watch" if standing.level == "warn" else "none"


def percent(text: str) -> str:
    """This will say a rate as people do: two decimals where there is a hair between it and the limit."""
    share = float(text) / 100
    whole = share * 100 == int(share * 100)
    return readable.percent(share, 0 if whole else 2)


def _distance(text: str | None) -> str:
    if text is None:
        return ""
    points = float(text)
    said = str(readable.number(abs(points)))
    if points > 0:
        return _("encore %(n)s point") % {"n": said} if points < 2 else _("encore %(n)s points") % {"n": said}
    return "" if points == 0 else _("dépassée de %(n)s point") % {"n": said}


@operator_view("agent")
@require_safe
def merchant(request: Any, seat_id: UUID) -> HttpResponse:
    """This will show one merchant: the rate over time, the orders behind it, and all that was said and decided."""
    here: dict[str, Any] = {"marketplace_id": request.station.marketplace_id}
    now = datetime.now(UTC)
    found = queries.seat_whole(**here, seat_id=seat_id, at=now, few=FEW)
    row = found["row"]
    rate = row.judged.standing.rate
    common = {"merchant_id": row.seat.merchant_id, "channel_id": row.seat.channel_id}
    return operator_page(
        request,
        "web/operator/merchant.html",
        room="operator",
        **dressed(row),
        points=_points(queries.weeks(seat=row.seat, at=now), row.judged.terms),
        orders=behind(**common, rate=rate, counting=True, limit=FEW),
        alerts=[alert_said(each) for each in found["alerts"]],
        suspensions=found["suspensions"],
        steps=[step_said(each) for each in queries.journal_page(**here, seat_id=seat_id, limit=FEW)],
    )


def _points(weeks: list[dict[str, Any]], terms: Terms) -> list[Point]:
    unit = "articles" if terms.rate_unit == "article" else "orders"
    points = []
    for week in weeks:
        total, gone = week[unit], week[f"{unit}_cancelled"]
        share = gone / total if total else 0.0
        points.append(Point(short_day(week["week"]), share, readable.percent(share)))
    return points


@operator_view("agent")
@require_safe
def alerts(request: Any) -> HttpResponse:
    """This will list what the desk told merchants, the newest first."""
    every = request.GET.get("vue") == "toutes"
    found = paged(
        request,
        name="operator_alerts",
        asked={"vue": "toutes" if every else ""},
        read=lambda after, limit: queries.alerts_page(
            marketplace_id=request.station.marketplace_id, only_open=not every, after=after, limit=limit
        ),
        key=lambda alert: (alert.raised_at.isoformat(), str(alert.id)),
    )
    found["rows"] = [alert_said(each) for each in found["rows"]]
    views = [
        {"label": _("En cours"), "url": reverse("web:operator_alerts"), "current": not every, "count": None},
        {"label": _("Toutes"), "url": "?vue=toutes", "current": every, "count": None},
    ]
    return operator_page(
        request, "web/operator/alerts.html", room="operator_alerts", views=views, every=every, **found
    )
