"""Figures: the rate and what it is made of; and visits, without which there is no conversion."""

from datetime import UTC, date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from countermand import money
from countermand.api.bearer import bearer_of, may
from countermand.api.once import answer, once
from countermand.api.routes.guard import estimate_shape
from countermand.api.schemas import performance as answers
from countermand.channels import queries as channels
from countermand.merchants.models import Merchant
from countermand.performance.actions import supply_visits
from countermand.performance.estimate import estimate
from countermand.performance.levers import LEVER
from countermand.performance.opinions import opinions
from countermand.performance.report import Part, Performance
from countermand.performance.report import performance as figures
from countermand.performance.rules import percentage
from countermand.reasons import REASONS
from countermand.refusals import Refusal

router = Router(tags=["performance"])


@router.get("/performance", auth=may("read"), response=answers.PerformanceAnswer)
def performance(
    request: HttpRequest, channel: str = "", day_from: str = Query("", alias="from"), to: str = ""
) -> HttpResponse:
    """This will give the rate and what it is made of, true at once, over the window of the channel's terms
    or from one day to another; without a channel, of all of them together."""
    merchant_id = bearer_of(request).merchant_id
    found = figures(
        merchant_id=merchant_id,
        zone=Merchant.objects.values_list("timezone", flat=True).get(id=merchant_id),
        channels=channels.channels(merchant_id=merchant_id),
        code=channel,
        day_from=_day(day_from, "from"),
        day_to=_day(to, "to"),
        at=datetime.now(UTC),
    )
    return answer({**shape(found), "estimate": _estimate(found, merchant_id)})


@router.post("/visits", auth=may("intake"), response=answers.VisitsAnswer)
def visits(request: HttpRequest, body: answers.VisitsBody) -> HttpResponse:
    """This will note how many visits a channel had; a day told again is replaced."""
    bearer = bearer_of(request)
    channel = channels.channel(merchant_id=bearer.merchant_id, code=body.channel)

    def work() -> tuple[int, Any]:
        days = supply_visits(
            merchant_id=bearer.merchant_id,
            channel_id=channel.id,
            visits={one.day: one.visits for one in body.days},
            by=bearer.by,
            at=datetime.now(UTC),
        )
        return 200, {"channel": channel.code, "days": days}

    return once(request, work)


def shape(found: Performance) -> dict[str, Any]:
    """This will write figures as the API does: rates per cent with two decimals, amounts in major units."""
    rate, conversion = found.rate, found.visits
    return {
        "channel": found.channel.code if found.channel else None,
        "period": {"first": found.period.first.isoformat(), "last": found.period.last.isoformat()},
        "unit": found.unit,
        "orders": rate.total,
        "cancelled": rate.cancelled,
        "rate": rate.before,
        "limit": rate.limit or None,
        "warn": rate.warn or None,
        "distance": rate.distance,
        "room": rate.room,
        "judged": found.judged,
        "by_reason": [
            {
                "reason": part.key,
                "family": REASONS[part.key].family,
                "lever": LEVER[part.key],
                **_part(part, found),
            }
            for part in found.reasons
        ],
        "by_item": [
            {
                "sku": part.key,
                "title": part.title,
                "cancelled": part.cancelled,
                "orders": part.orders,
                "articles": part.articles,
                "share": percentage(part.articles, sum(each.articles for each in found.asked)),
            }
            for part in found.items
        ],
        "by_asked": [{"initiated_by": part.key, **_part(part, found)} for part in found.asked],
        "trend": [
            {
                "first": week.first.isoformat(),
                "last": week.last.isoformat(),
                "orders": week.rate.total,
                "cancelled": week.rate.cancelled,
                "rate": week.rate.before,
            }
            for week in found.weeks
        ],
        "sales": [
            {
                "currency": sales.currency,
                **{
                    name: money.plain(getattr(sales, name), sales.currency)
                    for name in ("gross", "cancelled", "refunded", "net")
                },
            }
            for sales in found.sales
        ],
        "kept": {
            "orders": found.kept.orders,
            "placed": found.kept.placed,
            "share": percentage(found.kept.orders, found.kept.placed),
        },
        "conversion": {
            "visits": conversion.visits,
            "days": conversion.days,
            "orders": conversion.placed,
            "rate": percentage(conversion.placed, conversion.visits),
            "kept": percentage(conversion.kept, conversion.visits),
        }
        if conversion.visits
        else None,
        "estimate": None,
        "behind": found.behind,
    }


def _estimate(found: Performance, merchant_id: int) -> dict[str, Any] | None:
    """The estimate of the period that was asked for: what counts, by reason, and what customers said."""
    if found.channel is None or found.terms is None or not found.terms.score_scale:
        return None
    gone = {part.key: part.cancelled for part in found.reasons}
    zone = Merchant.objects.values_list("timezone", flat=True).get(id=merchant_id)
    said = opinions(
        merchant_id=merchant_id, channels=[found.channel.id], period=found.period, zone=zone, latest=1
    )
    points, told = (said[0]["points"], said[0]["total"]) if said else (0, 0)
    return estimate_shape(
        estimate(rate=found.rate, terms=found.terms, gone=gone, points=points, opinions=told)
    )


def _part(part: Part, found: Performance) -> dict[str, Any]:
    return {
        "cancelled": part.cancelled,
        "orders": part.orders,
        "articles": part.articles,
        "rate": percentage(part.cancelled, found.rate.total),
        "share": percentage(part.all, found.all),
    }


def _day(text: str, field: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refusal("invalid_day", "a day is written like 2026-11-01", field=field) from None
