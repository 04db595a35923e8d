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
    Room("requests", _("Demandes"), _("Demandes"), "message-square-x"),
    Room("messages", _("Messages"), _("Messages"), "messages-square"),
    Room("items", _("Produits et stock"), _("Stock"), "boxes"),
    Room("refunds", _("Remboursements"), _("Rembours."), "hand-coins"),
    Room("performance", _("Performance"), _("Perf."), "chart-line"),
    Room("settings", _("Réglages"), _("Réglages"), "settings"),
)
# The same for a marketplace's own staff.
OPERATOR = (
    Room("operator", _("Commerçants"), _("Commerçants"), "store"),
    Room("operator_alerts", _("Alertes"), _("Alertes"), "bell"),
    Room("operator_suspensions", _("Suspensions"), _("Suspens."), "ban"),
    Room("operator_service", _("Service client"), _("Service"), "hand-coins"),
    Room("operator_tickets", _("Tickets"), _("Tickets"), "life-buoy"),
    Room("operator_payouts", _("Versements"), _("Versem."), "landmark"),
)


def lines(
    *, path: str, room: str = "", counts: dict[str, int] | None = None, rooms: tuple[Room, ...] = ROOMS
) -> list[dict[str, Any]]:
    """This will give the lines of the menu for a reader who is at `path`.

    `room` says where we are when the path does not. A room without a page yet leads nowhere (`url` empty).
    """
    found = []
    for each in rooms:
        try:
            url = reverse(f"web:{each.key}")
        except NoReverseMatch:
            url = ""
        here = each.key == room or bool(
            not room and url and path.startswith(url) and (url != "/" or path == "/")
        )
        found.append({"room": each, "url": url, "here": here, "count": (counts or {}).get(each.key, 0)})
    return found
