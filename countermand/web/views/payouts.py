"""« Relevés »: what a platform pays out, month by month; what speaks for a dispute; theirs held against ours."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from countermand import money
from countermand.files.exporting import CSV, XLSX, Exported, csv_stream, xlsx_stream
from countermand.overview import payouts as overview
from countermand.overview.payouts import Month
from countermand.payouts.reconciling import Difference, added_up, columns_of, differences
from countermand.payouts.rules import KEPT, KINDS
from countermand.refusals import Refusal
from countermand.web import payout_words, words
from countermand.web.access import Desk, member_view
from countermand.web.forms.payouts import TheirsForm
from countermand.web.pages import page

SHOWN = 200  # differences on the page; all of them are counted
CURRENCY = "EUR"  # of a month without any entry

STATEMENT = {
    "at": _("Date"),
    "order": _("Commande"),
    "kind": _("Nature"),
    "amount": _("Montant"),
    "kept": _("Commission restée due"),
    "currency": _("Devise"),
    "asked_by": _("Demandée par"),
    "reason": _("Motif"),
    "case": _("Dossier du service client"),
    "case_at": _("Dossier ouvert le"),
    "cancellation": _("Annulation"),
}
DISPUTE = {
    "order": _("Commande"),
    "articles": _("Articles"),
    "cancellation": _("Annulation"),
    "at": _("Annulée le"),
    "by": _("Enregistrée par"),
    "asked_by": _("Demandée par"),
    "reason": _("Motif"),
    "official": _("Demande officielle"),
    "route": _("Demande reçue par"),
    "requested_at": _("Demande reçue le"),
    "proof": _("Preuve de la demande"),
    "case": _("Dossier du service client"),
    "case_at": _("Dossier ouvert le"),
    "messages": _("Messages"),
    "refunded": _("Rendu au client"),
    "kept": _("Commission restée due"),
    "currency": _("Devise"),
}


@member_view("read")
@require_safe
def statements(request: Any) -> HttpResponse:
    """This will show a month's statement of one channel: sums, entries, and ways to keep it."""
    return _show(request, TheirsForm())


@member_view("read")
@require_safe
def export(request: Any, kind: str) -> HttpResponse:
    """This will hand a month's entries over as CSV or as an Excel workbook."""
    places = overview.paid_out(merchant_id=_id(request))
    if not places:
        return redirect("web:payouts")
    month = _asked(request, places)
    return statement_file(kind, merchant_id=_id(request), month=month, name=f"releve-{month.channel.code}")


@member_view("read")
@require_safe
def dispute(request: Any, kind: str) -> HttpResponse:
    """This will hand over what speaks against commission on cancellations, for the platform (RK-13)."""
    places = overview.paid_out(merchant_id=_id(request))
    if not places:
        return redirect("web:payouts")
    month = _asked(request, places)
    desk: Desk = request.desk
    found = overview.disputes(merchant_id=_id(request), month=month)
    rows = (_evidence(one, month, desk) for one in found)
    return _sent(kind, DISPUTE, rows, f"contestation-{month.channel.code}-{month.first:%Y-%m}")


@member_view("settle")
@require_POST
def reconcile(request: Any) -> HttpResponse:
    """This will hold the platform's own statement against ours. Nothing is kept of the file."""
    form = TheirsForm(request.POST, request.FILES)
    places = overview.paid_out(merchant_id=_id(request))
    if not form.is_valid() or not places:
        return _show(request, form, status=422)
    month = _asked(request, places)
    ours = overview.by_order(merchant_id=_id(request), month=month)
    currency = next((currency for _amount, currency in ours.values()), CURRENCY)
    try:
        theirs = _read(form.cleaned_data["file"], currency)
    except Refusal as refusal:
        form.add_error("file", payout_words.unreadable(refusal))
        return _show(request, form, status=422)
    found = list(differences(ours, theirs, currency=currency))
    compared = {
        "lines": len(theirs),
        "count": len(found),
        "shown": [_said(one) for one in found[:SHOWN]],
        "amount": sum(one.amount for one in found),
        "currency": currency,
    }
    return _show(request, form, compared=compared)


def statement_file(kind: str, *, merchant_id: int, month: Month, name: str) -> HttpResponse:
    """This will hand a month's entries over as CSV or as an Excel workbook, to the merchant or to the platform."""
    rows = (_row(one, month) for one in overview.every_entry(merchant_id=merchant_id, month=month))
    return _sent(kind, STATEMENT, rows, f"{name}-{month.first:%Y-%m}")


def _show(request: Any, form: TheirsForm, *, status: int = 200, **more: Any) -> HttpResponse:
    places = overview.paid_out(merchant_id=_id(request))
    if not places:
        return page(request, "web/payouts/none.html", room="refunds")
    month = _asked(request, places)
    found = overview.sums(merchant_id=_id(request), month=month)
    rows, following = overview.orders(
        merchant_id=_id(request), month=month, cursor=request.GET.get("apres") or None
    )
    return page(
        request,
        "web/payouts/page.html",
        room="refunds",
        status=status,
        month=month,
        places=[_tab(place, month) for place in places],
        sums=[sums_said(currency, kinds) for currency, kinds in found.items()],
        rows=[shown(one) for one in rows],
        after=_address(month, apres=following) if following else "",
        before_url=_address(Month(month.channel, month.before)),
        after_url=_address(Month(month.channel, month.following)) if _is_past(month) else "",
        query=urlencode({"canal": month.channel.code, "mois": f"{month.first:%Y-%m}"}),
        form=form,
        **more,
    )


