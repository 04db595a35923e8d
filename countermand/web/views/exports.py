"""The list that stands on the page, as a file: the same search, the same order, the same things hidden."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from countermand.files.exporting import CSV, MOST_EXCEL_ROWS, XLSX, Exported, csv_stream, xlsx_stream
from countermand.overview.orders import order_list
from countermand.refusals import Refusal
from countermand.saved_views.queries import views_of
from countermand.web import notices, order_search, refusal_words, words
from countermand.web.access import Desk, member_view
from countermand.web.states import saying

PAGE = 250

COLUMNS = {
    "number": _("Commande"),
    "channel": _("Canal"),
    "placed_at": _("Passée le"),
    "status": _("État"),
    "payment": _("Paiement"),
    "customer": _("Client"),
    "email": _("E-mail"),
    "articles": _("Articles"),
    "cancelled": _("Annulés"),
    "reason": _("Motif d'annulation"),
    "risk": _("Risque de fraude"),
    "currency": _("Devise"),
    "total": _("Total"),
    "captured": _("Encaissé"),
    "refunded": _("Remboursé"),
    "in_flight": _("En route"),
    "to_give_back": _("À rembourser"),
    "due": _("Reste dû"),
}


@member_view("read")
@require_safe
def orders_csv(request: Any) -> HttpResponse:
    """This will send the orders of a search as CSV, line by line while they are read."""
    return _sent(request, kind="csv")


@member_view("read")
@require_safe
def orders_xlsx(request: Any) -> HttpResponse:
    """This will send the orders of a search as an Excel workbook."""
    return _sent(request, kind="xlsx")


def _sent(request: Any, *, kind: str) -> Any:
    desk: Desk = request.desk
    asked = order_search.read(request.GET, views_of(member=desk.member))
    try:
        first = _page(desk.merchant_id, asked.q, None)
    except Refusal as refusal:
        notices.say(request, refusal_words.say(refusal), tone="attention")
        return redirect(order_search.address(asked))
    clock = ZoneInfo(desk.merchant.timezone)
    rows = _rows(desk.merchant_id, asked.q, first, clock)
    columns = {name: str(heading) for name, heading in COLUMNS.items()}
    stream: Any
    if kind == "csv":
        stream = csv_stream(columns=columns, rows=rows)
    else:
        # One more row says that the list went on: nobody takes a part for the whole.
        note = gettext("La liste continue : %(most)s commandes au plus par fichier Excel. Prenez le CSV.")
        rows = _cut(rows, note % {"most": MOST_EXCEL_ROWS})
        stream = xlsx_stream(columns=columns, rows=rows, sheet=gettext("Commandes"))
    answer = StreamingHttpResponse(stream, content_type=CSV if kind == "csv" else XLSX)
    name = f"{gettext('commandes')}-{datetime.now(clock):%Y-%m-%d}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _page(merchant_id: int, q: str, cursor: str | None) -> dict[str, Any]:
    return order_list(merchant_id=merchant_id, q=q, limit=PAGE, cursor=cursor)


def _rows(merchant_id: int, q: str, found: dict[str, Any], clock: ZoneInfo) -> Iterator[dict[str, Exported]]:
    while True:
        # AZ-12: what is being verified stands in no report of orders yet.
        yield from (_row(row, clock) for row in found["items"] if row["status"] != "pending")
        if not found["next"]:
            return
        found = _page(merchant_id, q, found["next"])


def _cut(rows: Iterator[dict[str, Exported]], note: str) -> Iterator[dict[str, Exported]]:
    for count, row in enumerate(rows, 1):
        if count == MOST_EXCEL_ROWS:
            yield from chain([row] if next(rows, None) is None else [{"number": note}])
            return
        yield row


def _row(row: dict[str, Any], clock: ZoneInfo) -> dict[str, Exported]:
    amounts = {
        name: Decimal(row["money"][name])
        for name in ("total", "captured", "refunded", "in_flight", "to_give_back", "due")
    }
    return {
        "number": row["number"],
        "channel": row["channel_name"],
        "placed_at": datetime.fromisoformat(row["placed_at"]).astimezone(clock),
        "status": capfirst(str(saying("order_state", row["state"]).word)),
        "payment": capfirst(str(words.PAYMENT_STATUS[row["payment_status"]])),
        "customer": row["customer"]["name"],
        "email": row["customer"]["email"],
        "articles": row["articles"],
        "cancelled": row["cancelled_articles"],
        "reason": capfirst(str(words.REASON.get(row["cancel_reason"], ""))),
        "risk": ""
        if row["risk_level"] == "low"
        else str(order_search.RISK.get(row["risk_level"], row["risk_level"])),
        "currency": row["currency"],
        **amounts,
    }
