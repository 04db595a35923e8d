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


def by_which_way(amount: str, how: str, paid_by: str, at: datetime) -> str:
    """This will say where an amount goes and about when it arrives: "32,40 € sur la carte, vers le 26" (SH-18)."""
    coming = arrival(how=how, method=paid_by, leaves_on=timezone.localtime(at).date())
    said = f"{amount} {words.onto(method=how, paid_by=paid_by)}"
    if DELAYS[coming.means] in (AT_ONCE, BY_HAND):
        return said
    return gettext("%(what)s, vers le %(on)s") % {"what": said, "on": readable.day(coming.last)}
