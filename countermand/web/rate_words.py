"""A channel's rate explained: what it says, what it is made of, what one more would do, and what leaves it."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from countermand.performance.behind import Said
from countermand.performance.guard import Leaving, back_below, steps
from countermand.performance.rules import Rate
from countermand.web import counting_words, findings, readable
from countermand.web.figures_table import ratio

STEPS = 5
MOST_LEAVING = 10


def explained(rate: Rate, *, said: Sequence[Said], ahead: Sequence[Leaving], more: int = 0) -> dict[str, Any]:
    """This will put into words what the page of a rate shows; `more`: how many more the reader asks about."""
    return {
        "rate": findings.per_cent(rate.before),
        "ratio": ratio(rate.cancelled, rate.total, rate.unit),
        "rate_share": Decimal(rate.cancelled) / rate.total if rate.total else Decimal(0),
        "limit_share": Decimal(rate.limit) / 100 if rate.limit else None,
        "verdict": rate.verdict,
        "room_left": room_left(rate),
        "whys": _whys(said, rate),
        "steps": [_step(each.course, each.rate) for each in steps(rate, most=STEPS)],
        "asked_more": more,
        "asked_step": _step(str(more), rate.with_more(more)) if more else None,
        "leaving": _leaving(ahead),
        "back_below": back_below(ahead) if rate.judged and rate.breached else None,
    }


def room_left(rate: Rate) -> str:
    """This will say how far the limit is in what a merchant counts, "" where there is none."""
    if rate.room is None or not rate.judged:
        return ""
    if rate.breached:
        return _("la limite n'est plus tenue")
    if not rate.room:
        return _("la prochaine annulation atteint la limite")
    return ngettext(
        "encore %(n)s annulation possible sous la limite",
        "encore %(n)s annulations possibles sous la limite",
        rate.room,
    ) % {"n": readable.number(rate.room)}


def _step(more: str, rate: Rate) -> dict[str, Any]:
    return {
        "more": more,
        "rate": findings.per_cent(rate.before),
        "verdict": counting_words.VERDICT[rate.verdict] if rate.limit or rate.verdict != "below" else "",
        "tone": counting_words.VERDICT_TONE[rate.verdict],
    }


def _whys(said: Sequence[Said], rate: Rate) -> list[dict[str, Any]]:
    """What counts first, most first; each by why."""
    units: dict[tuple[bool, str], int] = defaultdict(int)
    for each in said:
        units[each.counts, each.why] += each.articles if rate.unit == "article" else each.orders
    return [
        {"counts": counts, "why": counting_words.WHY.get(why, why), "n": n}
        for (counts, why), n in sorted(units.items(), key=lambda one: (not one[0][0], -one[1], one[0][1]))
    ]


def _leaving(ahead: Sequence[Leaving]) -> list[dict[str, Any]]:
    """The days on which something cancelled leaves: the rate falls on those."""
    days = [each for each in ahead if each.leaves.cancelled and each.rate.total][:MOST_LEAVING]
    return [
        {
            "day": each.day,
            "cancelled": each.leaves.cancelled,
            "total": each.leaves.total,
            **_step("", each.rate),
        }
        for each in days
    ]
