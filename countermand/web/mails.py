"""What the buyer will read and get, as the desk shows it: the mail's text, and when money arrives."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext

from countermand.correspondence.blocks import WIDTH
from countermand.correspondence.delays import AT_ONCE, BY_HAND, DELAYS, arrival
from countermand.web import readable, words


def flowing(text: str) -> str:
    """This will take out the line breaks that only wrap: those before a word for which there was no room."""
    lines: list[str] = []
    room = WIDTH
    for line in text.splitlines():
        first = line.strip().split(" ")[0]
        goes_on = lines and lines[-1] and line.strip() and not line.startswith("- ") and len(first) >= room
        if goes_on:
            lines[-1] += " " + line.strip()
        else:
            lines.append(line)
        room = WIDTH - len(line)
    return "\n".join(lines)


def by_which_way(amount: str, how: str, paid_by: str, at: datetime, digits: str = "") -> str:
    """This will say where an amount goes and about when it arrives: "32,40 € sur la carte •4242, vers le 26" (SH-18).

    `digits`: the last ones of the card that it was paid with, where they are known.
    """
    today = timezone.localtime(at).date()
    coming = arrival(how=how, method=paid_by, leaves_on=today)
    where = words.onto(method=how, paid_by=paid_by)
    if digits and how == "original" and paid_by == "card":
        where = gettext("sur la carte •%(digits)s") % {"digits": digits}
    by_when = {AT_ONCE: gettext("tout de suite"), BY_HAND: gettext("au plus tard le %(on)s")}.get(
        DELAYS[coming.means], gettext("vers le %(on)s")
    )
    return f"{amount} {where}, {by_when % {'on': readable.day_near(coming.last, today)}}"
