"""The charts of a period: parts become bars with words, figures and the orders behind them."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from babel import dates
from django.urls import reverse
from django.utils.translation import gettext as _

from countermand.performance.report import Part, Performance, Week
from countermand.performance.rules import percentage
from countermand.web import findings, readable, words
from countermand.web.parts.charts import Breakdown, Mark, Slice, Trend

NameOf = Callable[[str], str]


def charts(found: Performance, *, name_of: NameOf) -> dict[str, Any]:
    """This will draw up every chart that has something to say; a chart of one bar says nothing."""
    left = [_reasons(found), _items(found)] if found.all else []
    right = [_levers(found), _asked(found), _members(found, name_of)] if found.all else []
    if len(found.channels) > 1:
        left.insert(0, _channels(found))
    columns = [[chart for chart in column if chart] for column in (left, right)]
    return {"trend": _trend(found), "columns": [column for column in columns if column]}


def orders_url(found: Performance, *terms: str, first: Any = None, last: Any = None, code: str = "") -> str:
    """This will address the orders behind a figure: those placed in the period, narrowed by terms."""
    words_of = [f"placed:>={first or found.period.first}", f"placed:<={last or found.period.last}", *terms]
    code = code or (found.channel.code if found.channel else "")
    asked = {"q": " ".join(words_of)} | ({"canal": code} if code else {})
    return f"{reverse('web:orders')}?{urlencode(asked)}"


def short_day(day: Any) -> str:
    """This will write a day without its year: "3 nov."."""
    return dates.format_date(day, "d MMM", locale=readable.locale())


def quoted(word: str, value: str) -> str:
    """This will write a term of the search, quoted where it has spaces."""
    return f'{word}:"{value}"' if " " in value else f"{word}:{value}"


def _trend(found: Performance) -> Trend | None:
    if not found.rate.total:
        return None
    limit = float(found.rate.limit) if found.rate.limit else None
    return Trend(
        id="tendance",
        finding=findings.of_trend(found),
        columns=[_("Semaine du"), _("Passées"), _("Annulées"), _("Taux")],
        marks=[_week(found, week) for week in _since_the_first_sale(found.weeks)],
        limit=limit,
        limit_text="" if limit is None else _("limite %(rate)s") % {"rate": _plain(limit)},
        note=_(
            "Par semaine de commande. Les dernières semaines bougent encore : une commande s'annule après coup."
        ),
    )


def _since_the_first_sale(weeks: Sequence[Week]) -> Sequence[Week]:
    """A shop that opened in June has no line before it."""
    first = next((i for i, week in enumerate(weeks) if week.rate.total), 0)
    return weeks[first:]


def _week(found: Performance, week: Week) -> Mark:
    rate = week.rate
    value = 100 * rate.cancelled / rate.total if rate.total else None
    text = findings.per_cent(rate.before) if rate.total else "–"
    cells = (readable.number(rate.total), readable.number(rate.cancelled), text)
    url = orders_url(found, first=week.first, last=week.last)
    return Mark(short_day(week.first), value, text, cells, url)


def _columns(found: Performance, what: str) -> list[str]:
    return [what, _("Commandes"), _("Articles"), _("Part"), _("Taux"), _("Période d'avant")]


def _cells(part: Part, found: Performance) -> tuple[str, ...]:
    return (
        readable.number(part.orders),
        readable.number(part.articles),
        findings.share(part.all, found.all),
        findings.per_cent(percentage(part.cancelled, found.rate.total)),
        readable.number(part.all_before),
    )


def _slices(
    parts: Sequence[Part], found: Performance, label: Callable[[str], Any], url: Callable[[str], str]
) -> list[Slice]:
    return [
        Slice(
            _upper(label(part.key)),
            part.all,
            _figure(part.all, found.all),
            _cells(part, found),
            url(part.key),
        )
        for part in parts
    ]


def _reasons(found: Performance) -> Breakdown:
    return Breakdown(
        "motifs",
        findings.of_parts(findings.REASON, found.reasons, found.all),
        _columns(found, _("Motif")),
        _slices(
            found.reasons,
            found,
            lambda key: words.REASON[key],
            lambda key: orders_url(found, f"reason:{key}"),
        ),
        _not_counted(found),
    )


def _levers(found: Performance) -> Breakdown:
    return Breakdown(
        "leviers",
        findings.of_parts(findings.LEVER, found.levers, found.all),
        _columns(found, _("Levier")),
        _slices(found.levers, found, lambda key: findings.LEVER_WORD[key], lambda key: ""),
        _("Ce que les motifs montrent : où agir pour annuler moins."),
    )


def _asked(found: Performance) -> Breakdown:
    return Breakdown(
        "demandeurs",
        findings.of_parts(findings.ASKED, found.asked, found.all),
        _columns(found, _("Qui a voulu annuler")),
        _slices(found.asked, found, lambda key: findings.ASKED_WORD[key], lambda key: ""),
    )


def _members(found: Performance, name_of: NameOf) -> Breakdown | None:
    if len(found.members) < 2:
        return None
    return Breakdown(
        "equipe",
        findings.of_members(found, name_of(found.members[0].key)),
        _columns(found, _("Qui l'a enregistrée")),
        _slices(found.members, found, name_of, lambda key: ""),
    )


def _items(found: Performance) -> Breakdown | None:
    if not found.items:
        return None
    whole = sum(part.articles for part in found.asked)
    slices = [
        Slice(
            part.title,
            part.articles,
            _figure(part.articles, whole),
            (
                part.key,
                readable.number(part.orders),
                readable.number(part.articles),
                findings.share(part.articles, whole),
                " + ".join(readable.money(amount, currency) for currency, amount in part.amounts.items())
                or "–",
            ),
            orders_url(found, quoted("sku", part.key)),
        )
        for part in found.items
    ]
    return Breakdown(
        "articles",
        findings.of_items(found),
        [_("Article"), _("Référence"), _("Commandes"), _("Unités"), _("Part"), _("Valeur")],
        slices,
        _("Les dix articles les plus annulés, en unités."),
    )


def _channels(found: Performance) -> Breakdown:
    rated = sorted(found.channels, key=lambda one: -(one[1].cancelled / one[1].total if one[1].total else 0))
    slices = []
    for channel, rate in rated:
        share = 100 * rate.cancelled / rate.total if rate.total else 0.0
        text = findings.per_cent(rate.before) if rate.total else "–"
        limit = _plain(float(rate.limit)) if rate.limit else "–"
        cells = (readable.number(rate.total), readable.number(rate.cancelled), text, limit)
        url = f"{reverse('web:performance')}?{urlencode({'canal': channel.code})}"
        slices.append(Slice(channel.name, share, text, cells, url))
    worst, rate = rated[0]
    said = {"channel": worst.name, "rate": findings.per_cent(rate.before)}
    return Breakdown(
        "canaux",
        _("%(channel)s a le taux le plus haut : %(rate)s") % said,
        [_("Canal"), _("Passées"), _("Annulées"), _("Taux"), _("Limite")],
        slices,
        _("Chaque canal compte à sa façon : commandes ou articles, selon ses conditions."),
    )


def _not_counted(found: Performance) -> str:
    apart = found.all - found.rate.cancelled
    if apart <= 0:
        return ""
    return _("%(n)s ne comptent pas dans le taux, selon les conditions du canal.") % {
        "n": readable.number(apart)
    }


def _figure(part: int, whole: int) -> str:
    return f"{readable.number(part)} · {findings.share(part, whole)}"


def _plain(rate: float) -> str:
    return readable.percent(rate / 100, 0 if rate == int(rate) else 1)


def _upper(word: Any) -> str:
    text = str(word)
    return text[:1].upper() + text[1:]
