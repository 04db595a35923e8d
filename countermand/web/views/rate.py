"""« Taux d'annulation » of one channel: the number, what is required of it, what will become of it, the orders behind."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from countermand.channels.models import Channel
from countermand.channels.presets import clock_of, effective, with_sources
from countermand.channels.queries import channel as channel_of
from countermand.files.exporting import csv_stream
from countermand.overview import cursors
from countermand.performance import alarms, guard
from countermand.performance.behind import LATEST, Behind, Said, all_behind, behind, rate_and_days, summary
from countermand.performance.estimate import estimate
from countermand.performance.opinions import opinions
from countermand.performance.rules import Rate
from countermand.performance.sums import Period
from countermand.refusals import Refusal
from countermand.web import counting_words, findings, words
from countermand.web.access import Desk, member_view
from countermand.web.pages import page
from countermand.web.rate_words import explained

LIMIT = 30
MOST_MORE = 1_000_000
COLUMNS = ("number", "placed_on", "cancelled_at", "units", "initiated_by", "reason", "counts", "why", "by")


@member_view("read")
@require_safe
def rate_page(request: Any, code: str) -> HttpResponse:
    """This will explain a channel's rate down to the orders behind it (AZ-8)."""
    desk: Desk = request.desk
    channel = channel_of(merchant_id=desk.merchant_id, code=code)
    terms = effective(channel.terms, channel.overrides)
    now = datetime.now(UTC)
    zone = clock_of(terms, merchant=desk.merchant.timezone, channel=channel.timezone)
    today = now.astimezone(ZoneInfo(zone)).date()
    common: dict[str, Any] = {"merchant_id": desk.merchant_id, "channel_id": channel.id}
    rate, days = rate_and_days(**common, terms=terms, today=today)
    said = summary(**common, rate=rate)
    counting = request.GET.get("vue") != "ne-comptent-pas"
    listed, after_url = _listed(request, channel, rate, counting=counting)
    ahead = guard.forecast(days, rate=rate, today=today, terms=terms)
    points, told = (
        _opinions(desk, channel, rate, zone=desk.merchant.timezone) if terms.score_scale else (0, 0)
    )
    return page(
        request,
        "web/performance/rate_page.html",
        room="performance",
        channel=channel,
        terms=terms,
        found=rate,
        tabs=_tabs(channel, rate, counting=counting),
        rows=listed,
        counting=counting,
        after_url=after_url,
        first_url=_address(channel, counting=counting) if request.GET.get("apres") else "",
        csv_url=reverse("web:rate_csv", args=[channel.code]),
        policy=counting_words.policy(terms, with_sources(channel.terms, channel.overrides), zone=zone),
        estimate=estimate(rate=rate, terms=terms, gone=_gone(said, rate), points=points, opinions=told),
        too_many=alarms.alarms_of(**common, terms=terms, zone=zone, at=now),
        **explained(rate, said=said, ahead=ahead, more=_more(request)),
    )


@member_view("read")
@require_safe
def rate_csv(request: Any, code: str) -> Any:
    """This will hand over every cancellation behind a channel's rate, and whether it counts, as CSV."""
    desk: Desk = request.desk
    channel = channel_of(merchant_id=desk.merchant_id, code=code)
    terms = effective(channel.terms, channel.overrides)
    zone = clock_of(terms, merchant=desk.merchant.timezone, channel=channel.timezone)
    clock = ZoneInfo(zone)
    today = datetime.now(UTC).astimezone(clock).date()
    rate, _days = rate_and_days(merchant_id=desk.merchant_id, channel_id=channel.id, terms=terms, today=today)
    columns = dict(zip(COLUMNS, _headings(), strict=True))
    answer = StreamingHttpResponse(
        csv_stream(columns=columns, rows=_rows(desk, channel, rate, clock)),
        content_type="text/csv; charset=utf-8",
    )
    name = f"taux-{channel.code}-{rate.day_from}-{rate.day_to}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _listed(request: Any, channel: Channel, rate: Rate, *, counting: bool) -> tuple[list[Behind], str]:
    asked = {"channel": str(channel.id), "counting": counting}
    place = LATEST
    if cursor := request.GET.get("apres"):
        try:
            placed_at, order_id = cursors.read(cursor, asked=asked)
            place = (placed_at, order_id)
        except Refusal:
            place = LATEST  # an address that somebody cut: the list from its beginning
    found = behind(
        merchant_id=request.desk.merchant_id,
        channel_id=channel.id,
        rate=rate,
        counting=counting,
        after=place,
        limit=LIMIT + 1,
    )
    shown = found[:LIMIT]
    if len(found) <= LIMIT:
        return shown, ""
    return shown, _address(channel, counting=counting, apres=cursors.make(place=shown[-1].place, asked=asked))


def _tabs(channel: Channel, rate: Rate, *, counting: bool) -> list[dict[str, Any]]:
    # An order of which one part counts and another does not is one of those that count.
    return [
        {
            "label": _("Comptent"),
            "url": _address(channel, counting=True) + "#commandes",
            "current": counting,
            "count": rate.cancelled,
        },
        {
            "label": _("Ne comptent pas"),
            "url": _address(channel, counting=False) + "#commandes",
            "current": not counting,
            "count": None,
        },
    ]


def _address(channel: Channel, *, counting: bool, **more: str) -> str:
    asked = {**({} if counting else {"vue": "ne-comptent-pas"}), **more}
    return reverse("web:rate", args=[channel.code]) + (f"?{urlencode(asked)}" if asked else "")


def _more(request: Any) -> int:
    text = request.GET.get("encore", "").strip()
    return min(int(text), MOST_MORE) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _gone(said: list[Said], rate: Rate) -> dict[str, int]:
    gone: dict[str, int] = defaultdict(int)
    for each in said:
        if each.counts:
            gone[each.reason] += each.articles if rate.unit == "article" else each.orders
    return gone


def _opinions(desk: Desk, channel: Channel, rate: Rate, *, zone: str) -> tuple[int, int]:
    period = Period(rate.day_from, rate.day_to)
    found = opinions(merchant_id=desk.merchant_id, channels=[channel.id], period=period, zone=zone, latest=1)
    return (found[0]["points"], found[0]["total"]) if found else (0, 0)


def _headings() -> tuple[str, ...]:
    return (
        *(_("Commande"), _("Passée le"), _("Annulée le"), _("Unités"), _("Demandée par"), _("Motif")),
        *(_("Compte"), _("Pourquoi"), _("Par")),
    )


def _rows(desk: Desk, channel: Channel, rate: Rate, clock: ZoneInfo) -> Iterator[dict[str, Any]]:
    for counting in (True, False):
        for order in all_behind(
            merchant_id=desk.merchant_id, channel_id=channel.id, rate=rate, counting=counting
        ):
            for each in order.cancellations:
                yield {
                    "number": order.number,
                    "placed_on": order.placed_on.isoformat(),
                    "cancelled_at": each["at"].astimezone(clock),
                    "units": each["units"],
                    "initiated_by": str(findings.ASKED_WORD.get(each["initiated_by"], "")),
                    "reason": str(words.REASON.get(each["reason"], each["reason"])),
                    "counts": _("oui") if each["counts"] else _("non"),
                    "why": str(counting_words.WHY.get(each["why"], "")),
                    "by": desk.name_of(each["by"]),
                }
