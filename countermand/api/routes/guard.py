"""The guard of a channel's rate: what one more would do, what leaves, how many are too many, and the orders behind it."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from countermand.api.bearer import bearer_of, may
from countermand.api.once import answer
from countermand.api.schemas import performance as answers
from countermand.channels.models import Channel
from countermand.channels.presets import Terms, clock_of, effective
from countermand.channels.queries import channel as channel_of
from countermand.merchants.models import Merchant
from countermand.overview import cursors
from countermand.performance import alarms, guard
from countermand.performance.behind import LATEST, Behind, behind, rate_and_days, summary
from countermand.performance.estimate import Estimate, estimate
from countermand.performance.opinions import opinions
from countermand.performance.rules import Rate
from countermand.performance.sums import Period

router = Router(tags=["performance"])
MOST_MORE = 1_000_000


@router.get("/performance/{code}/guard", auth=may("read"), response=answers.GuardAnswer)
def guarded(request: HttpRequest, code: str, more: int = Query(1, ge=0, le=MOST_MORE)) -> HttpResponse:
    """This will say what is to come of a channel's rate: with `more` called off, as days leave its window, and whether
    too many were called off lately. Nothing in it is guessed but `estimate`, which is called so."""
    merchant_id = bearer_of(request).merchant_id
    channel = channel_of(merchant_id=merchant_id, code=code)
    terms, zone, today, at = _clock(channel, merchant_id)
    rate, days = rate_and_days(merchant_id=merchant_id, channel_id=channel.id, terms=terms, today=today)
    ahead = guard.forecast(days, rate=rate, today=today, terms=terms)
    if_more = rate.with_more(more)
    back = guard.back_below(ahead) if rate.breached else None
    too_many = alarms.alarms_of(merchant_id=merchant_id, channel_id=channel.id, terms=terms, zone=zone, at=at)
    return answer(
        {
            "channel": channel.code,
            "period": {"first": rate.day_from.isoformat(), "last": rate.day_to.isoformat()},
            "unit": rate.unit,
            "orders": rate.total,
            "cancelled": rate.cancelled,
            "rate": rate.before,
            "limit": rate.limit or None,
            "warn": rate.warn or None,
            "verdict": rate.verdict,
            "room": rate.room,
            "what_if": {
                "more": more,
                "rate": if_more.before,
                "verdict": if_more.verdict,
                "room": if_more.room,
            },
            "back_below": back.isoformat() if back else None,
            "forecast": [_leaving(each) for each in ahead],
            "too_many": [
                {
                    "sku": each.sku or None,
                    "counted": each.counted,
                    "threshold": each.threshold,
                    "days": each.days,
                }
                for each in too_many
            ],
            "estimate": _estimate(merchant_id, channel, terms, rate),
        }
    )


@router.get("/performance/{code}/orders", auth=may("read"), response=answers.BehindList)
def behind_it(
    request: HttpRequest, code: str, counting: bool = True, limit: int = 50, cursor: str | None = None
) -> HttpResponse:
    """This will list the orders of a rate's window of which something was called off: those that count, or those that
    do not, each with why."""
    merchant_id = bearer_of(request).merchant_id
    cursors.checked(limit)
    channel = channel_of(merchant_id=merchant_id, code=code)
    terms, _zone, today, _at = _clock(channel, merchant_id)
    rate, _days = rate_and_days(merchant_id=merchant_id, channel_id=channel.id, terms=terms, today=today)
    asked = ["behind", merchant_id, code, counting]
    place = LATEST
    if cursor:
        placed_at, order_id = cursors.read(cursor, asked=asked)
        place = (placed_at, order_id)
    found = behind(
        merchant_id=merchant_id,
        channel_id=channel.id,
        rate=rate,
        counting=counting,
        after=place,
        limit=limit + 1,
    )
    shown = found[:limit]
    following = cursors.make(place=shown[-1].place, asked=asked) if len(found) > limit else None
    return answer({"items": [_behind(each) for each in shown], "next": following})


def estimate_shape(found: Estimate | None) -> dict[str, Any] | None:
    """This will write an estimate with its weights; None where there is none."""
    if found is None:
        return None
    return {
        "score": found.score,
        "scale": found.scale,
        "letter": found.letter,
        "families": [
            {"family": each.name, "weight": each.weight, "worth": f"{100 * each.share:.2f}"}
            for each in found.families
        ],
    }


def _clock(channel: Channel, merchant_id: int) -> tuple[Terms, str, date, datetime]:
    terms = effective(channel.terms, channel.overrides)
    merchants = Merchant.objects.values_list("timezone", flat=True).get(id=merchant_id)
    zone, at = clock_of(terms, merchant=merchants, channel=channel.timezone), datetime.now(UTC)
    return terms, zone, at.astimezone(ZoneInfo(zone)).date(), at


def _estimate(merchant_id: int, channel: Channel, terms: Terms, rate: Rate) -> dict[str, Any] | None:
    if not terms.score_scale:
        return None
    gone: dict[str, int] = {}
    for each in summary(merchant_id=merchant_id, channel_id=channel.id, rate=rate):
        if each.counts:
            units = each.articles if rate.unit == "article" else each.orders
            gone[each.reason] = gone.get(each.reason, 0) + units
    said = opinions(
        merchant_id=merchant_id,
        channels=[channel.id],
        period=Period(rate.day_from, rate.day_to),
        zone=channel.timezone,
        latest=1,
    )
    points, told = (said[0]["points"], said[0]["total"]) if said else (0, 0)
    return estimate_shape(estimate(rate=rate, terms=terms, gone=gone, points=points, opinions=told))


def _leaving(each: guard.Leaving) -> dict[str, Any]:
    return {
        "day": each.day.isoformat(),
        "leaves_cancelled": each.leaves.cancelled,
        "leaves": each.leaves.total,
        "rate": each.rate.before,
        "verdict": each.rate.verdict,
    }


def _behind(order: Behind) -> dict[str, Any]:
    return {
        "order_id": str(order.id),
        "number": order.number,
        "placed_at": order.placed_at.isoformat(),
        "day": order.placed_on.isoformat(),
        "articles": order.articles,
        "counts": order.counts,
        "cancellations": [
            {
                "id": each["id"],
                "at": each["at"].isoformat(),
                "units": each["units"],
                "initiated_by": each["initiated_by"],
                "reason": each["reason"],
                "counts": each["counts"],
                "why": each["why"],
            }
            for each in order.cancellations
        ],
    }