def _asked(request: Any, places: list[Any]) -> Month:
    code = request.GET.get("canal", "")
    channel = next(
        (place for place in places if place.code == code), places[0] if not code and places else None
    )
    if channel is None:
        raise Refusal("not_found", "no such channel")
    today = datetime.now(ZoneInfo(channel.timezone)).date()
    try:
        first = datetime.strptime(request.GET.get("mois", ""), "%Y-%m").date()  # noqa: DTZ007
    except ValueError:
        first = today.replace(day=1)
    return Month(channel, first if date(2000, 1, 1) <= first <= today else today.replace(day=1))


def _is_past(month: Month) -> bool:
    return month.following <= datetime.now(ZoneInfo(month.channel.timezone)).date()


def _address(month: Month, **more: Any) -> str:
    asked = {"canal": month.channel.code, "mois": f"{month.first:%Y-%m}", **more}
    return f"{reverse('web:payouts')}?{urlencode(asked)}"


def _tab(place: Any, month: Month) -> dict[str, Any]:
    here = place.code == month.channel.code
    return {"label": place.name, "url": _address(Month(place, month.first)), "current": here}


def sums_said(currency: str, kinds: dict[str, dict[str, int]]) -> dict[str, Any]:
    """This will put a month's sums of one currency into the lines of a receipt."""
    lines = [(payout_words.KIND[kind], kinds[kind]["amount"]) for kind in KINDS if kinds[kind]["amount"]]
    kept = kinds[KEPT]
    return {
        "currency": currency,
        "lines": lines,
        "net": sum(each["amount"] for each in kinds.values()),
        "kept": kept["about"],
        "kept_count": kept["entries"],
    }


def shown(one: dict[str, Any]) -> dict[str, Any]:
    """This will put what proves an order's entries into words."""
    return {**one, "proofs": [_proof(evidence) for evidence in one["evidence"]]}


def _proof(evidence: dict[str, Any]) -> dict[str, Any]:
    return {
        "asked_by": payout_words.ASKED_BY.get(evidence.get("initiated_by", ""), ""),
        "reason": words.REASON.get(evidence.get("reason", ""), ""),
        "case": evidence.get("case_reference", ""),
        "case_at": datetime.fromisoformat(evidence["case_at"]) if evidence.get("case_at") else None,
    }


def _said(one: Difference) -> dict[str, Any]:
    return {
        "order": one.order,
        "what": payout_words.ONE[one.kind],
        "ours": one.ours,
        "theirs": one.theirs,
        "amount": one.amount,
    }


def _row(one: dict[str, Any], month: Month) -> dict[str, Exported]:
    evidence, clock = one["evidence"], ZoneInfo(month.channel.timezone)
    return {
        "at": one["entered_at"].astimezone(clock),
        "order": one["number"],
        "kind": capfirst(str(payout_words.ONE[one["kind"]])),
        "amount": _major(one["amount_minor"], one["currency"]),
        "kept": _major(one["about_minor"], one["currency"]) if one["kind"] == KEPT else "",
        "currency": one["currency"],
        "asked_by": str(payout_words.ASKED_BY.get(evidence.get("initiated_by", ""), "")),
        "reason": capfirst(str(words.REASON.get(evidence.get("reason", ""), ""))),
        "case": evidence.get("case_reference", ""),
        "case_at": _instant(evidence.get("case_at"), clock),
        "cancellation": str(one["cancellation_id"] or ""),
    }


def _evidence(one: dict[str, Any], month: Month, desk: Desk) -> dict[str, Exported]:
    clock = ZoneInfo(month.channel.timezone)
    return {
        "order": one["number"],
        "articles": one["articles"] or "",
        "cancellation": str(one["cancellation"]),
        "at": one["at"].astimezone(clock),
        "by": desk.name_of(one["by"]),
        "asked_by": str(payout_words.ASKED_BY[one["initiated_by"]]),
        "reason": capfirst(str(words.REASON.get(one["reason"], one["reason"]))),
        "official": gettext("oui") if one["official_request"] else gettext("non"),
        "route": one["route"] or "",
        "requested_at": _instant(one["requested_at"], clock),
        "proof": one["evidence"] or "",
        "case": one["case_reference"] or one["request_case"] or "",
        "case_at": _instant(one["case_at"], clock),
        "messages": one["messages"] or "",
        "refunded": _major(one["refund_minor"], one["currency"]),
        "kept": _major(one["about_minor"], one["currency"]),
        "currency": one["currency"],
    }


def _sent(kind: str, columns: dict[str, Any], rows: Iterable[dict[str, Exported]], name: str) -> HttpResponse:
    headings = {column: str(heading) for column, heading in columns.items()}
    stream: Iterator[Any]
    if kind == "csv":
        stream = csv_stream(columns=headings, rows=rows)
    else:
        stream = xlsx_stream(columns=headings, rows=rows, sheet=gettext("Relevé"))
    answer: Any = StreamingHttpResponse(stream, content_type=CSV if kind == "csv" else XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _read(file: Any, currency: str) -> dict[tuple[str, str], int]:
    """Their lines added up; the file is read line by line, whatever mark and separator it has."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    try:
        heading = text.readline()
        mark = ";" if heading.count(";") > heading.count(",") else ","
        names = next(csv.reader([heading], delimiter=mark), [])
        rows = csv.DictReader(text, fieldnames=names, delimiter=mark, strict=True)
        return added_up(rows, columns_of(names), currency=currency)
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refusal("not_a_text_file", "CSV in UTF-8 is needed", field="file") from error


def _major(minor: int, currency: str) -> Decimal:
    return Decimal(minor).scaleb(-money.exponent(currency))


def _instant(value: Any, clock: ZoneInfo) -> Exported:
    if not value:
        return ""
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.astimezone(clock if at.tzinfo else UTC)


def _id(request: Any) -> int:
    return int(request.desk.merchant_id)
