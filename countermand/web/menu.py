"""The rooms of the back office, in the order of the day."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Room:
    """A line of the menu. `short` is its word on a phone; `key` names its address and its count."""

    key: str
    word: Any
    short: Any
    icon: str


ROOMS = (
    Room("to_do", _("À traiter"), _("À traiter"), "inbox"),
    Room("orders", _("Commandes"), _("Commandes"), "package"),
    Room("items", _("Produits et stock"), _("Stock"), "boxes"),
    Room("refunds", _("Remboursements"), _("Rembours."), "hand-coins"),
    Room("performance", _("Performance"), _("Perf."), "chart-line"),
    Room("settings", _("Réglages"), _("Réglages"), "settings"),
)


def lines(*, path: str, room: str = "", counts: dict[str, int] | None = None) -> list[dict[str, Any]]:
    """This will give the lines of the menu for a reader who is at `path`.

    `room` says where we are when the path does not. A room without a page yet leads nowhere (`url` empty).
    """
    found = []
    for each in ROOMS:
        try:
            url = reverse(f"web:{each.key}")
        except NoReverseMatch:
            url = ""
        here = each.key == room or bool(
            not room and url and path.startswith(url) and (url != "/" or path == "/")
        )
        found.append({"room": each, "url": url, "here": here, "count": (counts or {}).get(each.key, 0)})
    return found
