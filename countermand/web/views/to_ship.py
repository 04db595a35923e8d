"""What is to be shipped, as a file for whoever packs: one line per article, the most urgent first (AZ-12)."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from countermand.files.exporting import CSV, MOST_EXCEL_ROWS, XLSX, Exported, csv_stream, xlsx_stream
from countermand.overview.orders.to_ship import to_ship
from countermand.web.access import Desk, member_view

COLUMNS = {
    "ship_by": _("À expédier avant le"),
    "number": _("Commande"),
    "channel": _("Canal"),
    "placed_at": _("Passée le"),
    "hold": _("À retenir"),
    "line": _("Ligne"),
    "sku": _("Référence"),
    "title": _("Article"),
    "units": _("Unités"),
    "name": _("Client"),
    "line1": _("Adresse"),
    "line2": _("Complément"),
    "postal_code": _("Code postal"),
    "city": _("Ville"),
    "country": _("Pays"),
    "phone": _("Téléphone"),
}
HOLD = {
    "": "",
    "request": _("le client demande l'annulation : n'expédiez pas"),
    "unofficial": _("le client demande l'annulation, sans demande officielle : répondez d'abord"),
    "fraud": _("fraude soupçonnée : n'expédiez pas"),
}


@member_view("read")
@require_safe
def to_ship_csv(request: Any) -> HttpResponse:
    """This will send what is to be shipped as CSV, line by line while it is read."""
    return _sent(request.desk, kind="csv")


@member_view("read")
@require_safe
def to_ship_xlsx(request: Any) -> HttpResponse:
    """This will send what is to be shipped as an Excel workbook: its first rows are the most urgent."""
    return _sent(request.desk, kind="xlsx")


def _sent(desk: Desk, *, kind: str) -> Any:
    clock = ZoneInfo(desk.merchant.timezone)
    columns = {name: str(heading) for name, heading in COLUMNS.items()}
    rows = _rows(desk.merchant_id, clock)
    stream: Any
    if kind == "csv":
        stream = csv_stream(columns=columns, rows=rows)
    else:
        stream = xlsx_stream(columns=columns, rows=islice(rows, MOST_EXCEL_ROWS), sheet=gettext("À expédier"))
    answer = StreamingHttpResponse(stream, content_type=CSV if kind == "csv" else XLSX)
    name = f"{gettext('a-expedier')}-{datetime.now(clock):%Y-%m-%d}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _rows(merchant_id: int, clock: ZoneInfo) -> Iterator[dict[str, Exported]]:
    for each in to_ship(merchant_id=merchant_id):
        where = each["address"]
        yield {
            "ship_by": each["ship_by"].isoformat() if each["ship_by"] else "",
            "number": each["number"],
            "channel": each["channel"],
            "placed_at": each["placed_at"].astimezone(clock),
            "hold": str(HOLD[each["hold"]]),
            "line": each["reference"],
            "sku": each["sku"],
            "title": each["title"],
            "units": each["units"],
            "name": where.get("name") or each["customer"]["name"],
            **{part: where.get(part) or "" for part in ("line1", "line2", "postal_code", "city", "country")},
            "phone": where.get("phone") or each["customer"]["phone"],
        }
