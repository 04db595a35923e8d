"""The figures of a period as words beside the charts, and as a file: CSV or an Excel workbook."""

import csv
import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from countermand import money
from countermand.files.guarding import guarded
from countermand.performance.levers import LEVER
from countermand.performance.report import Part, Performance
from countermand.performance.rules import percentage
from countermand.web import findings, readable, words

CSV_MIME = "text/csv; charset=utf-8"
EXCEL_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Cell = str | int | Decimal
Sheet = tuple[str, list[str], list[list[Cell]]]


def shown(found: Performance) -> dict[str, Any]:
    """This will put the first figures in words: the rate with both its numbers, and what is kept."""
    rate, kept, visits = found.rate, found.kept, found.visits
    facts: dict[str, Any] = {
        "rate": findings.per_cent(rate.before),
        "rate_share": Decimal(rate.cancelled) / rate.total if rate.total else Decimal(0),
        "limit_share": Decimal(rate.limit) / 100 if rate.limit else None,
        "warn": readable.percent(Decimal(rate.warn) / 100, 0 if Decimal(rate.warn) % 1 == 0 else 1)
        if rate.warn
        else "",
        "ratio": ratio(rate.cancelled, rate.total, found.unit),
        "before": findings.per_cent(found.before.before) if found.before.total else "",
        "before_ratio": ratio(found.before.cancelled, found.before.total, found.unit),
        "room_left": findings.of_room(found),
        "kept_share": readable.percent(kept.orders / kept.placed, 1) if kept.placed else "–",
        "kept_articles_share": readable.percent(kept.articles / kept.articles_placed, 1)
        if kept.articles_placed
        else "–",
    }
    if visits.visits:
        facts |= {
            "conversion": readable.percent(visits.placed / visits.visits, 2),
            "conversion_kept": readable.percent(visits.kept / visits.visits, 2),
        }
    return facts


def ratio(cancelled: int, total: int, unit: str) -> str:
    """This will write both numbers of a rate in its unit."""
    said = {"cancelled": readable.number(cancelled), "total": readable.number(total)}
    if unit == "article":
        return (
            ngettext(
                "%(cancelled)s article annulé sur %(total)s",
                "%(cancelled)s articles annulés sur %(total)s",
                cancelled,
            )
            % said
        )
    return (
        ngettext(
            "%(cancelled)s commande annulée sur %(total)s",
            "%(cancelled)s commandes annulées sur %(total)s",
            cancelled,
        )
        % said
    )


def written(found: Performance, *, kind: str, name_of: Callable[[str], str]) -> tuple[bytes, str]:
    """This will write all figures as `csv` (one table, a first column naming its part) or `xlsx` (a sheet each)."""
    sheets = list(_sheets(found, name_of))
    return (_csv(sheets), CSV_MIME) if kind == "csv" else (_excel(sheets), EXCEL_MIME)


def _sheets(found: Performance, name_of: Callable[[str], str]) -> Iterator[Sheet]:
    rate = found.rate
    yield (
        _("Taux"),
        [_("Du"), _("Au"), _("Canal"), _("Unité"), _("Annulées"), _("Passées"), _("Taux %"), _("Limite %")],
        [
            [
                *(found.period.first.isoformat(), found.period.last.isoformat()),
                found.channel.name if found.channel else _("tous"),
                _("article") if found.unit == "article" else _("commande"),
                *(
                    rate.cancelled,
                    rate.total,
                    Decimal(rate.before),
                    Decimal(rate.limit) if rate.limit else "",
                ),
            ]
        ],
    )
    yield (
        _("Semaines"),
        [_("Du"), _("Au"), _("Passées"), _("Annulées"), _("Taux %")],
        [
            [
                *(week.first.isoformat(), week.last.isoformat()),
                *(week.rate.total, week.rate.cancelled, Decimal(week.rate.before)),
            ]
            for week in found.weeks
        ],
    )
    heads = [_("Commandes"), _("Articles"), _("Compte dans le taux"), _("Taux %")]
    yield (
        _("Motifs"),
        [_("Motif"), _("Famille"), _("Levier"), *heads],
        [
            [
                str(words.REASON[part.key]),
                str(words.FAMILY[_family(part.key)]),
                str(findings.LEVER_WORD[LEVER[part.key]]),
                *_numbers(part, found),
            ]
            for part in found.reasons
        ],
    )
    yield (
        _("Demandées par"),
        [_("Qui a voulu annuler"), *heads],
        [[str(findings.ASKED_WORD[part.key]), *_numbers(part, found)] for part in found.asked],
    )
    yield (
        _("Équipe"),
        [_("Qui l'a enregistrée"), *heads],
        [[name_of(part.key), *_numbers(part, found)] for part in found.members],
    )
    yield (
        _("Articles"),
        [_("Référence"), _("Article"), _("Commandes"), _("Unités"), _("Valeur"), _("Devise")],
        [[part.key, part.title, part.orders, part.articles, *_worth(part)] for part in found.items],
    )
    yield (
        _("Canaux"),
        [_("Canal"), _("Passées"), _("Annulées"), _("Taux %"), _("Limite %")],
        [
            [
                each.name,
                its.total,
                its.cancelled,
                Decimal(its.before),
                Decimal(its.limit) if its.limit else "",
            ]
            for each, its in found.channels
        ],
    )
    yield (
        _("Ventes"),
        [_("Devise"), _("Ventes passées"), _("Annulé"), _("Remboursé en plus"), _("Ventes nettes")],
        [
            [
                sales.currency,
                *(
                    Decimal(money.plain(amount, sales.currency))
                    for amount in (sales.gross, -sales.cancelled, -sales.refunded, sales.net)
                ),
            ]
            for sales in found.sales
        ],
    )


def _family(reason: str) -> str:
    from countermand.reasons import REASONS

    return REASONS[reason].family


def _numbers(part: Part, found: Performance) -> list[Cell]:
    rate = Decimal(percentage(part.cancelled, found.rate.total))
    return [part.orders, part.articles, part.cancelled, rate]


def _worth(part: Part) -> list[Cell]:
    for currency, amount in part.amounts.items():
        return [Decimal(money.plain(amount, currency)), currency]
    return ["", ""]


def _csv(sheets: list[Sheet]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    for name, heads, rows in sheets:
        writer.writerow([guarded(text=name), *heads])
        for row in rows:
            writer.writerow([name, *(guarded(text=cell) if isinstance(cell, str) else cell for cell in row)])
        writer.writerow([])
    # With a byte order mark, without which Excel takes UTF-8 for something else.
    return text.getvalue().encode("utf-8-sig")


def _excel(sheets: list[Sheet]) -> bytes:
    content = io.BytesIO()
    safe = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(content, safe) as book:
        strong = book.add_format({"bold": True})
        for name, heads, rows in sheets:
            sheet = book.add_worksheet(name[:31])
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, heads, strong)
            for number, row in enumerate(rows, 1):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, column, guarded(text=cell))
                    else:
                        sheet.write_number(number, column, cell)
            sheet.autofit()
    return content.getvalue()
