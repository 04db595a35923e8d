"""« Performance »: the rate, what it is made of, sales, and what customers say. The address holds period and channel."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from countermand.channels.queries import channels
from countermand.performance.actions import supply_visits
from countermand.performance.opinions import opinions
from countermand.performance.report import TOP, Performance, performance
from countermand.refusals import Refusal
from countermand.web import figures_table, notices, refusal_words
from countermand.web.access import member_view
from countermand.web.charts_of import charts, orders_url
from countermand.web.forms.visits import VisitsForm
from countermand.web.pages import page

# Days back from today, today included: name in the address -> word.
SPANS = {"7": lazy("7 jours"), "30": lazy("30 jours"), "90": lazy("3 mois"), "365": lazy("12 mois")}
TOP_EXPORTED = 1_000


@member_view("read")
@require_safe
def figures(request: Any) -> HttpResponse:
    """This will show how the shop does over a period."""
    return _show(request, VisitsForm())


@member_view("read")
@require_safe
def export(request: Any, kind: str) -> HttpResponse:
    """This will hand the same figures over as CSV or as an Excel workbook."""
    asked = _asked(request)
    try:
        found, _said = _gather(request, asked, top=TOP_EXPORTED)
    except Refusal as refusal:
        notices.say(request, refusal_words.say(refusal), tone="attention")
        return redirect("web:performance")
    name = f"performance-{found.period.first}-{found.period.last}.{kind}"
    content, mime = figures_table.written(found, kind=kind, name_of=request.desk.name_of)
    answer = HttpResponse(content, content_type=mime)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@member_view("intake")
@require_POST
def visits(request: Any) -> HttpResponse:
    """This will note visits: of one day, or of many from a file."""
    form = VisitsForm(request.POST, request.FILES)
    desk = request.desk
    if form.is_valid():
        code = request.POST.get("canal", "")
        chosen = next((each for each in channels(merchant_id=desk.merchant_id) if each.code == code), None)
        if chosen is None:
            raise Refusal("not_found", "no such channel")
        try:
            days = supply_visits(
                merchant_id=desk.merchant_id,
                channel_id=chosen.id,
                visits=form.cleaned_data["told"],
                by=desk.by,
                at=datetime.now(UTC),
            )
        except Refusal as refusal:
            form.add_error(None, refusal_words.say(refusal))
        else:
            said = ngettext("Visites notées pour %(n)s jour.", "Visites notées pour %(n)s jours.", days)
            notices.say(request, said % {"n": days})
            return redirect(_address(_asked(request), canal=code) + "#visites")
    return _show(request, form, status=422)


def _show(request: Any, form: VisitsForm, status: int = 200) -> HttpResponse:
    asked, wrong = _asked(request), ""
    try:
        found, said = _gather(request, asked)
    except Refusal as refusal:
        # The figures of the usual period stand under what was wrong: a page without an end.
        wrong = refusal_words.say(refusal)
        asked = dict.fromkeys(asked, "")
        found, said = _gather(request, asked)
    desk = request.desk
    places = found.channels if found.channel is None else []
    return page(
        request,
        "web/performance/page.html",
        room="performance",
        status=status,
        found=found,
        asked=asked,
        wrong=wrong,
        period=found.period,
        spans=_spans(asked, found),
        all_channels=request.channels,
        chosen=found.channel,
        charts=charts(found, name_of=desk.name_of),
        opinions=said,
        orders_url=orders_url(found),
        visits_form=form,
        visits_channels=[each for each, _rate in places] or ([found.channel] if found.channel else []),
        export_query=urlencode({name: value for name, value in asked.items() if value}),
        **figures_table.shown(found),
    )


def _gather(
    request: Any, asked: dict[str, str], *, top: int = TOP
) -> tuple[Performance, list[dict[str, Any]]]:
    desk, now = request.desk, datetime.now(UTC)
    first, last = _days(asked, now, desk.merchant.timezone)
    request.channels = channels(merchant_id=desk.merchant_id)
    found = performance(
        merchant_id=desk.merchant_id,
        zone=desk.merchant.timezone,
        channels=request.channels,
        code=asked["canal"],
        at=now,
        day_from=first,
        day_to=last,
        top=top,
    )
    ids = [found.channel.id] if found.channel else [each.id for each in request.channels]
    said = opinions(
        merchant_id=desk.merchant_id, channels=ids, period=found.period, zone=desk.merchant.timezone
    )
    return found, said


def _asked(request: Any) -> dict[str, str]:
    return {name: request.GET.get(name, "").strip() for name in ("canal", "jours", "du", "au")}


def _days(asked: dict[str, str], now: datetime, zone: str) -> tuple[date | None, date | None]:
    """The days asked for; a number of days back counts today as one of them."""
    if asked["jours"] in SPANS and not asked["du"]:
        today = now.astimezone(ZoneInfo(zone)).date()
        return today - timedelta(days=int(asked["jours"]) - 1), today
    try:
        first, last = (date.fromisoformat(asked[name]) if asked[name] else None for name in ("du", "au"))
    except ValueError:
        raise Refusal("invalid_day", "a day is written like 2026-11-01", field="du") from None
    return first, last


def _spans(asked: dict[str, str], found: Performance) -> list[dict[str, Any]]:
    own = asked["du"] or asked["au"]
    days = found.terms.window_days if found.terms else 30
    usual = ngettext("Fenêtre du canal : %(n)s jour", "Fenêtre du canal : %(n)s jours", days) % {"n": days}
    first = [("", usual if found.terms else _("30 derniers jours"))]
    choices = first + [(name, word) for name, word in SPANS.items() if int(name) != days]
    return [
        {
            "label": word,
            "url": _address(asked, jours=name, du="", au=""),
            "current": not own and asked["jours"] == name,
            "count": None,
        }
        for name, word in choices
    ]


def _address(asked: dict[str, str], **changes: Any) -> str:
    kept = {name: value for name, value in {**asked, **changes}.items() if value}
    return reverse("web:performance") + (f"?{urlencode(kept)}" if kept else "")
