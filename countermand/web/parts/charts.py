"""Charts of the Performance page, drawn on the server: one idea each, the finding as title, the figures beneath.

Everything is SVG with classes: no style attribute and no script, as the content policy demands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()

RIGHT = 88.0  # per cent of the width; the rest is for the figure at the line's end
FLOOR = 86.0  # per cent of the height; below stand the weeks
MOST_DOTS = 16
BARS = 6


@dataclass(frozen=True)
class Slice:
    """One bar and its line in the table: what, how long, the figure beside it, more figures, the orders behind."""

    label: str
    value: float
    text: str
    cells: Sequence[str] = ()
    url: str = ""


@dataclass(frozen=True)
class Breakdown:
    """A chart of parts. `columns` head the table beneath: what, then one for each of the cells."""

    id: str
    finding: str
    columns: Sequence[str]
    slices: Sequence[Slice]
    note: str = ""


@dataclass(frozen=True)
class Mark:
    """A point of the trend; `value` None: nothing was sold, so there is no rate."""

    label: str
    value: float | None
    text: str
    cells: Sequence[str] = ()
    url: str = ""


@dataclass(frozen=True)
class Trend:
    """A line over weeks, with the limit as a line of its own. Values and limit are per cent."""

    id: str
    finding: str
    columns: Sequence[str]
    marks: Sequence[Mark]
    limit: float | None = None
    limit_text: str = ""
    note: str = ""
    said: dict[str, Any] = field(default_factory=dict)


@register.simple_tag
def breakdown(chart: Breakdown) -> SafeString:
    """{% breakdown chart %} — bars with their figures, the longest first; all of them in a table beneath."""
    longest = max((part.value for part in chart.slices), default=0) or 1
    bars = [{"part": part, "width": f"{100 * part.value / longest:.2f}%"} for part in chart.slices[:BARS]]
    facts = {"chart": chart, "bars": bars, "rest": len(chart.slices) - len(bars)}
    return render_to_string("web/parts/breakdown.html", facts)


@register.simple_tag
def trend(chart: Trend) -> SafeString:
    """{% trend chart %} — a line; the last and the highest point carry their figure."""
    values = [mark.value for mark in chart.marks if mark.value is not None]
    if not values:
        return SafeString("")
    top = max([*values, chart.limit or 0]) * 1.2 or 1
    last = len(chart.marks) - 1
    placed = [
        (
            RIGHT * i / last if last else RIGHT,
            None if mark.value is None else FLOOR * (1 - mark.value / top),
            mark,
        )
        for i, mark in enumerate(chart.marks)
    ]
    seen = [(x, y, mark) for x, y, mark in placed if y is not None]
    end = seen[-1]
    peak = min(seen, key=lambda one: one[1])
    limit_y = None if chart.limit is None else FLOOR * (1 - chart.limit / top)
    facts = {
        "chart": chart,
        "lines": [" ".join(f"{x:.2f},{y:.2f}" for x, y in run) for run in _runs(placed)],
        "dots": [_at(x, y) for x, y, _ in seen] if len(seen) <= MOST_DOTS else [_at(*end[:2])],
        "end": _at(end[0], end[1]) | {"text": end[2].text},
        "peak": _peak(peak, end, limit_y),
        "ticks": [
            {"x": f"{placed[i][0]:.2f}%", "label": chart.marks[i].label, "anchor": _anchor(i, last)}
            for i in sorted({0, last // 2, last} if last > 1 else {0, last})
        ],
        "right": f"{RIGHT}%",
        "floor": f"{FLOOR}%",
        "limit_y": "" if limit_y is None else f"{limit_y:.2f}%",
    }
    return render_to_string("web/parts/trend.html", facts)


def _at(x: float, y: float) -> dict[str, str]:
    return {"x": f"{x:.2f}%", "y": f"{y:.2f}%"}


def _peak(peak: Any, end: Any, limit_y: float | None) -> dict[str, str] | None:
    """The highest point's figure, unless it is the last one or would lie on the limit's words."""
    x, y, mark = peak
    if mark is end[2] or x > RIGHT * 0.85:
        return None
    if limit_y is not None and x < RIGHT * 0.3 and abs(y - limit_y) < 12:
        return None
    return _at(x, y) | {"text": mark.text, "anchor": "start" if x < 8 else "middle"}


def _runs(placed: Sequence[Any]) -> list[list[tuple[float, float]]]:
    """The line in pieces: it does not jump over weeks in which nothing was sold."""
    runs: list[list[tuple[float, float]]] = [[]]
    for x, y, _ in placed:
        if y is None:
            runs.append([])
        else:
            runs[-1].append((x, y))
    return [run for run in runs if len(run) > 1]


def _anchor(position: int, last: int) -> str:
    return "end" if position == last else "start" if position == 0 else "middle"
