"""Parts made of numbers: receipt lines, differences, rates, progress, charts."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from countermand.web import readable

register = template.Library()

NEAR_LIMIT = Decimal("0.8")  # of the limit: from here on a rate is worth a look


@dataclass(frozen=True)
class Bar:
    """One bar: its name, its length, and the figure that stands beside it."""

    label: str
    value: float
    text: str


@dataclass(frozen=True)
class Point:
    """One point of a line: when, how high, and its figure in words."""

    label: str
    value: float
    text: str


@register.simple_tag
def money_line(
    label: str, minor: int | None, currency: str, note: str = "", was: int | None = None, total: bool = False
) -> SafeString:
    """{% money_line "Livraison" 490 "EUR" note="part des 2 articles" was=990 total=False %} — within {% receipt %}."""
    return render_to_string(
        "web/parts/money_line.html",
        {
            "label": label,
            "amount": "" if minor is None else readable.money(minor, currency),
            "was": "" if was is None or was == minor else readable.money(was, currency),
            "note": note,
            "total": total,
        },
    )


@register.simple_tag
def diff_line(label: str, old: str, new: str) -> SafeString:
    """{% diff_line "En stock" "4" "6" %} — within {% receipt %}; the old is struck, the new stands beside it."""
    return render_to_string("web/parts/diff_line.html", {"label": label, "old": old, "new": new})


@register.simple_tag
def meter(
    label: str,
    share: float | Decimal,
    limit: float | Decimal,
    before: float | Decimal | None = None,
    note: str = "",
) -> SafeString:
    """{% meter "Taux d'annulation Rakuten" 0.043 0.05 before=0.039 %} — shares; the limit is marked, the verdict said."""
    # Decimals by way of their words: 0.04 is exactly eight tenths of 0.05 to whoever reads it.
    rate, bound = Decimal(str(share)), Decimal(str(limit))
    start = rate if before is None else Decimal(str(before))
    full = max(float(bound) * 1.6, float(rate) * 1.1, float(start) * 1.1, 0.0001)
    tone, verdict = "done", gettext("sous la limite")
    if rate > bound:
        tone, verdict = "danger", gettext("au-dessus de la limite")
    elif rate == bound:  # it has to stay below: at the limit it is broken (RK-10)
        tone, verdict = "danger", gettext("limite atteinte")
    elif rate >= bound * NEAR_LIMIT:
        tone, verdict = "attention", gettext("près de la limite")
    low, high = sorted((start, rate))
    return render_to_string(
        "web/parts/meter.html",
        {
            "label": label,
            "now": readable.percent(rate),
            "before": "" if before is None or start == rate else readable.percent(start),
            "limit": readable.percent(bound, 0 if bound * 100 % 1 == 0 else 1),
            "tone": tone,
            "verdict": verdict,
            "note": note,
            "fill": _percent(float(low), full),
            "more_at": _percent(float(low), full),
            "more": _percent(float(high - low), full),
            "limit_at": _percent(float(bound), full),
        },
    )


@register.simple_tag
def progress(done: int, total: int, failed: int = 0, label: str = "") -> SafeString:
    """{% progress done=740 total=1000 failed=3 label="Annulations du fichier" %}"""
    return render_to_string(
        "web/parts/progress.html",
        {
            "done": done,
            "total": total,
            "failed": failed,
            "label": label,
            "done_text": readable.number(done),
            "total_text": readable.number(total),
            "failed_text": readable.number(failed),
        },
    )


@register.simple_tag
def bar_chart(finding: str, bars: Sequence[Bar], note: str = "") -> SafeString:
    """{% bar_chart "Les ruptures font 61 % des annulations" bars %} — bars: figures.Bar(label, value, text), largest first.

    The chart is a table whose middle column is drawn, so it reads aloud as it looks.
    """
    longest = max((bar.value for bar in bars), default=0) or 1
    rows = [{"bar": bar, "width": _percent(bar.value, longest)} for bar in bars]
    return render_to_string("web/parts/bar_chart.html", {"finding": finding, "rows": rows, "note": note})


@register.simple_tag
def line_chart(
    finding: str,
    points: Sequence[Point],
    limit: float | None = None,
    limit_text: str = "",
    heading: str = "",
    note: str = "",
) -> SafeString:
    """{% line_chart "Le taux baisse depuis mars" points limit=0.05 limit_text="limite 5 %" heading="Mois" %}

    points: figures.Point(label, value, text), oldest first. The numbers stand below, folded.
    """
    if not points:
        return SafeString("")
    top = max([point.value for point in points] + [limit or 0]) * 1.15 or 1
    last = len(points) - 1
    right = 86.0  # the rest of the width is for the figure at the line's end
    placed = [(right * i / (last or 1), 100 - 100 * p.value / top) for i, p in enumerate(points)]
    shown = sorted({0, last // 2, last})
    facts: dict[str, Any] = {
        "finding": finding,
        "points": points,
        "path": " ".join(f"{x:.2f},{y:.2f}" for x, y in placed),
        "last": points[-1],
        "last_x": f"{placed[-1][0]:.2f}%",
        "last_y": f"{placed[-1][1] * 0.85:.2f}%",
        "ticks": [
            {"x": f"{placed[i][0]:.2f}%", "label": points[i].label, "anchor": _anchor(i, last)} for i in shown
        ],
        "limit_y": "" if limit is None else f"{(100 - 100 * limit / top) * 0.85:.2f}%",
        "limit_text": limit_text,
        "right": f"{right}%",
        "heading": heading,
        "note": note,
    }
    return render_to_string("web/parts/line_chart.html", facts)


def _anchor(position: int, last: int) -> str:
    return "start" if position == 0 else "end" if position == last else "middle"


def _percent(part: float, whole: float) -> str:
    return f"{max(0.0, min(100.0, 100 * float(part) / float(whole))):.2f}%"
